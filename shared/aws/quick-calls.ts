/**
 * SDK client settings for the end of a drill. A service that hangs must not block the others: what is not filed, counted
 * or told by then never will be. By default the SDK waits without end.
 */
export const quickCalls = {
  maxAttempts: 3,
  // Without throwOnRequestTimeout, the SDK only warns of a time-out.
  requestHandler: { connectionTimeout: 3000, requestTimeout: 5000, throwOnRequestTimeout: true },
};
