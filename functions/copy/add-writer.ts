// Called by the state machine once the restored cluster is available: a restore makes no instance by itself.
// Creates the copy's one instance in RDS; billing for it begins once it is available.
// Running it twice finds the instance of the first run among the members of the job's own cluster.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { listInstances, addWriter as rdsAddWriter, rdsAurora } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { isDrillError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/instants.ts';
import { defineCopyStep } from '../../shared/job/step.ts';

type Deps = { aurora: Pick<Aurora, 'addWriter' | 'listInstances'>; now: Clock };

export const addWriter = defineCopyStep(
  'AddWriter',
  [],
  async ({ source, target, restore, tags, kept }, _, { aurora }: Deps) => {
    try {
      await aurora.addWriter({
        cluster: target.cluster,
        identifier: target.writer,
        engine: source.engine,
        instanceClass: restore.instanceClass,
        parameterGroup: restore.instanceParameterGroup,
        ...(kept && { promotionTier: kept.promotionTier }),
        tags,
      });
    } catch (error) {
      if (!isDrillError(error, 'TargetNameTaken')) throw error;
      const members = await aurora.listInstances(target.cluster);
      if (!members.some(({ identifier }) => identifier === target.writer)) throw error;
    }
    return { instance: target.writer };
  },
);

export const handler = lambdaHandler(addWriter, {
  aurora: rdsAurora({ addWriter: rdsAddWriter, listInstances }),
  now: systemClock,
});
