// Called by a state machine once the copy can be made.
// Creates the job's cluster in RDS, without instances; billing begins with it, and so does the RTO.
// Running it twice finds the cluster of the first run by its name and tags, and counts from its creation.
import type { Aurora, Cluster, CopyOrigin } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { findCluster, rdsAurora, restoreAny } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { isDrillError } from '../../shared/errors.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { assertInTime, claimOwn, countFrom } from '../../shared/job/creation.ts';
import { findRefusal } from '../../shared/job/guard.ts';
import { getRestoreTo, getSnapshot, type Job, type JobState } from '../../shared/job/state.ts';
import { defineCopyStep } from '../../shared/job/step.ts';
import { removalOf } from '../../shared/teardown/pass.ts';

type Deps = { aurora: Pick<Aurora, 'findCluster' | 'restoreCluster'>; now: Clock };

export const restoreCluster = defineCopyStep(
  'RestoreCluster',
  [],
  async (job, state, { aurora, now }: Deps) => {
    const { target, restore, tags } = job;
    const requestedAt = toIso(now());
    assertInTime(job, requestedAt, 'restored');
    try {
      await aurora.restoreCluster({
        ...originOf(job, state),
        target: target.cluster,
        port: restore.port,
        subnetGroup: restore.subnetGroup,
        securityGroups: restore.securityGroups,
        parameterGroup: restore.clusterParameterGroup,
        capacity: restore.capacity,
        inherited: restore.inherited,
        tags,
      });
    } catch (error) {
      if (!isDrillError(error, 'TargetNameTaken')) throw error;
      const { owner, neverDeleted } = removalOf(job);
      const existing = await aurora.findCluster(target.cluster);
      const refuse = (cluster: Cluster) => findRefusal(cluster, owner, neverDeleted);
      const own = claimOwn(existing, `cluster ${target.cluster}`, refuse, error);
      return { cluster: target.cluster, requestedAt: countFrom(requestedAt, own.createdAt) };
    }
    return { cluster: target.cluster, requestedAt };
  },
);

/** A clone is of now, a point-in-time copy of the instant that the job has fixed. A snapshot has its own version. */
const originOf = ({ copyKind = 'point-in-time', source }: Job, state: JobState): CopyOrigin => {
  switch (copyKind) {
    case 'clone':
      return { kind: copyKind, source: source.identifier };
    case 'point-in-time':
      return { kind: copyKind, source: source.identifier, restoreTo: getRestoreTo(state) };
    case 'snapshot':
    case 'fresh-snapshot': {
      const { identifier: snapshot, engine, engineVersion } = getSnapshot(state);
      return { kind: 'snapshot', snapshot, engine, engineVersion };
    }
    default:
      return copyKind satisfies never;
  }
};

export const handler = lambdaHandler(restoreCluster, {
  aurora: rdsAurora({ findCluster, restoreCluster: restoreAny }),
  now: systemClock,
});
