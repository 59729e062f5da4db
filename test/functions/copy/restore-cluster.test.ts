import { describe, expect, test } from 'vitest';
import { restoreCluster } from '../../../functions/copy/restore-cluster.ts';
import type { Aurora, Cluster, CopyRequest } from '../../../shared/aurora/port.ts';
import { drillTags } from '../../../shared/job/names.ts';
import type { JobState } from '../../../shared/job/state.ts';
import { recoveredNames, recoveredTagsOf } from '../../../shared/recovery/names.ts';
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

describe('a cluster that stays', () => {
  const recovered = { source: drill.source.identifier, restoreTo, execution: state.execution.id };
  const settings = {
    retentionDays: 14,
    backupWindow: '02:10-02:40',
    kmsKey: 'arn:aws:kms:eu-west-1:1:key/k',
    logExports: ['postgresql'],
    hasIamSignIn: true,
    copiesTagsToSnapshots: true,
    backtrackSeconds: null,
  };
  const tags = recoveredTagsOf(recovered);
  const { PrepareDrill: _, ...others } = state;
  const job = {
    ...drill,
    target: recoveredNames(recovered.source, restoreTo),
    tags,
    kept: { settings, resourceId: null, promotionTier: 0 },
  };
  const kept = { ...others, PrepareRecovery: job } as unknown as JobState;
  const recover = (verbs: Partial<Aurora>) =>
    restoreCluster(kept, { aurora: makeAurora(verbs), now: clockAt('08:06') });
  const recoverOnto = (existing: Record<string, string>) =>
    recover({
      restoreCluster: failWith('TargetNameTaken'),
      findCluster: async (identifier) => makeCluster({ identifier, tags: existing, createdAt: at('08:01') }),
    });

  test('asked for with the settings that it keeps, under its own name and tags', async () => {
    const requests: CopyRequest[] = [];
    await recover({ restoreCluster: async (request) => void requests.push(request) });
    expect(requests).toMatchObject([
      { kind: 'point-in-time', target: job.target.cluster, restoreTo, kept: settings, tags },
    ]);
    expect(requests[0]).not.toHaveProperty('resourceId');
  });

  test('made by an earlier run: it counts from its creation, and nobody else owns it', async () => {
    const piece = await recoverOnto(tags);
    expect(piece).toMatchObject({ cluster: job.target.cluster, requestedAt: at('08:01') });
    expect(piece).not.toHaveProperty('owner');
  });

  test('made by another start of the same recovery: joined, told whose it is, and counted from this request', async () => {
    const execution = 'arn:aws:states:eu-west-1:111122223333:execution:aurora-drills-prod-recover:first';
    const piece = await recoverOnto(recoveredTagsOf({ ...recovered, execution }));
    expect(piece).toMatchObject({ owner: execution, requestedAt: at('08:06') });
  });

  test.each([
    ['no tags', {}],
    ['tags of another time', recoveredTagsOf({ ...recovered, restoreTo: at('07:00') })],
    ['tags of a drill', drill.tags],
  ])('a cluster of that name with %s: TargetNameTaken', async (_condition, existing) => {
    await expect(recoverOnto(existing)).rejects.toMatchObject({ name: 'TargetNameTaken' });
  });
});
