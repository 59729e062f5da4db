import { type CheckResult, compareRows, compareSchema, toleranceOf, unexpectedTable } from './checks.ts';
import type { Session } from './database.ts';
import { type Baseline, maxVerificationBytes, type TableFigures } from './drill-state.ts';
import { DrillError } from './errors.ts';
import type { Checks } from './plan.ts';
import { formatTableName, type Table } from './tables.ts';
import { countOf } from './words.ts';

/** Room for the reasons of checks that fail, beyond what the baseline has made sure of. */
const reasonBytes = 40 * 1024;

/** Every check, one after the other as it is done: schema and rows of each table, then what should not be there. */
export async function* compareRestored(
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

/** @throws DrillError ChecksFailed when the checks prove nothing, or are too many to be told */
export const assertConclusive = (baseline: Baseline, checks: CheckResult[]): void => {
  assertProves(baseline, checks);
  assertFits(baseline, checks);
};

/** Without counts of production to compare with, equal schemas alone would let an empty copy pass. */
const assertProves = (baseline: Baseline, checks: CheckResult[]): void => {
  const hasRows = checks.some(({ kind, actual }) => kind === 'rows' && Number(actual) > 0);
  if (baseline.kind === 'none' && !hasRows) {
    throw new DrillError('ChecksFailed', 'the restored copy has no row in any table that is checked', {
      hint: 'treat production as not restorable to that time until you know why the copy is empty',
    });
  }
};

/** So many findings that the state data cannot hold them are told by their number and the first. */
const assertFits = (baseline: Baseline, checks: CheckResult[]): void => {
  const bytes = Buffer.byteLength(JSON.stringify([baseline.tables, checks]));
  if (bytes <= maxVerificationBytes + reasonBytes) return;
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  const first = failed[0] ?? checks.find(({ verdict }) => verdict === 'skipped');
  const findings = `${countOf(failed.length, 'check')} failed, and there are ${checks.length}, too many to list`;
  throw new DrillError('ChecksFailed', `${findings}; ${first?.name}: ${first?.reason}`);
};

const figuresOf = (table: Table): TableFigures => ({
  table: formatTableName(table),
  columns: table.columns,
  rows: null,
});
