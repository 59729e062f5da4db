// Called by the state machine first, with the execution input as somebody typed it.
// Changes nothing in AWS: reads the plan and the script, describes the source, and counts its clones.
// Running it twice gives the same names and settings: they come from the execution and the source.
import type { Aurora } from '../../shared/aurora/port.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { plansFileName, readPackagedPlans } from '../../shared/aws/plans-file.ts';
import {
  findCluster,
  listClusterParameters,
  listClusters,
  listInstanceParameters,
  listInstances,
  rdsAurora,
} from '../../shared/aws/rds.ts';
import { readScript as readFromS3, s3Reports } from '../../shared/aws/reports.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Clock } from '../../shared/instants.ts';
import { readParameters } from '../../shared/job/parameters.ts';
import { findDrillable, fixJob } from '../../shared/job/preparation.ts';
import { describeProduction } from '../../shared/job/production.ts';
import { triggerOf } from '../../shared/job/trigger.ts';
import { choosePlan, parsePlans, sourcesOf } from '../../shared/plan/plans.ts';
import { listQuietKinds } from '../../shared/plan/side-effects.ts';
import { chooseLimits, parseRehearseInput } from '../../shared/rehearsal/input.ts';
import { readScript } from '../../shared/rehearsal/script.ts';
import { packTexts, readTexts, type Scripts } from '../../shared/rehearsing/scripts.ts';
import { assertCloneable, listDifferences } from '../../shared/rehearsing/source.ts';
import { defineRehearsalStep, type RehearsalPreparation } from '../../shared/rehearsing/state.ts';
import { dialectOf } from '../../shared/sql/tokens.ts';
import { maxTeardownMinutes } from '../../shared/teardown/pass.ts';
import { countOf } from '../../shared/words.ts';

type Deps = {
  aurora: Pick<
    Aurora,
    'findCluster' | 'listClusters' | 'listInstances' | 'listClusterParameters' | 'listInstanceParameters'
  >;
  scripts: Scripts;
  readPlans: () => Promise<string>;
  teardownMinutes: number;
  now: Clock;
};

export const prepareRehearsal = defineRehearsalStep(
  'PrepareRehearsal',
  [],
  async ({ execution }, deps: Deps): Promise<RehearsalPreparation> => {
    const { aurora, scripts, readPlans, teardownMinutes } = deps;
    const input = parseRehearseInput(execution.input);
    const plans = parsePlans(await readPlans(), plansFileName);
    const { name, plan } = choosePlan(plans, input.plan, plansFileName);
    const { texts, storedAt } = await readTexts(input.change, scripts);
    const source = await findDrillable(aurora, plan.source);
    const { statements } = readScript(texts, dialectOf(source.engine));
    const instances = await aurora.listInstances(source.identifier);
    await assertCloneable(aurora, source, instances);

    const job = fixJob({
      kind: 'rehearse',
      execution,
      plan: { name, ...plan },
      sources: sourcesOf(plans),
      source,
      instances,
      copyKind: 'clone',
      restoreTo: null,
      teardownMinutes,
    });
    return {
      ...job,
      trigger: triggerOf(execution.name, input.reason ?? null),
      dryRun: input.dryRun,
      summary: countOf(statements.length, 'statement'),
      change: packTexts(texts),
      storedAt,
      limits: chooseLimits(plan.rehearse.limits, input),
      contenderSeconds: input.contenderSeconds,
      production: describeProduction(source, instances),
      sourceAddress: {
        engine: source.engine,
        host: source.readerEndpoint ?? source.endpoint ?? source.identifier,
        port: source.port,
        database: plan.database.name,
        user: plan.database.user,
      },
      sideEffects: {
        action: plan.sideEffects,
        quiet: listQuietKinds(await readParameters(aurora, job.restore)),
      },
      differences: listDifferences(source, instances, job.restore),
    };
  },
);

export const handler = lambdaHandler(prepareRehearsal, {
  aurora: rdsAurora({
    findCluster,
    listClusters,
    listInstances,
    listClusterParameters,
    listInstanceParameters,
  }),
  scripts: s3Reports({ read: readFromS3 }),
  readPlans: readPackagedPlans,
  teardownMinutes: maxTeardownMinutes,
  now: systemClock,
});
