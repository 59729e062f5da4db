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
import type { TableFigures, Verification } from '../shared/drill-state.ts';
import { DrillError } from '../shared/errors.ts';
import { type Clock, toIso } from '../shared/instants.ts';
import { lambdaHandler, logCheck } from '../shared/lambda.ts';
import type { Checks } from '../shared/plan.ts';
import { defineStep } from '../shared/step.ts';
import { formatTableName, type Table } from '../shared/tables.ts';

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
    const session = await deps.database.open({ ...drill.baselineAddress, host, port });
    try {
      await session.openSnapshot({ atWholeSecond: false });
      const firstAnswerAt = toIso(deps.now());
      const checks: CheckResult[] = [];
      for await (const check of compareAll(session, baseline.tables, drill.checks)) {
        deps.onCheck(check);
        checks.push(check);
      }
      return { firstAnswerAt, checks } satisfies Verification;
    } finally {
      await session.close();
    }
  },
);

/** Every check, one after the other as it is done: schema and rows of each table, then what should not be there. */
async function* compareAll(
  session: Session,
  baseline: TableFigures[],
  checks: Checks,
): AsyncGenerator<CheckResult> {
  const restored = new Map((await session.listTables()).map((table) => [formatTableName(table), table]));
  for (const expected of baseline) {
    const table = restored.get(expected.table);
    const actual = table && { ...figuresOf(table), rows: await session.countRows(table) };
    yield compareSchema(expected, actual);
    yield compareRows(expected, actual, toleranceOf(checks, expected.table));
  }
  if (checks.tables !== 'all') return;
  const known = new Set(baseline.map(({ table }) => table));
  for (const [name, table] of restored) {
    if (!known.has(name)) yield unexpectedTable(figuresOf(table));
  }
}

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
