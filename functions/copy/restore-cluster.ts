// Called by a state machine once the copy can be made.
// Creates the job's cluster in RDS, without instances; billing begins with it, and so does the RTO.
// Running it twice finds the cluster of the first run by its name and tags, and counts from its creation.
import type { Aurora, CopyRequest } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { findCluster, rdsAurora, restoreCluster as rdsRestoreCluster } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { DrillError, isDrillError } from '../../shared/errors.ts';
import { type Clock, isAfter, toIso } from '../../shared/instants.ts';
import { findRefusal } from '../../shared/job/guard.ts';
import { getRestoreTo, type Job, type JobState } from '../../shared/job/state.ts';
import { defineCopyStep } from '../../shared/job/step.ts';
import { removalOf } from '../../shared/teardown/pass.ts';

type OfVolume = CopyRequest<'point-in-time' | 'clone'>;

type Deps = {
  aurora: Pick<Aurora, 'findCluster'> & { restoreCluster(request: OfVolume): Promise<void> };
  now: Clock;
};

export const restoreCluster = defineCopyStep(
  'RestoreCluster',
  [],
  async (job, state, { aurora, now }: Deps) => {
    const { target, restore, tags } = job;
    const requestedAt = toIso(now());
    // A restore that can only fail must not be paid for: an execution may have been redriven days later.
    if (!isAfter(job.deadline, requestedAt)) {
      throw new DrillError(
        'DeadlineExceeded',
        `the deadline ${job.deadline} has passed, so nothing is restored`,
      );
    }
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
      const createdAt = await findOwnCluster(aurora, job, error);
      // The first run's request is what people wait for, so the RTO counts from there.
      const isEarlier = createdAt !== null && isAfter(requestedAt, createdAt);
      return { cluster: target.cluster, requestedAt: isEarlier ? createdAt : requestedAt };
    }
    return { cluster: target.cluster, requestedAt };
  },
);

/** A clone is of now, and a point-in-time copy of the instant that the job has fixed. */
const originOf = ({ copyKind = 'point-in-time', source }: Job, state: JobState) =>
  copyKind === 'clone'
    ? ({ kind: 'clone', source: source.identifier } as const)
    : ({ kind: copyKind, source: source.identifier, restoreTo: getRestoreTo(state) } as const);

const findOwnCluster = async (
  aurora: Deps['aurora'],
  job: Job,
  taken: DrillError,
): Promise<string | null> => {
  const existing = await aurora.findCluster(job.target.cluster);
  if (existing === undefined) {
    // The name is taken, most likely by the first run, and descriptions lag behind: look again in a moment.
    const what = `cluster ${job.target.cluster} exists and is not visible yet`;
    throw new DrillError('AwsUnavailable', what, { cause: taken });
  }
  const { owner, neverDeleted } = removalOf(job);
  const refusal = findRefusal(existing, owner, neverDeleted);
  if (refusal !== null) throw new DrillError('TargetNameTaken', refusal, { cause: taken });
  return existing.createdAt;
};

export const handler = lambdaHandler(restoreCluster, {
  aurora: rdsAurora({ findCluster, restoreCluster: rdsRestoreCluster }),
  now: systemClock,
});
