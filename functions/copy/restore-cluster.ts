// Called by the state machine once the source can be restored to the baseline's instant.
// Creates the drill's cluster in RDS, without instances; billing begins with it, and so does the RTO.
// Running it twice finds the cluster of the first run by its name and tags, and counts from its creation.
import type { Aurora } from '../../shared/aurora/port.ts';
import { findCluster, rdsAurora, restoreCluster as rdsRestoreCluster } from '../../shared/aurora/rds.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Preparation } from '../../shared/drill/state.ts';
import { DrillError, isDrillError } from '../../shared/errors.ts';
import { type Clock, isAfter, toIso } from '../../shared/instants.ts';
import { findRefusal } from '../../shared/job/guard.ts';
import { defineStep } from '../../shared/job/step.ts';
import { removalOf } from '../../shared/teardown/pass.ts';

type Deps = { aurora: Pick<Aurora, 'findCluster' | 'restoreCluster'>; now: Clock };

export const restoreCluster = defineStep(
  'RestoreCluster',
  ['PrepareDrill', 'CaptureBaseline'],
  async ({ PrepareDrill: drill, CaptureBaseline: baseline }, { aurora, now }: Deps) => {
    const { source, target, restore, tags } = drill;
    const requestedAt = toIso(now());
    // A restore that can only fail must not be paid for: an execution may have been redriven days later.
    if (!isAfter(drill.deadline, requestedAt)) {
      throw new DrillError(
        'DeadlineExceeded',
        `the deadline ${drill.deadline} has passed, so nothing is restored`,
      );
    }
    try {
      await aurora.restoreCluster({
        source: source.identifier,
        target: target.cluster,
        restoreTo: baseline.restoreTo,
        port: restore.port,
        subnetGroup: restore.subnetGroup,
        securityGroups: restore.securityGroups,
        parameterGroup: restore.clusterParameterGroup,
        capacity: restore.capacity,
        tags,
      });
    } catch (error) {
      if (!isDrillError(error, 'TargetNameTaken')) throw error;
      const createdAt = await findOwnCluster(aurora, drill, error);
      // The first run's request is what people wait for, so the RTO counts from there.
      const isEarlier = createdAt !== null && isAfter(requestedAt, createdAt);
      return { cluster: target.cluster, requestedAt: isEarlier ? createdAt : requestedAt };
    }
    return { cluster: target.cluster, requestedAt };
  },
);

const findOwnCluster = async (
  aurora: Deps['aurora'],
  drill: Preparation,
  taken: DrillError,
): Promise<string | null> => {
  const existing = await aurora.findCluster(drill.target.cluster);
  if (existing === undefined) {
    // The name is taken, most likely by the first run, and descriptions lag behind: look again in a moment.
    const what = `cluster ${drill.target.cluster} exists and is not visible yet`;
    throw new DrillError('AwsUnavailable', what, { cause: taken });
  }
  const { owner, neverDeleted } = removalOf(drill);
  const refusal = findRefusal(existing, owner, neverDeleted);
  if (refusal !== null) throw new DrillError('TargetNameTaken', refusal, { cause: taken });
  return existing.createdAt;
};

export const handler = lambdaHandler(restoreCluster, {
  aurora: rdsAurora({ findCluster, restoreCluster: rdsRestoreCluster }),
  now: systemClock,
});
