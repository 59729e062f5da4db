// Called by the state machine once the restored writer is available, inside the VPC.
// Changes nothing: reads one read-only snapshot of the copy as production was read, and compares it with the baseline.
// Running it twice compares twice. The copy does not change in between.
import { iamDatabase } from '../../shared/aws/iam-database.ts';
import { lambdaHandler, logCheck } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import { addressOfCopy } from '../../shared/database/copy-address.ts';
import { type Database, maxReadingMs } from '../../shared/database/port.ts';
import type { Baseline, Preparation } from '../../shared/drill/state.ts';
import { defineStep } from '../../shared/drill/step.ts';
import { describeVerification } from '../../shared/drill/verification.ts';
import { type Clock, limitTime, toIso } from '../../shared/instants.ts';
import { unpack } from '../../shared/job/packing.ts';
import { type CheckResult, listSideEffectChecks } from '../../shared/truth/checks.ts';
import { assertConclusive, compareRestored, type Expectation } from '../../shared/truth/comparison.ts';
import { lendProduction } from '../../shared/truth/production.ts';
import { defaultSchemaOf } from '../../shared/truth/wanted.ts';

type Deps = { database: Database; onCheck: (check: CheckResult) => void; now: Clock };

export const verifyRestore = defineStep(
  'VerifyRestore',
  ['PrepareDrill', 'CaptureBaseline', 'CheckCluster'],
  async (state, deps: Deps) => {
    const { PrepareDrill: drill, CheckCluster: restored } = state;
    const baseline = state.CompleteBaseline ?? state.CaptureBaseline;
    const address = addressOfCopy(drill.target.cluster, restored, {
      address: drill.baselineAddress,
      endpoint: drill.source.endpoint,
    });
    const { remainingMs, within } = limitTime(deps.now, maxReadingMs);
    const options = { sessions: drill.checks.sessions, remainingMs };
    const production = lendProduction(() => deps.database.open(drill.baselineAddress, options), within);
    const reader = await deps.database.open(address, options);
    try {
      await reader.openSnapshot(0);
      const firstAnswerAt = toIso(deps.now());
      const checks: CheckResult[] = [];
      for await (const check of compareRestored(reader, { ...expectationOf(drill, baseline), production })) {
        deps.onCheck(check);
        checks.push(check);
      }
      assertConclusive(baseline.kind, checks);
      for (const check of listSideEffectChecks(baseline.sideEffects)) {
        deps.onCheck(check);
        checks.push(check);
      }
      return describeVerification(firstAnswerAt, checks);
    } finally {
      await Promise.all([reader.close(), production.close()]);
    }
  },
);

const expectationOf = (drill: Preparation, baseline: Baseline): Expectation => ({
  kind: baseline.kind,
  restoreTo: baseline.restoreTo,
  bracket: baseline.bracket && { instant: baseline.restoreTo, ...baseline.bracket },
  figures: unpack(baseline.figures),
  checks: drill.checks,
  defaultSchema: defaultSchemaOf(drill.baselineAddress),
});

export const handler = lambdaHandler(verifyRestore, {
  database: iamDatabase(),
  onCheck: logCheck,
  now: systemClock,
});
