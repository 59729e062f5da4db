import { expect, test } from 'vitest';
import type { Failure } from '../../../shared/drill/failure.ts';
import { describeRemains } from '../../../shared/drill/teardown-words.ts';
import { explainVerdict } from '../../../shared/drill/verdict-words.ts';
import { describeTeardownFailure } from '../../../shared/messages/drill.ts';
import { makeResult } from './result-fixture.ts';

const target = 'drill-prod-shop-1a2b3c4d';
const refused: Failure = { phase: 'TearDown', error: 'TeardownRefused', cause: 'no tag', hint: 'look at it' };
const taken: Failure = {
  phase: 'RestoreCluster',
  error: 'TargetNameTaken',
  cause: 'it exists',
  hint: 'rename it',
};
const left = { teardown: { status: 'failed' as const, deleted: [] } };
const standing = [{ kind: 'cluster' as const, name: target, createdAt: null, deletedAt: null }];

test('a teardown that came to its end: nothing remains', () => {
  expect(describeRemains(makeResult())).toBeNull();
});

test('a teardown that refused to delete: what it looked at was left behind', () => {
  const result = makeResult({ ...left, resources: standing, failure: refused });
  expect(describeRemains(result)?.clause).toBe(
    `${target} was left behind and costs money until it is deleted`,
  );
});

test('a teardown that AWS kept from looking: nobody knows whether anything stands', () => {
  const failure: Failure = { ...refused, error: 'AwsUnavailable' };
  const result = makeResult({ ...left, resources: standing, failure });
  expect(describeRemains(result)?.clause).toBe(`${target} may still exist and cost money`);
});

test('a cluster that had the name before the drill: nobody is told to delete it', () => {
  const result = makeResult({ ...left, resources: [], failure: taken, otherFailures: [refused], checks: [] });
  const { steps } = explainVerdict(result);
  expect(describeRemains(result)?.clause).toContain(
    'nothing proves that this drill made it, so it was left alone',
  );
  expect(steps[0]).toBe('rename it');
  expect(steps.join()).not.toContain('delete it');
  const { title, happened } = describeTeardownFailure(result, refused, 'reports/1a2b3c4d');
  expect(title).toBe(`Restore drill found its cluster name taken: shop, ${target}`);
  expect(happened.join()).not.toContain('costs money');
});
