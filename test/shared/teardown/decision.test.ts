import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cluster, Instance } from '../../../shared/aurora/port.ts';
import { clusterStatuses, instanceStatuses } from '../../../shared/aurora/statuses.ts';
import { decideTeardown, mayStillAppear, type TeardownDecision } from '../../../shared/teardown/decision.ts';
import { makeInstance as makeInstanceOf } from '../../functions/fakes.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';
import { makePassedDrill } from '../drill/state-fixture.ts';

const drill = makePassedDrill().PrepareDrill;
const { cluster: target, writer } = drill.target;

const makeTarget = (changes: Partial<Cluster> = {}): Cluster =>
  makeCluster({ identifier: target, writer, tags: drill.tags, ...changes });
const makeInstance = (identifier: string, status = 'available') => makeInstanceOf(identifier, { status });

const listRequests = (decision: TeardownDecision): string[] =>
  decision.action === 'request'
    ? decision.requests.map(({ verb, identifier }) => `${verb} ${identifier}`)
    : [];

test.each<[string, Cluster | undefined, Instance[], string[]]>([
  [
    'cluster and writer',
    makeTarget(),
    [makeInstance(writer)],
    [`deleteInstance ${writer}`, `deleteCluster ${target}`],
  ],
  [
    'cluster and a writer being deleted',
    makeTarget(),
    [makeInstance(writer, 'deleting')],
    [`deleteCluster ${target}`],
  ],
  ['a cluster alone', makeTarget(), [], [`deleteCluster ${target}`]],
  [
    'a cluster that failed, alone',
    makeTarget({ status: 'incompatible-restore' }),
    [],
    [`deleteCluster ${target}`],
  ],
  [
    'an instance in a cluster being deleted',
    makeTarget({ status: 'deleting' }),
    [makeInstance(writer)],
    [`deleteInstance ${writer}`],
  ],
  [
    'a protected cluster',
    makeTarget({ isProtected: true }),
    [makeInstance(writer)],
    [`deleteInstance ${writer}`, `liftProtection ${target}`, `deleteCluster ${target}`],
  ],
  [
    'a stopped cluster',
    makeTarget({ status: 'stopped' }),
    [makeInstance(writer, 'stopped')],
    [`startCluster ${target}`],
  ],
])('%s left: asked for, in this order', (_, cluster, instances, expected) => {
  const decision = decideTeardown(cluster, instances);
  expect(decision.action).toBe('request');
  expect(listRequests(decision)).toEqual(expected);
});

test.each<[string, Cluster | undefined, Instance[], string]>([
  ['nothing', undefined, [], 'done'],
  ['a cluster being deleted', makeTarget({ status: 'deleting' }), [], 'wait'],
])('%s left: %4$s, nothing is asked for', (_, cluster, instances, action) => {
  expect(decideTeardown(cluster, instances)).toMatchObject({ action });
  expect(listRequests(decideTeardown(cluster, instances))).toEqual([]);
});

/** A real status for each pattern of a family, and an unknown one. */
const realStatuses = (lists: Record<string, readonly string[]>) =>
  [...Object.values(lists).flat(), 'reticulating'].map((status) => status.replace('*', 'log-exports'));
const everyClusterStatus = [...realStatuses(clusterStatuses), 'stopping'];
const everyInstanceStatus = [...realStatuses(instanceStatuses), 'stopped'];

test.each(everyClusterStatus)(
  'a cluster alone that is %s: deleted, started first, or left to go',
  (status) => {
    const decision = decideTeardown(makeTarget({ status }), []);
    const others: Record<string, string[]> = { deleting: [], stopped: [`startCluster ${target}`] };
    expect(listRequests(decision)).toEqual(others[status] ?? [`deleteCluster ${target}`]);
  },
);

test('any cluster and instances: what stands is asked for, instances before the cluster, and done means nothing', () => {
  const cluster = fc.option(
    fc
      .record({ status: fc.constantFrom(...everyClusterStatus), isProtected: fc.boolean() })
      .map((changes) => makeTarget(changes)),
    { nil: undefined },
  );
  const instances = fc
    .array(fc.constantFrom(...everyInstanceStatus))
    .map((words) => words.map((word, index) => makeInstance(`i-${index}`, word)));
  fc.assert(
    fc.property(cluster, instances, (left, members) => {
      const next = decideTeardown(left, members);
      const standing = members
        .filter(({ status }) => status !== 'deleting')
        .map(({ identifier }) => identifier);
      const isGoing = left === undefined || left.status === 'deleting';
      expect(next.action === 'done').toBe(left === undefined);
      expect(next.action === 'request').toBe(left !== undefined && (standing.length > 0 || !isGoing));
      expect(next.reason).not.toBe('');
      if (next.action !== 'request' || left?.status === 'stopped') return;
      const deleted = next.requests.filter(({ verb }) => verb === 'deleteInstance');
      expect(deleted.map(({ identifier }) => identifier)).toEqual(standing);
      expect(next.requests.at(-1)?.verb).toBe(isGoing ? 'deleteInstance' : 'deleteCluster');
    }),
  );
});

test.each([
  ['never asked for', {}, false],
  ['refused by name', { failures: { RestoreCluster: { Error: 'QuotaExceeded' } } }, false],
  ['throttled', { failures: { RestoreCluster: { Error: 'Throttled' } } }, true],
  ['answered by what nobody knows', { failures: { RestoreCluster: { Error: 'AwsFailure' } } }, true],
  ['cut off by its function', { failures: { RestoreCluster: { Error: 'OutOfTime' } } }, true],
  ['too late at its last attempt', { failures: { RestoreCluster: { Error: 'DeadlineExceeded' } } }, true],
  ['not answered', { failures: { RestoreCluster: { Error: 'AwsUnavailable' } } }, true],
  ['cut off by a time-out', { failures: { RestoreCluster: { Error: 'States.Timeout' } } }, true],
  ['accepted', { RestoreCluster: makePassedDrill().RestoreCluster }, true],
])('a restore that was %s: may a cluster still appear?', (_, pieces, expected) => {
  expect(mayStillAppear({ execution: makePassedDrill().execution, ...pieces }, 'RestoreCluster')).toBe(
    expected,
  );
});
