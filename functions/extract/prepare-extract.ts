// Called by the state machine first, with the execution input as somebody typed it.
// Changes nothing in AWS: reads the plan, describes the source, every other source, and the sandbox.
// Running it twice gives the same names for a time that the start named, and looks again for the latest one.
import type { Aurora, Cluster } from '../../shared/aurora/port.ts';
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
import { defineExtractStep, type ExtractPreparation } from '../../shared/extracting/state.ts';
import { listAskedTables, parseExtractInput } from '../../shared/extraction/input.ts';
import { sandboxSchema } from '../../shared/extraction/names.ts';
import { assertSandboxCluster } from '../../shared/extraction/sandbox.ts';
import { addSeconds, type Clock, isAfter, toWholeSecond } from '../../shared/instants.ts';
import { readParameters } from '../../shared/job/parameters.ts';
import {
  assertInsideWindow,
  findDrillable,
  fixJob,
  readRestorableWindow,
} from '../../shared/job/preparation.ts';
import { describeProduction } from '../../shared/job/production.ts';
import { triggerOf } from '../../shared/job/trigger.ts';
import { choosePlan, parsePlans, sourcesOf } from '../../shared/plan/plans.ts';
import { chooseSandbox } from '../../shared/plan/sandboxes.ts';
import { listQuietKinds } from '../../shared/plan/side-effects.ts';
import { dialectOf } from '../../shared/sql/tokens.ts';
import { maxTeardownMinutes } from '../../shared/teardown/pass.ts';
import { defaultSchemaOf, listFreshness } from '../../shared/truth/wanted.ts';

type Deps = {
  aurora: Pick<Aurora, 'findCluster' | 'listInstances' | 'listClusterParameters' | 'listInstanceParameters'>;
  readPlans: () => Promise<string>;
  teardownMinutes: number;
  now: Clock;
};

export const prepareExtract = defineExtractStep(
  'PrepareExtract',
  [],
  async ({ execution }, { aurora, readPlans, teardownMinutes }: Deps): Promise<ExtractPreparation> => {
    const input = parseExtractInput(execution.input, execution.startedAt);
    const plans = parsePlans(await readPlans(), plansFileName);
    const { name, plan } = choosePlan(plans, input.plan, plansFileName);
    const sandbox = chooseSandbox({ name, plan }, input.sandbox);
    const source = await findDrillable(aurora, plan.source);
    const instances = await aurora.listInstances(source.identifier);
    const sourceAddress = {
      engine: source.engine,
      host: source.readerEndpoint ?? source.endpoint ?? source.identifier,
      port: source.port,
      database: plan.database.name,
      user: plan.database.user,
    };
    const defaultSchema = defaultSchemaOf(sourceAddress);
    const tables = listAskedTables(input, { dialect: dialectOf(source.engine), defaultSchema });
    const others = await findOthers(aurora, sourcesOf(plans), source);
    const described = await aurora.findCluster(sandbox.cluster);
    const { identifier, endpoint, port } = assertSandboxCluster(sandbox, described, source, others);

    const restoreTo = fixInstant(source, input.restoreTo);
    const job = fixJob({
      kind: 'extract',
      execution,
      plan: { name, ...plan },
      sources: sourcesOf(plans),
      source,
      instances,
      copyKind: 'point-in-time',
      restoreTo,
      teardownMinutes,
    });
    return {
      ...job,
      restoreTo,
      askedFor: input.restoreTo,
      trigger: triggerOf(execution.name, input.reason ?? null),
      dryRun: input.dryRun,
      tables,
      withParents: input.withParents,
      sandbox: { ...sandbox, host: endpoint ?? identifier, port },
      schema: sandboxSchema(source.identifier, restoreTo, job.id),
      production: [
        describeProduction(source, instances),
        ...others.map((other) => describeProduction(other, [])),
      ],
      sourceAddress,
      sessions: plan.checks.sessions,
      freshness: listFreshness(plan.checks, defaultSchema),
      sideEffects: {
        action: plan.sideEffects,
        quiet: listQuietKinds(await readParameters(aurora, job.restore)),
      },
    };
  },
);

/** The sources of other plans, those that there are. */
const findOthers = async (
  aurora: Deps['aurora'],
  identifiers: readonly string[],
  { identifier }: Cluster,
): Promise<Cluster[]> => {
  const others = identifiers.filter((other) => other !== identifier);
  const found = await Promise.all(others.map((other) => aurora.findCluster(other)));
  return found.filter((cluster) => cluster !== undefined);
};

/** A time that the backups do not reach yet is waited for. @param asked null for the latest that they reach */
const fixInstant = (source: Cluster, asked: string | null): string => {
  const { earliest, latest } = readRestorableWindow(source);
  const instant = asked ?? addSeconds(toWholeSecond(latest), -1);
  if (isAfter(latest, instant)) assertInsideWindow(instant, earliest, latest);
  return instant;
};

export const handler = lambdaHandler(prepareExtract, {
  aurora: rdsAurora({ findCluster, listInstances, listClusterParameters, listInstanceParameters }),
  readPlans: readPackagedPlans,
  teardownMinutes: maxTeardownMinutes,
  now: systemClock,
});
