import { DrillError, isDrillError } from '../../../shared/errors.ts';

/** What the SDK says where it finds no credentials, and what AWS answers to those that it does not take. */
const credentialErrors = [
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
];

/** What kept an account from being looked at, as somebody at a terminal can mend it. */
export const explainRefusal = (error: unknown, region: string): unknown => {
  if (!isDrillError(error)) return error;
  const { name, summary, cause } = error;
  const told = cause as { name?: string; code?: string } | undefined;
  if (credentialErrors.includes(told?.name ?? ''))
    return new DrillError('CredentialsUnusable', summary, { cause });
  if (told?.code === 'ENOTFOUND') {
    const hint = `check the name of the Region ${region}, and the network of this machine`;
    return new DrillError(name, summary, { hint, cause });
  }
  if (name !== 'AccessDenied') return error;
  const hint = 'allow the action named; npm run posture -- --policy prints the least policy';
  return new DrillError(name, summary, { hint, cause });
};
