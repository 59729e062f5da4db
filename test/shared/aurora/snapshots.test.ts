import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cluster, Snapshot } from '../../../shared/aurora/port.ts';
import {
  findTaken,
  keepNewest,
  kindOf,
  measureAgeHours,
  measureLagSeconds,
  type SnapshotKind,
  snapshotKinds,
} from '../../../shared/aurora/snapshots.ts';
import { toIso } from '../../../shared/instants.ts';
import { makeCluster, makeSnapshot } from './cluster-fixture.ts';

const cluster = makeCluster();
const counted: SnapshotKind[] = ['automated', 'aws-backup'];
const taken = makeSnapshot().createdAt;
const now = '2026-11-16T08:10:00Z';

/** The newest of several pages of snapshots. */
const findNewest = (clusters: Cluster[], pages: Snapshot[][], kinds = counted): Map<string, string> => {
  const newest = new Map<string, string>();
  for (const page of pages) keepNewest(newest, clusters, page, kinds);
  return newest;
};

const newestOf = (snapshots: Partial<Snapshot>[], kinds = counted) =>
  findNewest([cluster], [snapshots.map(makeSnapshot)], kinds).get(cluster.identifier);

const copied = 'awsbackup:copyjob-0c1d2e3f';
const backedUp = 'awsbackup:job-0c1d2e3f';

test.each<[string, SnapshotKind, Partial<Snapshot>]>([
  ['taken by RDS itself', 'automated', { type: 'automated' }],
  ['taken by hand', 'manual', { type: 'manual', identifier: 'before-migration' }],
  ['by hand, of a name that only resembles', 'manual', { type: 'manual', identifier: 'my-awsbackup:job-1' }],
  ['of AWS Backup by its name', 'aws-backup', { type: 'manual', identifier: backedUp }],
  ['of AWS Backup by its type', 'aws-backup', { type: 'awsbackup', identifier: 'vault-1' }],
  ['copied by hand', 'copy', { type: 'manual', identifier: 'kept', isCopy: true }],
  ['copied from an automated one', 'copy', { type: 'automated', isCopy: true }],
  ['copied by AWS Backup', 'copy', { type: 'manual', identifier: copied }],
  ['copied by AWS Backup, by its type', 'copy', { type: 'awsbackup', isCopy: true }],
  ['of a type on no list', 'manual', { type: 'unknown' }],
])('snapshot %s: %s', (_, kind, changes) => {
  expect(kindOf(makeSnapshot(changes))).toBe(kind);
});

describe('the newest snapshot that counts', () => {
  test.each<[string, Partial<Snapshot>[], string | null | undefined]>([
    ['no snapshot: none', [], undefined],
    ['automated: it', [{}], taken],
    ['being created: none', [{ status: 'creating', createdAt: null }], undefined],
    ['being created, with a time already: none', [{ status: 'creating' }], undefined],
    ['available without a time: none', [{ createdAt: null }], undefined],
    ['failed: none', [{ status: 'failed' }], undefined],
    ['only by hand: none', [{ type: 'manual' }], undefined],
    ['only copies: none', [{ isCopy: true }, { identifier: copied, type: 'manual' }], undefined],
    ['AWS Backup by name: it', [{ identifier: backedUp, type: 'manual' }], taken],
    ['AWS Backup by type: it', [{ type: 'awsbackup' }], taken],
    ["another cluster's: none", [{ cluster: 'prod-aurora-main-2' }], undefined],
    ['of an earlier cluster of its name: none', [{ clusterResourceId: 'cluster-EARLIER' }], undefined],
    ['without resource id: it', [{ clusterResourceId: null }], taken],
    ['in the future: it', [{}, { createdAt: '2026-11-16T08:11:00Z' }], '2026-11-16T08:11:00Z'],
    ['a newer one by hand: the automated one', [{}, { type: 'manual', createdAt: now }], taken],
    ['a newer one being created: the one before', [{ status: 'creating', createdAt: now }, {}], taken],
    [
      'later by milliseconds: the later',
      [{ createdAt: '2026-11-16T02:10:00.250Z' }, {}],
      `${taken?.slice(0, -1)}.250Z`,
    ],
  ])('%s', (_, snapshots, newest) => {
    expect(newestOf(snapshots)).toBe(newest);
  });

  test('one that a drill has taken: no backup, even where manual ones count', () => {
    const drills = makeSnapshot({ identifier: 'drill-prod-aurora-main-1f2e3d4c-snapshot', type: 'manual' });
    expect(findTaken(drills, cluster, ['manual'])).toBeNull();
    expect(findTaken({ ...drills, identifier: 'by-hand' }, cluster, ['manual'])).toBe(drills.createdAt);
  });

  test.each(snapshotKinds)('settings count only %s: of one snapshot of each kind, that one', (kind) => {
    const snapshots: Record<SnapshotKind, Partial<Snapshot>> = {
      automated: { createdAt: '2026-11-16T01:00:00Z' },
      'aws-backup': { createdAt: '2026-11-16T02:00:00Z', type: 'awsbackup' },
      manual: { createdAt: '2026-11-16T03:00:00Z', type: 'manual' },
      copy: { createdAt: '2026-11-16T04:00:00Z', isCopy: true },
    };
    expect(newestOf(Object.values(snapshots), [kind])).toBe(snapshots[kind].createdAt);
  });

  test('cluster without resource id: its snapshots are told by its name', () => {
    const unnamed = makeCluster({ resourceId: null });
    expect(findNewest([unnamed], [[makeSnapshot()]]).get(unnamed.identifier)).toBe(taken);
  });

  test('several clusters: each its own, and those without one are absent', () => {
    const clusters = ['a', 'b', 'c'].map((identifier) => makeCluster({ identifier, resourceId: identifier }));
    const snapshot = (name: string, createdAt: string) =>
      makeSnapshot({ cluster: name, clusterResourceId: name, createdAt });
    const snapshots = [
      snapshot('a', '2026-11-15T00:00:00Z'),
      snapshot('b', '2026-11-16T00:00:00Z'),
      snapshot('a', '2026-11-14T00:00:00Z'),
    ];
    expect(Object.fromEntries(findNewest(clusters, [snapshots]))).toEqual({
      a: '2026-11-15T00:00:00Z',
      b: '2026-11-16T00:00:00Z',
    });
  });

  const instants = fc
    .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    .map(toIso);
  const anySnapshot = fc.record({
    identifier: fc.constantFrom('rds:a', backedUp, copied),
    cluster: fc.constantFrom('prod-aurora-main', 'other', 'unlisted'),
    clusterResourceId: fc.constantFrom('cluster-PRODMAIN', 'cluster-EARLIER', null),
    type: fc.constantFrom('automated', 'manual', 'awsbackup'),
    status: fc.constantFrom('available', 'creating'),
    createdAt: fc.option(instants),
    isCopy: fc.boolean(),
    engine: fc.constant('aurora-mysql'),
    engineVersion: fc.constant('8.0'),
    tags: fc.constant({}),
  });

  test('any snapshots in any order and any pages: the same result', () => {
    const clusters = [cluster, makeCluster({ identifier: 'other', resourceId: null })];
    const orders = fc
      .array(anySnapshot, { maxLength: 30 })
      .chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), fc.nat(30)),
      );
    fc.assert(
      fc.property(orders, ([list, shuffled, end]) => {
        const sort = (pages: Snapshot[][]) => [...findNewest(clusters, pages)].sort();
        expect(sort([shuffled.slice(0, end), shuffled.slice(end)])).toEqual(sort([list]));
      }),
    );
  });

  test('any automated snapshots that are available: the latest instant of all', () => {
    fc.assert(
      fc.property(fc.array(instants, { minLength: 1 }), (times) => {
        const latest = Math.max(...times.map((time) => Date.parse(time)));
        expect(Date.parse(newestOf(times.map((createdAt) => ({ createdAt }))) ?? '')).toBe(latest);
      }),
    );
  });
});

test.each([
  ['a snapshot of six hours ago: 6', '2026-11-16T02:10:00Z', '2024-03-01T10:00:00Z', 6],
  ['a snapshot of 90 minutes ago: 1.5', '2026-11-16T06:40:00Z', '2024-03-01T10:00:00Z', 1.5],
  ['a snapshot a little in the future: 0', '2026-11-16T08:10:05Z', '2024-03-01T10:00:00Z', 0],
  ['no snapshot yet: the age of the cluster itself', undefined, '2026-11-14T08:10:00Z', 48],
  ['a snapshot, and no time of creation: the age of the snapshot', '2026-11-16T07:10:00Z', null, 1],
  ['neither: null', undefined, null, null],
])('hours since %s', (_, newest, createdAt, hours) => {
  expect(measureAgeHours(makeCluster({ createdAt }), newest, now)).toBe(hours);
});

const creation = '2026-11-16T08:00:00Z';
test.each<[string, Partial<Cluster>, number | null]>([
  ['restorable to 13 minutes ago: 780', { latestRestorableTime: '2026-11-16T07:57:00Z' }, 780],
  ['restorable to a moment ahead: 0', { latestRestorableTime: '2026-11-16T08:10:01Z' }, 0],
  ['never restorable: its age', { latestRestorableTime: null, createdAt: creation }, 600],
  ['nothing known: null', { latestRestorableTime: null, createdAt: null }, null],
  ['creating, as a restore or a clone: null', { status: 'creating' }, null],
  ['stopping: null', { status: 'stopping' }, null],
  ['stopped: null', { status: 'stopped' }, null],
  ['starting: null', { status: 'starting' }, null],
  ['modifying: as ever', { status: 'modifying' }, 780],
  ['inaccessible: as ever', { status: 'inaccessible-encryption-credentials' }, 780],
])('restorable lag of a cluster that is %s', (_, changes, seconds) => {
  expect(measureLagSeconds(makeCluster(changes), now)).toBe(seconds);
});

test('any instants: ages and lags are finite and not below 0, or null', () => {
  const instant = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map(toIso);
  const times = fc.record({
    createdAt: fc.option(instant),
    latestRestorableTime: fc.option(instant),
    status: fc.constantFrom('available', 'stopped', 'creating'),
  });
  fc.assert(
    fc.property(times, fc.option(instant, { nil: undefined }), instant, (changes, newest, at) => {
      const subject = makeCluster(changes);
      for (const measure of [measureAgeHours(subject, newest, at), measureLagSeconds(subject, at)]) {
        expect(measure === null || (Number.isFinite(measure) && measure >= 0)).toBe(true);
      }
    }),
  );
});
