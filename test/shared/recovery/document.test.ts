import { describe, expect, test } from 'vitest';
import { explainRecovery } from '../../../shared/recovery/words.ts';
import { fail } from '../messages/recovery-messages.ts';
import { makeRecovery, makeTest, nothingMade } from './recovery-fixture.ts';

const sentenceOf = (changes: Parameters<typeof makeRecovery>[0]) =>
  explainRecovery(makeRecovery(changes)).sentence;
const failedTest = makeTest('bad rows gone', 'failed');
const readers = fail('CheckReaders', 'DeadlineExceeded', 'a reader was not available in time');

describe('the document of a recovery', () => {
  test('nothing went wrong: passed, with the ways to switch', () => {
    const recovery = makeRecovery();
    expect(recovery).toMatchObject({
      schema: 'aurora-drills/recovery/1',
      job: 'recover',
      verdict: 'passed',
      failure: null,
      otherFailures: [],
    });
    expect(recovery.howToSwitch?.variants.map(({ name }) => name)).toEqual([
      'your own DNS name',
      'RDS Proxy',
      'two renames',
    ]);
    expect(recovery).not.toHaveProperty('failures');
  });

  test('a test failed: TestsFailed, with the input for an earlier time; the cluster and the switch stay', () => {
    const recovery = makeRecovery({ tests: [failedTest, failedTest] });
    expect(recovery).toMatchObject({
      verdict: 'failed',
      failure: {
        phase: 'VerifyRecovery',
        error: 'TestsFailed',
        cause: 'test bad rows gone: the answer differs, and 1 more',
        hint: expect.stringContaining('"restoreTo":"2026-11-19T02:40:00Z"'),
      },
      cluster: { isUsable: true },
    });
    expect(recovery.howToSwitch).not.toBeNull();
  });

  test('a test failed, and later the readers: in the order of the phases', () => {
    const { failure, otherFailures } = makeRecovery({ tests: [failedTest], failures: [readers] });
    expect([failure, ...otherFailures].map((one) => one?.error)).toEqual(['TestsFailed', 'DeadlineExceeded']);
  });

  test('nothing was made: no way to switch', () => {
    expect(makeRecovery({ ...nothingMade }).howToSwitch).toBeNull();
  });
});

test.each<[string, Parameters<typeof makeRecovery>[0], string]>([
  [
    'passed',
    {},
    'shop is recovered to 2026-11-19 02:50:00 UTC as recovered-shop-20261119025000: its writer answers after 22 min, 1 reader, 2 of 2 tests passed.',
  ],
  [
    'no tests, no readers',
    { tests: [], readers: [] },
    'writer answers after 22 min, 0 readers, the plan has no tests.',
  ],
  ['none wanted', { tests: [], wish: { tests: 'none' } }, '1 reader, no test was asked for.'],
  ['a test failed', { tests: [failedTest] }, 'as recovered-shop-20261119025000, but 1 of 1 test failed.'],
  ['readers missing', { failures: [readers] }, 'as recovered-shop-20261119025000, but a later step failed.'],
  [
    'failed before anything',
    { ...nothingMade, failures: [fail('PrepareRecovery', 'UnknownPlan', 'x')] },
    'shop is not recovered: nothing was made.',
  ],
  [
    'failed before it knew its source',
    { ...nothingMade, plan: null, source: null, failures: [fail('PrepareRecovery', 'InvalidInput', 'x')] },
    'the cluster is not recovered: nothing was made.',
  ],
  [
    'a dry run',
    { ...nothingMade, dryRun: true },
    'Nothing was made: shop can be recovered to 2026-11-19 02:50:00 UTC, since 2026-11-19 02:50:00 UTC lies in the restorable window',
  ],
])('%s: the verdict in one sentence', (_, changes, sentence) => {
  expect(sentenceOf(changes)).toContain(sentence);
});

test('a dry run: the input that does it', () => {
  const { steps } = explainRecovery(makeRecovery({ ...nothingMade, dryRun: true }));
  expect(steps).toEqual([
    'start it without dryRun: {"plan":"shop","restoreTo":"2026-11-19T02:50:00Z","reason":"a bad update at 02:51"}',
  ]);
});

test('another start had made the cluster: it says whose', () => {
  const { cluster } = makeRecovery();
  const { meaning } = explainRecovery(
    makeRecovery({ cluster: cluster && { ...cluster, owner: 'arn:other' } }),
  );
  expect(meaning).toEqual(['Another start of the same recovery had made this cluster: arn:other.']);
});
