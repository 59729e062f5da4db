// Called by a state machine for a copy of a fresh snapshot, once its source has been read.
// Creates one cluster snapshot of the source in RDS, under the job's own name and tags.
// Running it twice finds the snapshot of the first run by its name and tags, and counts from its creation.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { findSnapshot, rdsAurora, takeSnapshot as rdsTakeSnapshot } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { isDrillError } from '../../shared/errors.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { assertInTime, claimOwn, countFrom } from '../../shared/job/creation.ts';
import { findSnapshotRefusal } from '../../shared/job/guard.ts';
import { targetNames } from '../../shared/job/names.ts';
import { defineCopyStep } from '../../shared/job/step.ts';
import { removalOf } from '../../shared/teardown/pass.ts';

type Deps = { aurora: Pick<Aurora, 'takeSnapshot' | 'findSnapshot'>; now: Clock };

export const takeSnapshot = defineCopyStep('TakeSnapshot', [], async (job, _, { aurora, now }: Deps) => {
  const { id, source, tags } = job;
  const { snapshot } = targetNames(source.identifier, id);
  const requestedAt = toIso(now());
  assertInTime(job, requestedAt, 'taken');
  try {
    await aurora.takeSnapshot({ cluster: source.identifier, identifier: snapshot, tags });
  } catch (error) {
    const isTaken = isDrillError(error, 'TargetNameTaken');
    // A source that is backing up is refused too. Our own snapshot, whose answer was lost, may be why.
    if (!isTaken && !isDrillError(error, 'InvalidClusterState')) throw error;
    const { owner } = removalOf(job);
    const found = await aurora.findSnapshot(snapshot);
    if (!isTaken && found === undefined) throw error;
    const own = claimOwn(found, `snapshot ${snapshot}`, (one) => findSnapshotRefusal(one, owner), error);
    return { snapshot, requestedAt: countFrom(requestedAt, own.createdAt) };
  }
  return { snapshot, requestedAt };
});

export const handler = lambdaHandler(takeSnapshot, {
  aurora: rdsAurora({ takeSnapshot: rdsTakeSnapshot, findSnapshot }),
  now: systemClock,
});
