import { DrillError, isDrillError } from '../../../shared/errors.ts';

/** What the SDK says where it finds no credentials, and what AWS answers to those that it does not take. */
const credentialErrors = [
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'SignatureDoesNotMatch',
];

/** A Region that the account has not enabled does not know its keys either. */
const unknownKeyErrors = ['InvalidClientTokenId', 'UnrecognizedClientException'];

/** What kept an account from being looked at, as somebody at a terminal can mend it. */
export const explainRefusal = (error: unknown, region: string): unknown => {
  if (!isDrillError(error)) return error;
  const { name, summary, cause } = error;
  const told = cause as { name?: string; code?: string } | undefined;
  const explain = (hint: string) => new DrillError(name, summary, { hint, cause });
  if (credentialErrors.includes(told?.name ?? ''))
    return new DrillError('CredentialsUnusable', summary, { cause });
  if (unknownKeyErrors.includes(told?.name ?? '')) {
    const hint = `sign in to AWS, or name another profile in AWS_PROFILE; where these work in other Regions, the account has not enabled ${region}`;
    return new DrillError('CredentialsUnusable', summary, { hint, cause });
  }
  if (told?.code === 'ENOTFOUND')
    return explain(`check the name of the Region ${region}, and the network of this machine`);
  switch (name) {
    case 'AwsUnavailable':
      return explain('AWS did not answer: check the network of this machine, and look again');
    case 'Throttled':
      return explain('this account calls AWS too fast just now: look again in a few minutes');
    case 'AccessDenied':
      return explain('allow the action named; npm run posture -- --policy prints the least policy');
    default:
      return error;
  }
};
