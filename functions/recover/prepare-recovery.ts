// Called by the state machine first, with the execution input as somebody typed it.
// Changes nothing in AWS: reads the plan and the history, describes the source, its backups, and what the account may have.
// Running it twice gives the same names for a time that the start named, and looks again for the latest one.
import prices from '../../config/prices.json' with { type: 'json' };
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler, logWarning, type Warn } from '../../shared/aws/lambda.ts';
import { plansFileName, readPackagedPlans } from '../../shared/aws/plans-file.ts';
import {
  findCluster,
  listClusterParameters,
  listClusters,
  listInstanceParameters,
  listInstances,
  listSnapshots,
  rdsAurora,
} from '../../shared/aws/rds.ts';
import { listRetainedBackups, readQuotas } from '../../shared/aws/rds-recovery.ts';
import { read, s3Reports } from '../../shared/aws/reports.ts';
import { systemClock } from '../../shared/clock.ts';
import { isDrillError } from '../../shared/errors.ts';
import { indexKey, parseHistory } from '../../shared/history/document.ts';
import { measureRestores } from '../../shared/history/measured.ts';
import type { Reports } from '../../shared/history/reports.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import { readParameters } from '../../shared/job/parameters.ts';
import type { RestoreSettings } from '../../shared/job/state.ts';
import { triggerOf } from '../../shared/job/trigger.ts';
import { choosePlan, parsePlans, sourcesOf } from '../../shared/plan/plans.ts';
import { listQuietKinds } from '../../shared/plan/side-effects.ts';
import { fixRecovery, settleRecovered } from '../../shared/recovering/job.ts';
import { chooseTests } from '../../shared/recovering/plan-tests.ts';
import { readFacts } from '../../shared/recovering/sights.ts';
import { findSource, type SeenSource } from '../../shared/recovering/source.ts';
import { defineRecoveryStep, type RecoveryPreparation } from '../../shared/recovering/state.ts';
import { adviseRecovery, takeChoice } from '../../shared/recovery/advice.ts';
import type { Measured } from '../../shared/recovery/facts.ts';
import { parseRecoverInput } from '../../shared/recovery/input.ts';
import { recoveredNames } from '../../shared/recovery/names.ts';
import { planReaders } from '../../shared/recovery/readers.ts';
import { type Prices, parsePrices } from '../../shared/result/prices.ts';

type Deps = {
  aurora: Pick<
    Aurora,
    | 'findCluster'
    | 'listClusters'
    | 'listInstances'
    | 'listSnapshots'
    | 'listRetainedBackups'
    | 'readQuotas'
    | 'listClusterParameters'
    | 'listInstanceParameters'
  >;
  readPlans: () => Promise<string>;
  reports: Pick<Reports, 'read'>;
  prices: () => Prices;
  now: Clock;
  warn: Warn;
};

export const prepareRecovery = defineRecoveryStep(
  'PrepareRecovery',
  [],
  async ({ execution }, deps: Deps): Promise<RecoveryPreparation> => {
    const { aurora, readPlans, prices, now } = deps;
    const input = parseRecoverInput(execution.input, execution.startedAt);
    const plans = parsePlans(await readPlans(), plansFileName);
    const { name, plan } = choosePlan(plans, input.plan, plansFileName);
    const tests = chooseTests(plan.tests, input.tests);
    const source = await findSource(aurora, plan.source);
    const restore = settleRecovered(plan, source);
    const wish = { ...plan.recover, ...(input.readers !== undefined && { readers: input.readers }) };
    const planFor = (cluster: string) => planRecoveredReaders(source, restore, wish, cluster);

    const facts = await readFacts(aurora, {
      source,
      restoreTo: input.restoreTo,
      restore,
      readers: planFor(''),
      execution: execution.id,
      measured: await readMeasured(name, deps),
      prices: prices(),
    });
    const advice = adviseRecovery(facts, input.mechanism, toIso(now()));
    const choice = takeChoice(advice, plan.source, input.mechanism);
    const { cluster, instances, stands } = source;
    const readers = planFor(recoveredNames(cluster.identifier, choice.reaches).cluster);
    return {
      ...fixRecovery({
        execution,
        plan: { name, ...plan },
        sources: sourcesOf(plans),
        source,
        snapshots: facts.snapshots,
        restore,
        choice,
      }),
      trigger: triggerOf(execution.name, input.reason ?? null),
      dryRun: input.dryRun,
      advice,
      isAhead: choice.mechanism === 'point-in-time' && choice.isAhead,
      seen: {
        cluster,
        writer: instances.find((one) => one.identifier === cluster.writer) ?? null,
        readers: instances.filter(({ identifier }) => readers.some(({ like }) => like === identifier)),
        stands,
      },
      sourceAddress: {
        engine: cluster.engine,
        host: cluster.endpoint ?? cluster.identifier,
        port: cluster.port,
        database: plan.database.name,
        user: plan.database.user,
      },
      sessions: plan.checks.sessions,
      sideEffects: { action: plan.sideEffects, quiet: listQuietKinds(await readParameters(aurora, restore)) },
      readers,
      tests,
    };
  },
);

const planRecoveredReaders = (
  { cluster, instances }: SeenSource,
  { instanceClass, instanceParameterGroup }: RestoreSettings,
  wish: { readers: number | 'same'; instanceClass?: string | undefined },
  name: string,
) =>
  planReaders(
    { writer: cluster.writer, instances },
    wish.readers,
    name,
    { instanceClass, parameterGroup: instanceParameterGroup },
    wish.instanceClass,
  );

/** Only for the minutes expected: a recovery without them is as good. */
const readMeasured = async (plan: string, { reports, warn }: Deps): Promise<Measured> => {
  try {
    const index = await reports.read(indexKey);
    return index === null ? {} : measureRestores(parseHistory(index.text, indexKey), plan);
  } catch (error) {
    if (!isDrillError(error)) throw error;
    warn('reading the history failed', { error: error.name, cause: error.summary });
    return {};
  }
};

export const handler = lambdaHandler(prepareRecovery, {
  aurora: rdsAurora({
    findCluster,
    listClusters,
    listInstances,
    listSnapshots,
    listRetainedBackups,
    readQuotas,
    listClusterParameters,
    listInstanceParameters,
  }),
  readPlans: readPackagedPlans,
  reports: s3Reports({ read }),
  prices: () => parsePrices(prices),
  now: systemClock,
  warn: logWarning,
});
