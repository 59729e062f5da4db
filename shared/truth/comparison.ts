import type { Reader } from '../database/port.ts';
import { trimStatement } from '../database/read-statement.ts';
import { byName, formatTableName, isView, type Table } from '../database/tables.ts';
import { DrillError } from '../errors.ts';
import type { Checks } from '../plan/plans.ts';
import { countOf, listSome } from '../words.ts';
import type { Bracket } from './bracket.ts';
import type { CheckResult, Comparability } from './checks.ts';
import { compareCounters, comparePositions, makePositionsCheck } from './counter-checks.ts';
import {
  compareDefinitions,
  type DefinitionBasis,
  type DefinitionFigures,
  skipDefinitions,
} from './definition-checks.ts';
import type { BaselineFigures } from './figures.ts';
import type { Now, Production } from './production.ts';
import { compareQuery, makeQueryCheck } from './query-checks.ts';
import { maxChecksBytes } from './room-in-state.ts';
import { compareObjects, compareSchema, type SchemaBasis, unexpectedTable } from './schema-checks.ts';
import { compareSettled, isSettledCheck } from './settled-checks.ts';
import { explainByTime, isOutside, measureSkew, type Skew, tellTime } from './skew.ts';
import { compareTable } from './table-comparison.ts';
import type { TableFigures, TableSchema } from './table-reading.ts';
import { judge } from './unreadable.ts';
import { wantedOf } from './wanted.ts';
import { nameRows, type Suspicion } from './which-rows.ts';

/** What the restored copy is compared with, and how. */
export type Expectation = {
  kind: Comparability;
  restoreTo: string;
  bracket: Bracket | null;
  figures: BaselineFigures;
  checks: Checks;
  defaultSchema: string;
  /** Production now. Undefined where nobody may ask it. */
  production?: Production;
};

/** Every check, in order, as it is done: each table, then unexpected tables, then the database as a whole. */
export async function* compareRestored(
  reader: Reader,
  expectation: Expectation,
): AsyncGenerator<CheckResult> {
  const listed = await reader.listTables(expectation.bracket?.defined);
  const { bracket, production } = expectation;
  const skew = await readSkew(reader, expectation, listed);
  const suspicions: Suspicion[] = [];
  const restored: Now = { reader, tables: byName(listed) };
  const found = compareTables(restored, expectation, (suspicion) => suspicions.push(suspicion));
  const named =
    production === undefined ? found : nameRows(found, { copy: restored, production, suspicions });
  if (bracket === null || skew === null) {
    yield* named;
  } else if (skew.kind === 'measured' && isOutside(skew, bracket)) {
    const checks: CheckResult[] = [];
    for await (const check of found) checks.push(check);
    yield* explainByTime(checks, skew, bracket, (check) => isOfThen(check, expectation.checks));
  } else {
    yield* tellTime(skew, bracket);
    yield* named;
  }
}

/** Where the copy lies in time, before anything is read of it. Null when production was not watched. */
const readSkew = async (
  reader: Reader,
  { bracket, figures: { progress = [] } }: Expectation,
  listed: readonly Table[],
): Promise<Skew | null> => {
  if (bracket === null || progress.length === 0) return null;
  const names = new Set(progress.flatMap(({ counts }) => Object.keys(counts)));
  const seen = listed.filter((table) => names.has(formatTableName(table)));
  return measureSkew(progress, await reader.readProgress(seen, 0), bracket.instant);
};

/** Does a copy of another time fail the check? A missing table and a damaged page are findings of their own. */
const isOfThen = ({ name, kind }: CheckResult, { queries }: Checks): boolean => {
  if (kind === 'schema') return name === 'positions';
  if (kind !== 'query') return !name.startsWith('integrity ');
  return queries.some((query) => makeQueryCheck(query).name === name && query.expect === 'same');
};

async function* compareTables(
  restored: Now,
  expectation: Expectation,
  suspect: (suspicion: Suspicion) => void,
): AsyncGenerator<CheckResult> {
  const { reader, tables } = restored;
  // All at once: the reader's sessions limit how many run together.
  const pieces = [
    ...expectation.figures.tables.map((figures) => compareOne(restored, expectation, figures, suspect)),
    compareThen(reader, expectation, tables),
    compareWhole(reader, expectation),
    ...expectation.checks.queries.map((query) => askQuery(reader, expectation, query)),
  ];
  for (const piece of pieces) piece.catch(() => {});
  for (const piece of pieces.slice(0, expectation.figures.tables.length)) yield* await piece;
  yield* listUnexpected(expectation, tables);
  for (const piece of pieces.slice(expectation.figures.tables.length)) yield* await piece;
}

const compareOne = async (
  { reader, tables }: Now,
  expectation: Expectation,
  figures: TableFigures,
  suspect: (suspicion: Suspicion) => void,
): Promise<CheckResult[]> => {
  const table = tables.get(figures.table);
  const basis = { ...basisOf(expectation, table), unsettled: figures.unsettled };
  const schema = compareSchema(figures, table && schemaOf(table), basis);
  const wanted = wantedOf(expectation.checks, figures.table, expectation.defaultSchema);
  const { restoreTo, bracket, kind, checks } = expectation;
  const { integrity } = checks;
  return [
    schema,
    ...(await compareTable(reader, figures, table, {
      wanted,
      restoreTo,
      bracket,
      kind,
      integrity,
      suspect,
    })),
  ];
};

/** Production is read as it is now, so rows of a past time are known only where they are settled. */
const compareThen = async (
  reader: Reader,
  { kind, checks, defaultSchema, restoreTo, production }: Expectation,
  restored: Map<string, Table>,
): Promise<CheckResult[]> =>
  kind === 'none' ? compareSettled(reader, restored, { checks, defaultSchema, restoreTo, production }) : [];

const basisOf = ({ kind, figures }: Expectation, table: Table | undefined): SchemaBasis => ({
  baseline: kind,
  isPassing: (figures.changes?.mayHave ?? false) && mayBeFresh(table),
});

/** MySQL does not tell what is fresh. A table that is missing is not fresh. */
const mayBeFresh = (table: Table | undefined): boolean => table !== undefined && (table.isFresh ?? true);

const schemaOf = (table: Table): TableSchema => ({
  table: formatTableName(table),
  columns: table.columns,
  objects: table.objects,
});

function* listUnexpected(expectation: Expectation, restored: Map<string, Table>) {
  const { checks, figures } = expectation;
  if (checks.tables !== 'all') return;
  const known = new Set(figures.tables.map(({ table }) => table));
  for (const [name, table] of restored) {
    if (!known.has(name) && !isView(table))
      yield unexpectedTable(schemaOf(table), basisOf(expectation, table));
  }
}

const compareWhole = async (reader: Reader, { figures, kind }: Expectation): Promise<CheckResult[]> => {
  const blank = { kind: 'schema', table: null, expected: null, actual: null, tolerance: null } as const;
  const objects = await judge({ ...blank, name: 'database' }, async () => [
    compareObjects(figures.objects, await reader.listObjects(), kind, figures.unsettledObjects),
  ]);
  const counters = await judge({ ...blank, name: 'sequences' }, async () =>
    figures.lateCounters === null
      ? [
          {
            ...blank,
            name: 'sequences',
            verdict: 'skipped',
            reason: 'the sequences of production could not be read in time',
          },
        ]
      : compareCounters(figures.lateCounters, await reader.listLateCounters()),
  );
  const definitions =
    figures.definitions === undefined
      ? []
      : await compareOthers(reader, figures.definitions, {
          baseline: kind,
          hasChanges: figures.changes?.has ?? false,
        });
  return [...objects, ...definitions, ...counters, ...(await compareHowFar(reader, figures, counters))];
};

const compareHowFar = async (
  reader: Reader,
  { counters }: BaselineFigures,
  late: CheckResult[],
): Promise<CheckResult[]> => {
  const check = counters && makePositionsCheck(counters);
  if (counters === undefined || check === undefined) return [];
  const reported = late.filter(({ verdict }) => verdict === 'failed').map(({ name }) => name);
  return judge(check, async () => [comparePositions(check, counters, await reader.listCounters(), reported)]);
};

const compareOthers = (
  reader: Reader,
  figures: DefinitionFigures,
  basis: DefinitionBasis,
): Promise<CheckResult[]> =>
  judge(skipDefinitions(''), async () => compareDefinitions(figures, await reader.listDefinitions(), basis));

const askQuery = (
  reader: Reader,
  { figures, kind }: Expectation,
  query: Checks['queries'][number],
): Promise<CheckResult[]> => {
  const production = figures.queries.find(({ name }) => name === query.name) ?? null;
  return judge(makeQueryCheck(query), async () => {
    const answer = await reader.runQuery(trimStatement(query.sql));
    return [compareQuery(query, kind === 'none' ? null : production, answer)];
  });
};

/** @throws DrillError when the checks prove nothing (NothingVerified, ChecksFailed) or are too many to list */
export const assertConclusive = (kind: Comparability, checks: CheckResult[]): void => {
  assertProves(kind, checks);
  assertFits(checks);
};

/** Some tables of production may be younger than the copy. Most of them are not: then the copy is of another database. */
const assertSameDatabase = (checks: readonly CheckResult[]): void => {
  const tables = checks.flatMap(({ kind, table, expected, actual }) =>
    kind === 'schema' && table !== null && expected !== 'no table' ? { table, actual } : [],
  );
  const missing = tables.filter(({ actual }) => actual === 'no table').map(({ table }) => table);
  if (2 * missing.length <= tables.length) return;
  throw new DrillError(
    'ChecksFailed',
    `${missing.length} of ${countOf(tables.length, 'table')} of production are missing from the restored copy: ${listSome(missing, 5)}`,
    { hint: 'production hardly made them all since then: find out what database the copy is of' },
  );
};

/**
 * Equal schemas alone would let an empty copy pass. With a baseline, some rows must have been compared. Without one, the
 * copy must have some row, and most tables of production.
 */
const assertProves = (kind: Comparability, checks: CheckResult[]): void => {
  const rows = checks.filter((check) => check.kind === 'rows');
  if (kind === 'none') {
    assertSameDatabase(checks);
    const isCompared = (check: CheckResult) => isSettledCheck(check) && check.verdict !== 'skipped';
    if (rows.some((check) => Number(check.actual) > 0 || isCompared(check))) return;
    throw new DrillError('ChecksFailed', 'the restored copy has no row in any table that is checked', {
      hint: 'treat production as not restorable to that time until you know why the copy is empty',
    });
  }
  const hasFailed = checks.some(({ verdict }) => verdict === 'failed');
  const hasCompared = rows.some(
    ({ verdict, actual }) => verdict === 'failed' || (verdict === 'passed' && Number(actual) > 0),
  );
  if (hasFailed || hasCompared) return;
  throw new DrillError('NothingVerified', `no rows of any table could be compared; ${rows[0]?.reason}`, {
    hint: 'a drill that compared nothing proves nothing: see the reasons of the checks in the log of VerifyRestore',
  });
};

/** If the state data cannot hold all findings, it gets their number and the first one. */
const assertFits = (checks: CheckResult[]): void => {
  if (Buffer.byteLength(JSON.stringify(checks)) <= maxChecksBytes) return;
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  const first = failed[0] ?? checks.find(({ verdict }) => verdict === 'skipped');
  const findings = `${failed.length} of ${countOf(checks.length, 'check')} failed, too many to list`;
  const name = failed.length > 0 ? 'ChecksFailed' : 'BaselineTooLarge';
  throw new DrillError(name, `${findings}; ${first?.name}: ${first?.reason}`);
};
