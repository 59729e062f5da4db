// Called by the state machine first, with the execution input as somebody typed it or as a pipeline gives it.
// Changes nothing in AWS: reads the plan, and describes the source.
// Running it twice describes twice.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { plansFileName, readPackagedPlans } from '../../shared/aws/plans-file.ts';
import { findCluster, rdsAurora } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { addSeconds, type Clock } from '../../shared/instants.ts';
import { findDrillable } from '../../shared/job/preparation.ts';
import { choosePlan, parsePlans } from '../../shared/plan/plans.ts';
import { parseMarkInput } from '../../shared/rewind/mark-input.ts';
import { defineMarkStep } from '../../shared/rewinding/mark-state.ts';

type Deps = { aurora: Pick<Aurora, 'findCluster'>; readPlans: () => Promise<string>; now: Clock };

export const prepareMark = defineMarkStep(
  'PrepareMark',
  [],
  async ({ execution }, { aurora, readPlans }: Deps) => {
    const { plan: wanted, snapshot, expiresDays } = parseMarkInput(execution.input);
    const { name, plan } = choosePlan(parsePlans(await readPlans(), plansFileName), wanted, plansFileName);
    const { identifier, engine, endpoint, port } = await findDrillable(aurora, plan.source);
    return {
      plan: name,
      isAllowed: plan.rewind === 'allowed',
      snapshot,
      expiresDays,
      source: { identifier, engine },
      sourceAddress: {
        engine,
        host: endpoint ?? identifier,
        port,
        database: plan.database.name,
        user: plan.database.user,
      },
      deadline: addSeconds(execution.startedAt, plan.timeoutMinutes * 60),
    };
  },
);

export const handler = lambdaHandler(prepareMark, {
  aurora: rdsAurora({ findCluster }),
  readPlans: readPackagedPlans,
  now: systemClock,
});
