// Called by the state machine once the restored writer is available, inside the VPC.
// Changes nothing: one read-only snapshot of the restored copy is compared with the baseline's figures.
// Running it twice compares twice; the copy does not change between.
import {
  type CheckResult,
  compareRows,
  compareSchema,
  toleranceOf,
  unexpectedTable,
} from '../shared/checks.ts';
import { systemClock } from '../shared/clock.ts';
import type { Database, Session } from '../shared/database.ts';
import { iamPostgres } from '../shared/database-iam.ts';
import {
  type Baseline,
  maxVerificationBytes,
  type TableFigures,
  type Verification,
} from '../shared/drill-state.ts';
import { DrillError } from '../shared/errors.ts';
import { type Clock, toIso } from '../shared/instants.ts';
import { lambdaHandler, logCheck } from '../shared/lambda.ts';
import type { Checks } from '../shared/plan.ts';
import { defineStep } from '../shared/step.ts';
import { formatTableName, type Table } from '../shared/tables.ts';

/** Room for the reasons of checks that fail, beyond what the baseline has made sure of. */
const reasonBytes = 40 * 1024;

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
    if (host === drill.baselineAddress.host && port === drill.baselineAddress.port) {
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
      for await (const check of compareAll(session, baseline, drill.checks)) {
        deps.onCheck(check);
        checks.push(check);
      }
      assertProves(baseline, checks);
      assertFits(baseline, checks);
      return { firstAnswerAt, checks } satisfies Verification;
    } finally {
      await session.close();
    }
  },
);

/** Every check, one after the other as it is done: schema and rows of each table, then what should not be there. */
async function* compareAll(
  session: Session,
  baseline: Baseline,
  checks: Checks,
): AsyncGenerator<CheckResult> {
  const restored = new Map((await session.listTables()).map((table) => [formatTableName(table), table]));
  for (const expected of baseline.tables) {
    const table = restored.get(expected.table);
    const actual = table && { ...figuresOf(table), rows: await session.countRows(table) };
    yield compareSchema(expected, actual, baseline.kind);
    yield compareRows(expected, actual, toleranceOf(checks, expected.table), baseline.delayMs);
  }
  if (checks.tables !== 'all') return;
  const known = new Set(baseline.tables.map(({ table }) => table));
  for (const [name, table] of restored) {
    if (!known.has(name)) yield unexpectedTable(figuresOf(table), baseline.kind);
  }
}

/** Without counts of production to compare with, equal schemas alone would let an empty copy pass. */
const assertProves = (baseline: Baseline, checks: CheckResult[]): void => {
  const hasRows = checks.some(({ kind, actual }) => kind === 'rows' && Number(actual) > 0);
  if (baseline.kind === 'none' && !hasRows) {
    throw new DrillError('EmptyDatabase', 'the restored copy has no row in any table that is checked', {
      hint: 'treat production as not restorable to that time until you know why the copy is empty',
    });
  }
};

/** So many findings that the state data cannot hold them are told by the first. */
const assertFits = (baseline: Baseline, checks: CheckResult[]): void => {
  if (Buffer.byteLength(JSON.stringify([baseline.tables, checks])) <= maxVerificationBytes + reasonBytes)
    return;
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  const [first] = failed;
  throw new DrillError(
    'ChecksFailed',
    `${failed.length} checks failed, too many to list; ${first?.name}: ${first?.reason}`,
  );
};

const figuresOf = (table: Table): TableFigures => ({
  table: formatTableName(table),
  columns: table.columns,
  rows: null,
});

export const handler = lambdaHandler(verifyRestore, {
  database: iamPostgres(),
  onCheck: logCheck,
  now: systemClock,
});
