// Called by the state machine once people were told that the writer is usable.
// Creates the readers of the recovered cluster in RDS; billing for each begins once it is available.
// Running it twice finds the instances of the first run among the members of the recovered cluster.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { addWriter as addInstance, listInstances, rdsAurora } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { isDrillError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/instants.ts';
import { defineRecoveryStep, type RecoveryPreparation } from '../../shared/recovering/state.ts';
import type { PlannedReader } from '../../shared/recovery/readers.ts';

type Deps = { aurora: Pick<Aurora, 'addWriter' | 'listInstances'>; now: Clock };

export const addReaders = defineRecoveryStep(
  'AddReaders',
  ['PrepareRecovery'],
  async ({ PrepareRecovery: job }, { aurora }: Deps) => {
    // One after the other, in order of promotion: if the account runs out of instances, those that matter most are there.
    for (const reader of job.readers) await addReader(aurora, job, reader);
    return { readers: job.readers.map(({ identifier }) => identifier) };
  },
);

const addReader = async (
  aurora: Deps['aurora'],
  { source, target, tags }: RecoveryPreparation,
  { identifier, instanceClass, parameterGroup, promotionTier }: PlannedReader,
): Promise<void> => {
  try {
    await aurora.addWriter({
      cluster: target.cluster,
      identifier,
      engine: source.engine,
      instanceClass,
      parameterGroup,
      promotionTier,
      tags,
    });
  } catch (error) {
    if (!isDrillError(error, 'TargetNameTaken')) throw error;
    const members = await aurora.listInstances(target.cluster);
    if (!members.some((member) => member.identifier === identifier)) throw error;
  }
};

export const handler = lambdaHandler(addReaders, {
  aurora: rdsAurora({ addWriter: addInstance, listInstances }),
  now: systemClock,
});
