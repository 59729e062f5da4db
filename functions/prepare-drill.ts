// Called by the state machine first, with the execution input as somebody typed it.
// Changes nothing in AWS: reads the plan and describes the source cluster.
// Running it twice gives the same names and settings: they derive from the execution and the source.
import type { Aurora, Cluster, Instance } from '../shared/aurora.ts';
import { rdsAurora } from '../shared/aurora-rds.ts';
import { systemClock } from '../shared/clock.ts';
import type { Preparation, RestoreSettings } from '../shared/drill-state.ts';
import { DrillError } from '../shared/errors.ts';
import { parseExecutionInput } from '../shared/execution-input.ts';
import { addSeconds, type Clock, isAfter, secondsBetween, toIso } from '../shared/instants.ts';
import { lambdaHandler } from '../shared/lambda.ts';
import { drillId, tagsOf, targetNames } from '../shared/names.ts';
import { choosePlan, type Plan, parsePlans } from '../shared/plan.ts';
import { plansFileName, readPackagedPlans } from '../shared/plans-file.ts';
import { classifyClusterStatus } from '../shared/statuses.ts';
import { defineStep } from '../shared/step.ts';
import { teardownMinutes } from '../shared/teardown.ts';
import { triggerOf } from '../shared/trigger.ts';

type Deps = { aurora: Aurora; readPlans: () => Promise<string>; now: Clock };

export const prepareDrill = defineStep(
  'PrepareDrill',
  [],
  async ({ execution }, { aurora, readPlans, now }: Deps): Promise<Preparation> => {
    const input = parseExecutionInput(execution.input);
    const { name, plan } = choosePlan(
      parsePlans(await readPlans(), plansFileName),
      input.plan,
      plansFileName,
    );
    const source = await findSource(aurora, plan.source);
    const instances = await aurora.listInstances(source.identifier);
    const { earliest, latest } = restorableWindow(source);
    const restoreTo = input.restoreTo === undefined ? null : toIso(new Date(input.restoreTo));
    if (restoreTo !== null) assertInsideWindow(restoreTo, earliest, latest);

    const id = drillId(execution.id);
    const deadline = addSeconds(execution.startedAt, plan.timeoutMinutes * 60);
    const expires = addSeconds(deadline, teardownMinutes * 60);
    const { rtoMinutes, rpoMinutes } = plan.objectives;
    return {
      id,
      plan: name,
      trigger: triggerOf(execution.name, input.reason ?? null),
      dryRun: input.dryRun ?? false,
      source: { identifier: source.identifier, engine: source.engine, engineVersion: source.engineVersion },
      target: targetNames(source.identifier, id),
      baselineAddress: {
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
      tags: tagsOf({ id, source: source.identifier, execution: execution.id, expires }),
    };
  },
);

const toSeconds = (minutes: number | undefined): number | null =>
  minutes === undefined ? null : minutes * 60;

const findSource = async (aurora: Aurora, identifier: string): Promise<Cluster> => {
  const source = await aurora.findCluster(identifier);
  if (source === undefined) {
    throw new DrillError('SourceNotFound', `there is no cluster ${identifier} in this account and Region`);
  }
  if (source.engine !== 'aurora-postgresql') {
    throw new DrillError(
      'NotSupported',
      `${identifier} runs ${source.engine}, and this version drills aurora-postgresql only`,
    );
  }
  const { readiness, reason } = classifyClusterStatus(source.status);
  if (readiness === 'failed') throw new DrillError('SourceNotRestorable', `source ${identifier}: ${reason}`);
  return source;
};

const restorableWindow = (source: Cluster): { earliest: string; latest: string } => {
  const { earliestRestorableTime: earliest, latestRestorableTime: latest } = source;
  if (earliest === null || latest === null) {
    throw new DrillError(
      'SourceNotRestorable',
      `source ${source.identifier} has no restorable window: its backups are off, or its own restore goes on`,
    );
  }
  return { earliest, latest };
};

const assertInsideWindow = (restoreTo: string, earliest: string, latest: string): void => {
  if (!isAfter(earliest, restoreTo) && isAfter(latest, restoreTo)) return;
  throw new DrillError(
    'RestoreTimeOutsideWindow',
    `restoreTo ${restoreTo} is ${isAfter(earliest, restoreTo) ? 'before' : 'after'} the restorable window, which is ${earliest} to ${latest}`,
  );
};

/** RDS gives an omitted setting its own default, not the source's, so everything is said outright (aurora-pitr). */
const completeFromSource = ({ restore }: Plan, source: Cluster, instances: Instance[]): RestoreSettings => {
  const writer = instances.find(({ identifier }) => identifier === source.writer) ?? instances[0];
  const instanceClass = restore.instanceClass ?? writer?.instanceClass;
  if (instanceClass === undefined) {
    throw new DrillError(
      'InvalidPlan',
      `restore.instanceClass is missing, and source ${source.identifier} has no instance to take it from`,
    );
  }
  return {
    port: restore.port ?? source.port,
    subnetGroup: restore.subnetGroup ?? source.subnetGroup,
    securityGroups: restore.securityGroups ?? source.securityGroups,
    clusterParameterGroup: restore.clusterParameterGroup ?? source.parameterGroup,
    instanceParameterGroup: restore.instanceParameterGroup ?? writer?.parameterGroup ?? null,
    instanceClass,
    capacity: restore.capacity ?? source.capacity,
  };
};

export const handler = lambdaHandler(prepareDrill, {
  aurora: rdsAurora(),
  readPlans: readPackagedPlans,
  now: systemClock,
});
