// Called by a state machine once the copy can be made.
// Creates the job's cluster in RDS, without instances; billing begins with it, and so does the RTO.
// Running it twice finds the cluster of the first run by its name and tags, and counts from its creation. A second start of
// the same recovery joins the first.
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
import { fromTagValue } from '../../shared/job/tag-values.ts';
import { findOwner, recoveredTags } from '../../shared/recovery/names.ts';
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
        ...(job.kept && { kept: job.kept.settings }),
        tags,
      });
    } catch (error) {
      if (!isDrillError(error, 'TargetNameTaken')) throw error;
      const existing = await aurora.findCluster(target.cluster);
      const refuse = (cluster: Cluster) => refuseForeign(cluster, job, state);
      const own = claimOwn(existing, `cluster ${target.cluster}`, refuse, error);
      const owner = job.kept && findOtherOwner(own, job, state);
      if (owner !== undefined) return { cluster: target.cluster, requestedAt, owner };
      return { cluster: target.cluster, requestedAt: countFrom(requestedAt, own.createdAt) };
    }
    return { cluster: target.cluster, requestedAt };
  },
);

/** Why the cluster is neither this job's nor, of those that stay, the same recovery; or null. */
const refuseForeign = (cluster: Cluster, job: Job, state: JobState): string | null => {
  if (job.kept === undefined) {
    const { owner, neverDeleted } = removalOf(job);
    return findRefusal(cluster, owner, neverDeleted);
  }
  const { whose, reason } = findOwner(cluster, recoveredBy(job, state));
  return whose === 'foreign' ? reason : null;
};

/** The execution that has made it before, when two people recover the same. */
const findOtherOwner = (cluster: Cluster, job: Job, state: JobState): string | undefined =>
  findOwner(cluster, recoveredBy(job, state)).whose === 'same-recovery'
    ? fromTagValue(cluster.tags[recoveredTags.execution] ?? 'unknown')
    : undefined;

const recoveredBy = ({ source }: Job, state: JobState) => ({
  source: source.identifier,
  restoreTo: getRestoreTo(state),
  execution: state.execution.id,
});

/** A clone is of now, a point-in-time copy of the instant that the job has fixed. A snapshot has its own version. */
const originOf = ({ copyKind = 'point-in-time', source, kept }: Job, state: JobState): CopyOrigin => {
  switch (copyKind) {
    case 'clone':
      return { kind: copyKind, source: source.identifier };
    case 'point-in-time':
      return {
        kind: copyKind,
        source: source.identifier,
        restoreTo: getRestoreTo(state),
        ...(kept?.resourceId && { resourceId: kept.resourceId }),
      };
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
