// Called by the state machine once the restored writer is available, inside the VPC.
// Changes nothing: one read-only snapshot of the restored copy is compared with the baseline's figures.
// Running it twice compares twice; the copy does not change between.
import type { CheckResult } from '../shared/checks.ts';
import { systemClock } from '../shared/clock.ts';
import { assertConclusive, compareRestored } from '../shared/comparison.ts';
import type { Database } from '../shared/database.ts';
import { iamPostgres } from '../shared/database-iam.ts';
import type { Verification } from '../shared/drill-state.ts';
import { DrillError } from '../shared/errors.ts';
import { type Clock, toIso } from '../shared/instants.ts';
import { lambdaHandler, logCheck } from '../shared/lambda.ts';
import { defineStep } from '../shared/step.ts';

type Deps = { database: Database; onCheck: (check: CheckResult) => void; now: Clock };

export const verifyRestore = defineStep(
  'VerifyRestore',
  ['PrepareDrill', 'CaptureBaseline', 'CheckCluster'],
  async ({ PrepareDrill: drill, CaptureBaseline: baseline, CheckCluster: restored }, deps: Deps) => {
    const { endpoint: host, port } = restored;
    if (host === null || port === null) {
      throw new DrillError(
        'UnreadableAnswer',
        `restored cluster ${drill.target.cluster} has no endpoint to connect to`,
      );
    }
    const isProduction = [drill.baselineAddress.host, drill.source.endpoint].includes(host);
    if (isProduction && port === drill.baselineAddress.port) {
      // Production compared with itself would always pass.
      throw new DrillError(
        'UnreadableAnswer',
        `restored cluster ${drill.target.cluster} has production's endpoint`,
      );
    }
    const session = await deps.database.open({ ...drill.baselineAddress, host, port });
    try {
      await session.openSnapshot({ atWholeSecond: false });
      const firstAnswerAt = toIso(deps.now());
      const checks: CheckResult[] = [];
      for await (const check of compareRestored(session, baseline, drill.checks)) {
        deps.onCheck(check);
        checks.push(check);
      }
      assertConclusive(baseline, checks);
      return { firstAnswerAt, checks } satisfies Verification;
    } finally {
      await session.close();
    }
  },
);

export const handler = lambdaHandler(verifyRestore, {
  database: iamPostgres(),
  onCheck: logCheck,
  now: systemClock,
});
