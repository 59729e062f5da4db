import { expect, test } from 'vitest';
import { toCertificateError } from '../../../shared/database/certificates.ts';

const errorOf = (code: string, message: string): Error => Object.assign(new Error(message), { code });

test.each([
  ['of an unknown authority', 'SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'],
  ['of an authority that is not in the bundle', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get it'],
  ['that has expired', 'CERT_HAS_EXPIRED', 'certificate has expired'],
  ['of another host', 'ERR_TLS_CERT_ALTNAME_INVALID', "Host: db. is not in the cert's altnames"],
  ['that mysql2 reports', 'HANDSHAKE_SSL_ERROR', 'unable to verify the first certificate'],
])('a certificate %s: CertificateUntrusted, with the CA bundle', (_, code, message) => {
  const cause = errorOf(code, message);
  expect(toCertificateError('connect to db', cause, 'the RDS bundle')).toMatchObject({
    name: 'CertificateUntrusted',
    summary: `connect to db: the certificate is not trusted: ${message}; checked against the RDS bundle`,
    cause,
  });
});

test.each([
  ['a broken connection', 'ECONNRESET', 'read ECONNRESET'],
  ['a handshake that broke off', 'HANDSHAKE_SSL_ERROR', 'socket disconnected before secure TLS connection'],
  ['an error without a code', '', 'certificate'],
])('%s: no error of a certificate', (_, code, message) => {
  expect(toCertificateError('connect to db', errorOf(code, message))).toBeNull();
});
