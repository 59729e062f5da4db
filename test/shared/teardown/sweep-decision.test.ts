import { expect, test } from 'vitest';
import type { Cluster } from '../../../shared/aurora/port.ts';
import { drillTags, jobId, tagsOf, targetNames } from '../../../shared/job/names.ts';
import { decideByExecution, decideSweep, type SweepScope } from '../../../shared/teardown/sweep-decision.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';

const source = 'prod-aurora-main';
const now = '2026-11-16T12:00:00Z';
const stateMachineArn = 'arn:aws:states:eu-west-1:111122223333:stateMachine:aurora-drills';
const scope: SweepScope = { stateMachineArns: [stateMachineArn], neverDeleted: [source, 'billing'], now };

const arnOf = (stateMachine: string): string =>
  `arn:aws:states:eu-west-1:111122223333:execution:${stateMachine}:schedule-6f1c2d3e`;

/** A cluster that a drill of this state machine made, an hour before it expires. */
const makeTarget = (
  tags: Record<string, string | undefined> = {},
  changes: Partial<Cluster> = {},
  stateMachine = 'aurora-drills',
): Cluster => {
  const execution = arnOf(stateMachine);
  const id = jobId(execution);
  const all = {
    ...tagsOf({ kind: 'drill', id, source, execution, expires: '2026-11-16T13:00:00Z' }),
    ...tags,
  };
  const carried = Object.entries(all).filter((tag): tag is [string, string] => tag[1] !== undefined);
  const identifier = targetNames(source, id).cluster;
  return makeCluster({ identifier, tags: Object.fromEntries(carried), ...changes });
};

const execution = arnOf('aurora-drills');
const owner = { id: jobId(execution), source, execution };
const target = makeTarget().identifier;
const expiring = (expires: string | undefined, stateMachine?: string) =>
  makeTarget({ [drillTags.expires]: expires }, {}, stateMachine);

test.each<[string, Cluster, string]>([
  ['neither prefix nor tags', makeCluster({ identifier: 'app' }), 'app has neither the prefix nor the tags'],
  ['the prefix inside its name only', makeCluster({ identifier: 'my-drill-app' }), 'neither the prefix'],
  ['the source of a plan, untagged', makeCluster(), 'neither the prefix'],
  ['no tag at all', makeCluster({ tags: {} }), 'neither the prefix'],
])('a cluster with %s: ignored', (_, cluster, reason) => {
  expect(decideSweep(cluster, scope)).toEqual({ action: 'ignore', reason: expect.stringContaining(reason) });
});

const others = 'ffffffff';
const noTag = 'has no tag of a drill';
test.each<[string, Cluster, string]>([
  ['the prefix alone', makeCluster({ identifier: 'drill-app', tags: {} }), noTag],
  ['the prefix and tags of somebody else', makeCluster({ identifier: 'drill-app' }), noTag],
  ['the very name of a drill, untagged', makeTarget({}, { tags: {} }), noTag],
  ['all tags, but renamed', makeTarget({}, { identifier: 'app' }), 'app does not begin with drill-'],
  [
    'all tags, renamed within the prefix',
    makeTarget({}, { identifier: 'drill-app' }),
    'is not the name that',
  ],
  ['all tags and a longer name', makeTarget({}, { identifier: `${target}-2` }), 'is not the name that'],
  [
    'the name and the id of another drill',
    makeTarget({ [drillTags.drill]: others }, { identifier: targetNames(source, others).cluster }),
    'ffffffff is not the id of execution',
  ],
  ['another id in its tag', makeTarget({ [drillTags.drill]: others }), 'ffffffff is not the id of'],
  ['no id', makeTarget({ [drillTags.drill]: undefined }), 'is not the id of execution'],
  ['another source in its tag', makeTarget({ [drillTags.source]: 'billing' }), 'is not the name that drill'],
  ['no source', makeTarget({ [drillTags.source]: undefined }), 'is not the name that drill'],
  [
    'the same shortened source',
    makeTarget({ [drillTags.source]: source.toUpperCase() }, { identifier: `${target}x` }),
    'is not the name that drill',
  ],
  ['no execution', makeTarget({ [drillTags.execution]: undefined }), 'is not the id of execution'],
  ['another execution', makeTarget({ [drillTags.execution]: 'arn:x' }), 'is not the id of execution arn:x'],
])('a cluster with %s: reported, never removed', (_, cluster, reason) => {
  for (const at of [now, '2027-11-16T12:00:00Z']) {
    expect(decideSweep(cluster, { ...scope, now: at })).toEqual({
      action: 'report',
      reason: expect.stringContaining(reason),
    });
  }
});

test.each(Object.values(drillTags))('a cluster with the tag %s alone: reported, never removed', (key) => {
  for (const identifier of ['app', 'drill-app', target]) {
    const cluster = makeCluster({ identifier, tags: { [key]: '2020-01-01T00:00:00Z' } });
    expect(decideSweep(cluster, scope).action).toBe('report');
  }
});

const isSource = 'is the source of a drill';
test.each<[string, Cluster, string[], string]>([
  ['under its own name', makeTarget({}, { identifier: source }), [source], isSource],
  ['under its own name, in no plan any more', makeTarget({}, { identifier: source }), [], isSource],
  ['that is named as a target', makeTarget(), [target], isSource],
  ['that a plan writes in capitals', makeTarget(), [target.toUpperCase()], isSource],
  ['known by its resource id', makeTarget({}, { resourceId: 'cluster-A' }), ['cluster-A'], 'resource id is'],
])(
  'the source of a plan with all our tags, %s: reported, never removed',
  (_, cluster, neverDeleted, reason) => {
    for (const at of [now, '2027-11-16T12:00:00Z']) {
      const decision = decideSweep(cluster, { ...scope, neverDeleted, now: at });
      expect(decision).toEqual({ action: 'report', reason: expect.stringContaining(reason) });
    }
  },
);

test.each([
  ['in a second', '2026-11-16T12:00:01Z'],
  ['in a millisecond', '2026-11-16T12:00:00.001Z'],
  ['in a month', '2026-12-16T12:00:00Z'],
  ['never: no such tag', undefined],
  ['at no instant', 'never'],
  ['at an empty instant', ''],
  ['at an instant that does not exist', '2026-13-45T99:00:00Z'],
  ['in words', 'in 2 hours'],
  // Date.parse makes words that end in a number the year 2001.
  ["at somebody's note with a number", 'on hold, ticket 4'],
  ['at a bare number', '12'],
])('a cluster of a drill that expires %s: its execution is asked for', (_, expires) => {
  expect(decideSweep(expiring(expires), scope)).toEqual({
    action: 'look-up',
    owner,
    reason: `${target} belongs to ${execution}`,
  });
});

test.each([
  ['now', now],
  ['now, told to the millisecond', '2026-11-16T12:00:00.000Z'],
  ['a second ago', '2026-11-16T11:59:59Z'],
  ['a month ago', '2026-10-16T12:00:00Z'],
])('a cluster of a drill that expired %s: removed without asking', (_, expires) => {
  expect(decideSweep(expiring(expires), scope)).toEqual({
    action: 'remove',
    owner,
    reason: `${target} expired at ${expires}`,
  });
});

test.each([
  ['staging', '2026-11-16T13:00:00Z'],
  ['aurora-drills-2', '2026-11-16T12:00:01Z'],
  ['aurora', undefined],
])('a cluster of state machine %s that has not expired: kept, and not asked for', (stateMachine, expires) => {
  const { action, reason } = decideSweep(expiring(expires, stateMachine), scope);
  expect(action).toBe('keep');
  expect(reason).toContain(`belongs to another state machine: ${arnOf(stateMachine)}`);
  expect(reason).not.toContain('expired');
});

test.each(['staging', 'aurora-drills-2', 'aurora'])(
  'a cluster of state machine %s that has expired: reported, never removed',
  (stateMachine) => {
    const { action, reason } = decideSweep(expiring(now, stateMachine), scope);
    expect(action).toBe('report');
    expect(reason).toContain(`${arnOf(stateMachine)}, and expired at ${now}`);
  },
);

test.each([
  ['another account', stateMachineArn.replace('111122223333', '999999999999')],
  ['another Region', stateMachineArn.replace('eu-west-1', 'eu-west-2')],
])('a cluster of the same state machine in %s: not ours to remove', (_, other) => {
  const elsewhere = { ...scope, stateMachineArns: [other] };
  expect(decideSweep(expiring('2026-11-16T13:00:00Z'), elsewhere).action).toBe('keep');
  expect(decideSweep(expiring(now), elsewhere).action).toBe('report');
});

test.each(['available', 'creating', 'stopped', 'deleting', 'incompatible-restore', 'reticulating'])(
  'a cluster of a drill that is %s: no other decision',
  (status) => {
    expect(decideSweep(makeTarget({}, { status }), scope).action).toBe('look-up');
    expect(decideSweep({ ...expiring(now), status }, scope).action).toBe('remove');
  },
);

test('a cluster of a drill that has expired, protected: reported, since somebody keeps it', () => {
  expect(decideSweep({ ...expiring(now), isProtected: true }, scope)).toEqual({
    action: 'report',
    reason: `${target} expired at ${now}, and somebody has protected it against deletion`,
  });
});

test('an execution that runs: its cluster is kept, protected or not', () => {
  expect(decideByExecution(makeTarget({}, { isProtected: true }), owner, 'running')).toEqual({
    action: 'keep',
    reason: `its drill runs: ${execution}`,
  });
});

test.each([
  ['ended', 'has ended'],
  ['gone', 'is unknown to Step Functions'],
] as const)('an execution that is %s: its cluster is removed, for the owner', (status, words) => {
  expect(decideByExecution(makeTarget(), owner, status)).toEqual({
    action: 'remove',
    owner,
    reason: `its drill ${words}: ${execution}`,
  });
});

test.each(['ended', 'gone'] as const)(
  'an execution that is %s: a protected cluster is reported',
  (status) => {
    expect(decideByExecution(makeTarget({}, { isProtected: true }), owner, status)).toEqual({
      action: 'report',
      reason: expect.stringContaining('somebody has protected it against deletion'),
    });
  },
);
