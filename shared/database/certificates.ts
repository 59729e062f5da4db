import { DrillError } from '../errors.ts';

/** Node's codes for a certificate that it does not accept (Node.js documentation, "X509 certificate error codes"). */
const codes = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** mysql2 puts its own code in place of Node's, for every trouble of a handshake. */
const isUntrusted = (code: string, message: string): boolean =>
  codes.has(code) || (code === 'HANDSHAKE_SSL_ERROR' && /certificate/i.test(message));

const nodesBundle = 'the CA bundle of Node.js, with NODE_EXTRA_CA_CERTS';

/**
 * The error of a connection that failed only because of the certificate; null when it failed for another reason.
 * @param what begins the message: what was asked, and where
 * @param bundle the certificate authorities that were trusted, in words
 */
export const toCertificateError = (what: string, error: unknown, bundle = nodesBundle): DrillError | null => {
  const { code = '', message } = error as Error & { code?: string };
  if (!isUntrusted(code, message)) return null;
  const summary = `${what}: the certificate is not trusted: ${message}; checked against ${bundle}`;
  return new DrillError('CertificateUntrusted', summary, { cause: error });
};
