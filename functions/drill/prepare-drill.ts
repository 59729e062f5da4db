// Called by the state machine first, with the execution input as somebody typed it.
// Changes nothing in AWS: reads the plan and describes the source cluster.
// Running it twice gives the same names and settings: they derive from the execution and the source.
import type { Aurora, Cluster } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { plansFileName, readPackagedPlans } from '../../shared/aws/plans-file.ts';
import { findCluster, listInstances, rdsAurora } from '../../shared/aws/rds.ts';
import { systemClock } from '../../shared/clock.ts';
import { parseExecutionInput } from '../../shared/drill/input.ts';
import type { Preparation } from '../../shared/drill/state.ts';
import { defineStep } from '../../shared/drill/step.ts';
import { DrillError } from '../../shared/errors.ts';
import { addSeconds, type Clock, secondsBetween, toIso } from '../../shared/instants.ts';
import { jobId, tagsOf, targetNames } from '../../shared/job/names.ts';
import {
  assertDrillable,
  assertInsideWindow,
  completeFromSource,
  readRestorableWindow,
} from '../../shared/job/preparation.ts';
import { triggerOf } from '../../shared/job/trigger.ts';
import { choosePlan, type Plan, parsePlans, sourcesOf } from '../../shared/plan/plans.ts';
import { maxTeardownMinutes } from '../../shared/teardown/pass.ts';

type Deps = {
  aurora: Pick<Aurora, 'findCluster' | 'listInstances'>;
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
    const source = await findSource(aurora, plan.source);
    const instances = await aurora.listInstances(source.identifier);
    const { earliest, latest } = readRestorableWindow(source);
    const restoreTo = input.restoreTo === undefined ? null : toIso(new Date(input.restoreTo));
    if (restoreTo !== null) assertInsideWindow(restoreTo, earliest, latest);

    const id = jobId(execution.id);
    const deadline = addSeconds(execution.startedAt, plan.timeoutMinutes * 60);
    const expires = addSeconds(deadline, teardownMinutes * 60);
    const { rtoMinutes, rpoMinutes } = plan.objectives;
    return {
      id,
      plan: name,
      trigger: triggerOf(execution.name, input.reason ?? null),
      dryRun: input.dryRun ?? false,
      copyKind: 'point-in-time',
      source: {
        identifier: source.identifier,
        engine: source.engine,
        engineVersion: source.engineVersion,
        endpoint: source.endpoint,
      },
      target: targetNames(source.identifier, id),
      baselineAddress: {
        engine: source.engine,
        host: source.readerEndpoint ?? source.endpoint ?? source.identifier,
        port: source.port,
        database: plan.database.name,
        user: plan.database.user,
      },
      restore: completeFromSource(plan, source, instances),
      checks: plan.checks,
      objectives: { rtoSeconds: toSeconds(rtoMinutes), rpoSeconds: toSeconds(rpoMinutes) },
      restoreTo,
      rpoSeconds: Math.max(0, secondsBetween(latest, toIso(now()))),
      deadline,
      tags: tagsOf({ id, kind: 'drill', source: source.identifier, execution: execution.id, expires }),
      neverDeleted: listNeverDeleted(plans, source),
    };
  },
);

const listNeverDeleted = (plans: Record<string, Plan>, { identifier, resourceId }: Cluster): string[] => [
  ...new Set([identifier, ...(resourceId === null ? [] : [resourceId]), ...sourcesOf(plans)]),
];

const toSeconds = (minutes: number | undefined): number | null =>
  minutes === undefined ? null : minutes * 60;

const findSource = async (aurora: Deps['aurora'], identifier: string): Promise<Cluster> => {
  const source = await aurora.findCluster(identifier);
  if (source === undefined) {
    throw new DrillError('SourceNotFound', `there is no cluster ${identifier} in this account and Region`);
  }
  assertDrillable(source);
  return source;
};

export const handler = lambdaHandler(prepareDrill, {
  aurora: rdsAurora({ findCluster, listInstances }),
  readPlans: readPackagedPlans,
  teardownMinutes: maxTeardownMinutes,
  now: systemClock,
});
