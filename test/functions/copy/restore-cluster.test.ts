import { expect, test } from 'vitest';
import { restoreCluster } from '../../../functions/copy/restore-cluster.ts';
import type { Aurora, Cluster, CopyRequest } from '../../../shared/aurora/port.ts';
import { drillTags } from '../../../shared/job/names.ts';
import { makeCluster } from '../../shared/aurora/cluster-fixture.ts';
import { at, makeDrillUpTo, makePassedDrill } from '../../shared/drill/state-fixture.ts';
import { clockAt, failWith, makeAurora } from '../fakes.ts';

const { PrepareDrill: drill, CaptureBaseline: baseline } = makePassedDrill();
const target = drill.target.cluster;

/** The start's own time, not that of the snapshot. */
const restoreTo = at('07:30');
const state = { ...makeDrillUpTo('CheckRestorePoint'), CaptureBaseline: { ...baseline, restoreTo } };

const restore = (verbs: Partial<Aurora>) =>
  restoreCluster(state, { aurora: makeAurora(verbs), now: clockAt('08:06') });

/** This cluster has the name already. */
const restoreOnto = (changes: Partial<Cluster>) => {
  const existing = makeCluster({ identifier: target, tags: drill.tags, ...changes });
  return restore({
    restoreCluster: failWith('TargetNameTaken'),
    findCluster: async (identifier) => (identifier === target ? existing : undefined),
  });
};

test('the deadline has passed: DeadlineExceeded, and nothing is asked for', async () => {
  const late = restoreCluster(state, { aurora: makeAurora(), now: clockAt('09:30:01') });
  await expect(late).rejects.toMatchObject({ name: 'DeadlineExceeded' });
});

test('nothing of that name: one request with all settings, and the RTO counts from it', async () => {
  const requests: CopyRequest[] = [];
  const piece = await restore({ restoreCluster: async (request) => void requests.push(request) });
  expect(piece).toMatchObject({ cluster: target, requestedAt: at('08:06') });
  expect(requests).toEqual([
    {
      kind: 'point-in-time',
      source: 'prod-aurora-main',
      target,
      restoreTo,
      port: 5432,
      subnetGroup: 'drill-private',
      securityGroups: ['sg-0a1b2c3d4e'],
      parameterGroup: 'app-cluster',
      capacity: { min: 0.5, max: 8 },
      inherited: drill.restore.inherited,
      tags: drill.tags,
    },
  ]);
});

test.each([
  ['made by an earlier run: the RTO counts from its creation', at('08:04:38'), at('08:04:38')],
  ['made by a clock ahead of ours: the RTO counts from this request', at('08:06:01'), at('08:06')],
  ['without a time of creation: the RTO counts from this request', null, at('08:06')],
])('cluster of this drill, %s', async (_condition, createdAt, requestedAt) => {
  expect(await restoreOnto({ createdAt })).toMatchObject({ cluster: target, requestedAt });
});

test.each([
  ['no tags', {}],
  ['tags of another drill', { ...drill.tags, [drillTags.drill]: 'ffffffff' }],
  ['tags of another execution', { ...drill.tags, [drillTags.execution]: 'arn:another' }],
])('cluster of that name with %s: TargetNameTaken, with what it carries', async (_condition, tags) => {
  await expect(restoreOnto({ tags })).rejects.toMatchObject({
    name: 'TargetNameTaken',
    summary: expect.stringMatching(`${target} carries .*, expected `),
  });
});

test('cluster of that name not visible yet: AwsUnavailable, which is retried', async () => {
  const verbs = { restoreCluster: failWith('TargetNameTaken'), findCluster: async () => undefined };
  await expect(restore(verbs)).rejects.toMatchObject({ name: 'AwsUnavailable' });
});

test('request refused for another reason: its error passes through, and nothing is looked up', async () => {
  const verbs = { restoreCluster: failWith('QuotaExceeded') };
  await expect(restore(verbs)).rejects.toMatchObject({ name: 'QuotaExceeded' });
});
