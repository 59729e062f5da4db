import { expect, test } from 'vitest';
import { explainRefusal } from '../../../../local/command/posture/refusals.ts';
import { fromAwsError } from '../../../../shared/aws/errors.ts';

const answer = (name: string, code?: string) => Object.assign(new Error('told'), { name, code });

const explain = (cause: unknown) => explainRefusal(fromAwsError('list the clusters', cause), 'eu-wset-1');

test.each([
  ['no credentials', answer('CredentialsProviderError'), 'CredentialsUnusable', 'sign in to AWS'],
  [
    'a Region that is off',
    answer('InvalidClientTokenId'),
    'CredentialsUnusable',
    'has not enabled eu-wset-1',
  ],
  ['no such Region', answer('Error', 'ENOTFOUND'), 'AwsUnavailable', 'name of the Region eu-wset-1'],
  ['no name server', answer('Error', 'EAI_AGAIN'), 'AwsUnavailable', 'network of this machine'],
  ['no network', answer('Error', 'ECONNREFUSED'), 'AwsUnavailable', 'network of this machine'],
  ['AWS is down', answer('InternalFailure'), 'AwsUnavailable', 'look again'],
  ['too many calls', answer('Throttling'), 'Throttled', 'look again'],
  ['denied', answer('AccessDenied'), 'AccessDenied', 'npm run posture -- --policy'],
])('%s: what somebody at a terminal can do, and no word of drills or functions', (_, cause, name, hint) => {
  const explained = explain(cause);
  expect(explained).toMatchObject({ name, hint: expect.stringContaining(hint), cause });
  expect(String(explained)).not.toMatch(/drill|monitor|function/);
});

test('anything else stays as it is', () => {
  const odd = new TypeError('odd');
  expect(explainRefusal(odd, 'eu-west-1')).toBe(odd);
  const refused = fromAwsError('list the clusters', answer('InvalidParameterValue'));
  expect(explainRefusal(refused, 'eu-west-1')).toBe(refused);
});
