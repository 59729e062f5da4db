/**
 * Settings of an SDK client for the end of a drill: a service that hangs must not keep the others from being reached,
 * since what is not filed, counted or told by then never will be. Left alone, the SDK waits without end.
 */
export const quickCalls = {
  maxAttempts: 3,
  // Without the last, the SDK only warns of a time-out.
  requestHandler: { connectionTimeout: 3000, requestTimeout: 5000, throwOnRequestTimeout: true },
};
