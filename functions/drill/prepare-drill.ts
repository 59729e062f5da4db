// Called by the state machine first, with the execution input as somebody typed it.
// Changes nothing in AWS: reads the plan, describes the source, its snapshots, and the parameter groups of the copy.
// Running it twice gives the same names and settings: they come from the execution and the source.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { plansFileName, readPackagedPlans } from '../../shared/aws/plans-file.ts';
import {
  findCluster,
  listClusterParameters,
  listInstanceParameters,
  listInstances,
  listSnapshots,
  rdsAurora,
} from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseExecutionInput } from '../../shared/drill/input.ts';
import type { Preparation } from '../../shared/drill/state.ts';
import { defineStep } from '../../shared/drill/step.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { chooseOrigin } from '../../shared/job/origin.ts';
import { readParameters } from '../../shared/job/parameters.ts';
import { findDrillable, fixJob } from '../../shared/job/preparation.ts';
import { triggerOf } from '../../shared/job/trigger.ts';
import { choosePlan, parsePlans, sourcesOf } from '../../shared/plan/plans.ts';
import { listQuietKinds } from '../../shared/plan/side-effects.ts';
import { maxTeardownMinutes } from '../../shared/teardown/pass.ts';

type Deps = {
  aurora: Pick<
    Aurora,
    'findCluster' | 'listInstances' | 'listSnapshots' | 'listClusterParameters' | 'listInstanceParameters'
  >;
  readPlans: () => Promise<string>;
  teardownMinutes: number;
  now: Clock;
};

export const prepareDrill = defineStep(
  'PrepareDrill',
  [],
  async ({ execution }, { aurora, readPlans, teardownMinutes, now }: Deps): Promise<Preparation> => {
    const input = parseExecutionInput(execution.input);
    const plans = parsePlans(await readPlans(), plansFileName);
    const { name, plan } = choosePlan(plans, input.plan, plansFileName);
    const source = await findDrillable(aurora, plan.source);
    const instances = await aurora.listInstances(source.identifier);
    const { rpoSeconds, ...origin } = await chooseOrigin(aurora, source, plan.restore.from ?? 'log', {
      restoreTo: input.restoreTo === undefined ? null : toIso(new Date(input.restoreTo)),
      now,
    });

    const { rtoMinutes, rpoMinutes } = plan.objectives;
    const job = fixJob({
      kind: 'drill',
      execution,
      plan: { name, ...plan },
      sources: sourcesOf(plans),
      source,
      instances,
      ...origin,
      teardownMinutes,
    });
    return {
      ...job,
      trigger: triggerOf(execution.name, input.reason ?? null),
      dryRun: input.dryRun ?? false,
      baselineAddress: {
        engine: source.engine,
        host: source.readerEndpoint ?? source.endpoint ?? source.identifier,
        port: source.port,
        database: plan.database.name,
        user: plan.database.user,
      },
      checks: plan.checks,
      sideEffects: {
        action: plan.sideEffects,
        quiet: listQuietKinds(await readParameters(aurora, job.restore)),
      },
      objectives: { rtoSeconds: toSeconds(rtoMinutes), rpoSeconds: toSeconds(rpoMinutes) },
      rpoSeconds,
    };
  },
);

const toSeconds = (minutes: number | undefined): number | null =>
  minutes === undefined ? null : minutes * 60;

export const handler = lambdaHandler(prepareDrill, {
  aurora: rdsAurora({
    findCluster,
    listInstances,
    listSnapshots,
    listClusterParameters,
    listInstanceParameters,
  }),
  readPlans: readPackagedPlans,
  teardownMinutes: maxTeardownMinutes,
  now: systemClock,
});
