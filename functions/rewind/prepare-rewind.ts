// Called by the state machine first, with the execution input as somebody typed it.
// Changes nothing in AWS: reads the plan, and describes the source.
// Running it twice gives the same names: they come from the source and from the code, or from the start.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { plansFileName, readPackagedPlans } from '../../shared/aws/plans-file.ts';
import {
  findCluster,
  listClusterParameters,
  listInstanceParameters,
  listInstances,
  rdsAurora,
} from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { DrillError } from '../../shared/errors.ts';
import type { Clock } from '../../shared/instants.ts';
import { readParameters } from '../../shared/job/parameters.ts';
import { findDrillable } from '../../shared/job/preparation.ts';
import { triggerOf } from '../../shared/job/trigger.ts';
import { choosePlan, parsePlans, sourcesOf } from '../../shared/plan/plans.ts';
import { listQuietKinds } from '../../shared/plan/side-effects.ts';
import { settleRecovered } from '../../shared/recovering/job.ts';
import { chooseTests } from '../../shared/recovering/plan-tests.ts';
import { parseRewindInput } from '../../shared/rewind/input.ts';
import { fixRewind } from '../../shared/rewinding/job.ts';
import { defineRewindStep, type RewindPreparation } from '../../shared/rewinding/state.ts';

type Deps = {
  aurora: Pick<Aurora, 'findCluster' | 'listInstances' | 'listClusterParameters' | 'listInstanceParameters'>;
  readPlans: () => Promise<string>;
  now: Clock;
};

export const prepareRewind = defineRewindStep(
  'PrepareRewind',
  [],
  async ({ execution }, { aurora, readPlans }: Deps): Promise<RewindPreparation> => {
    const {
      plan: wanted,
      restoreTo: to,
      reason = null,
      tests,
      confirm = null,
    } = parseRewindInput(execution.input, execution.startedAt);
    const plans = parsePlans(await readPlans(), plansFileName);
    const { name, plan } = choosePlan(plans, wanted, plansFileName);
    const isAllowed = plan.rewind === 'allowed';
    if (confirm !== null && !isAllowed) refuseRewind(name);

    const cluster = await findDrillable(aurora, plan.source);
    const source = {
      cluster,
      instances: await aurora.listInstances(plan.source),
      stands: true,
      window: null,
    };
    const restore = settleRecovered(plan, source);
    return {
      ...fixRewind({
        execution,
        plan: { name, ...plan },
        sources: sourcesOf(plans),
        source,
        restore,
        confirm,
      }),
      trigger: triggerOf(execution.name, reason),
      to,
      confirm,
      isAllowed,
      sourceAddress: {
        engine: cluster.engine,
        host: cluster.endpoint ?? cluster.identifier,
        port: cluster.port,
        database: plan.database.name,
        user: plan.database.user,
      },
      sessions: plan.checks.sessions,
      sideEffects: { action: plan.sideEffects, quiet: listQuietKinds(await readParameters(aurora, restore)) },
      tests: chooseTests(plan.tests, tests),
    };
  },
);

const refuseRewind = (plan: string): never => {
  throw new DrillError(
    'InvalidPlan',
    `plan ${plan} has no rewind: allowed, so no role may rewind its source`,
    {
      hint: 'recover to the same time instead; or write rewind: allowed in the plan, deploy it, and begin with the pre-flight',
    },
  );
};

export const handler = lambdaHandler(prepareRewind, {
  aurora: rdsAurora({ findCluster, listInstances, listClusterParameters, listInstanceParameters }),
  readPlans: readPackagedPlans,
  now: systemClock,
});
