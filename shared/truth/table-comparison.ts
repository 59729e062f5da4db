import type { Bucket, Reader, Span } from '../database/port.ts';
import type { Table } from '../database/tables.ts';
import type { Checks } from '../plan/plans.ts';
import { countTable, readInPieces } from '../rows/reading.ts';
import { listSome } from '../words.ts';
import type { Bracket } from './bracket.ts';
import { type BlankCheck, type CheckResult, type Comparability, notThen } from './checks.ts';
import { compareDigest, type DigestFigures, requestLike } from './digest.ts';
import {
  compareFreshness,
  type Freshness,
  makeFreshnessCheck,
  momentOf,
  readNewestTime,
} from './freshness.ts';
import { compareRows, compareValues, skipChecksum, skipRows } from './row-checks.ts';
import { notPopulated, type TableFigures } from './table-reading.ts';
import { judge } from './unreadable.ts';
import type { Wanted } from './wanted.ts';
import type { Suspicion } from './which-rows.ts';

export type TableOptions = {
  wanted: Wanted;
  restoreTo: string;
  bracket: Bracket | null;
  kind: Comparability;
  integrity: Checks['integrity'];
  /** Hears where rows differ. */
  suspect: (suspicion: Suspicion) => void;
};

/** The checks of one table of the restored copy, without its schema. */
export const compareTable = async (
  reader: Reader,
  figures: TableFigures,
  table: Table | undefined,
  options: TableOptions,
): Promise<CheckResult[]> => {
  const { wanted, integrity, kind } = options;
  // If production could be read, this is a finding: the copy cannot be read.
  const mayBeEmpty = kind === 'none' || figures.unread !== null;
  if (table?.isPopulated === false && mayBeEmpty) return listSkipped(figures, options, notPopulated);
  if (table === undefined) return listSkipped(figures, options, figures.unsettled ?? 'the table is missing');
  const [rows, freshness, intact] = await Promise.all([
    compareContent(reader, figures, table, options),
    wanted.freshness === null ? [] : checkFreshness(reader, figures, table, wanted.freshness, options),
    integrity === 'none' ? [] : checkIntegrity(reader, figures.table, table),
  ]);
  return [...rows, ...freshness, ...intact];
};

const listSkipped = (figures: TableFigures, { wanted }: TableOptions, reason: string): CheckResult[] => [
  skipRows(figures, wanted.tolerance, reason),
  ...(wanted.checksum === 'none' ? [] : [skipChecksum(figures.table, reason)]),
];

const compareContent = async (
  reader: Reader,
  figures: TableFigures,
  table: Table,
  options: TableOptions,
): Promise<CheckResult[]> => {
  const { wanted, bracket, kind } = options;
  const { rows, unread } = figures;
  if (unread !== null) return listSkipped(figures, options, `production could not be read: ${unread}`);
  if (kind === 'none' || rows === null) {
    return judge(skipRows(figures, wanted.tolerance, ''), async () => {
      const actual = await countTable(reader, table);
      const [skipped, ...others] = listSkipped(figures, options, notThen);
      return skipped === undefined ? [] : [{ ...skipped, actual }, ...others];
    });
  }
  // Different columns would make every row differ, which says nothing new.
  const hasSameColumns = figures.columns.join() === table.columns.join();
  if (!hasSameColumns && (figures.values ?? figures.keys) !== null) {
    const counted = await judge(skipRows(figures, wanted.tolerance, ''), async () => [
      compareRows(
        { ...figures, rows, keys: null },
        await countAsOne(reader, table),
        wanted.tolerance,
        bracket,
      ),
    ]);
    const reason = 'the columns differ, so the values cannot be compared';
    return [...counted, ...(figures.values === null ? [] : [skipChecksum(figures.table, reason)])];
  }
  return compareDigests(reader, { ...figures, rows }, table, options);
};

const countAsOne = async (reader: Reader, table: Table) => [
  { range: 0, bucket: 0, rows: await countTable(reader, table), hash: 0n },
];

const compareDigests = async (
  reader: Reader,
  figures: TableFigures & { rows: NonNullable<TableFigures['rows']> },
  table: Table,
  { wanted, bracket, suspect }: TableOptions,
): Promise<CheckResult[]> => {
  const { keys, values, note, hasRemovals } = figures;
  const mayPass = hasRemovals || (keys ?? values)?.withoutAdded;
  const since = mayPass ? bracket?.span : undefined;
  const suspectIn = (check: string, some: DigestFigures, restored: Bucket[]): void => {
    const ranges = compareDigest(some, restored, mayPass).differences.map(({ range }) => range);
    if (ranges.length > 0) suspect({ check, table: figures.table, figures: some, ranges });
  };
  const isOfAll = values !== null && values.seed === null;
  // The values of all rows also give their number, unless keys were read too.
  const isFull = isOfAll && keys === null;
  const read = values === null ? null : readInPieces(reader, table, requestLike(values, since));
  // Awaited below. Until then a rejection must not count as unhandled.
  read?.catch(() => {});
  const rows = await judge(skipRows(figures, wanted.tolerance, ''), async () => {
    const whole = isFull && read !== null ? await read : await readWhole(reader, table, keys, since);
    const compared = compareRows(figures, whole, wanted.tolerance, bracket, mayPass);
    if (keys !== null && !isOfAll) suspectIn(compared.name, keys, whole);
    return [compared];
  });
  if (values === null || read === null) return rows;
  const checksum = await judge(skipChecksum(figures.table, ''), async () => {
    const compared = compareValues(figures.table, values, await read, mayPass);
    // The values of all rows tell of missing ones too. Rows are named once, by the first check that fails.
    const first = isOfAll ? rows.find(({ verdict }) => verdict === 'failed') : undefined;
    suspectIn(first?.name ?? compared.name, values, await read);
    return [note === null ? compared : { ...compared, reason: `${compared.reason}; ${note}` }];
  });
  return [...rows, ...checksum];
};

const readWhole = (
  reader: Reader,
  table: Table,
  keys: TableFigures['keys'],
  since: Span | undefined,
): Promise<Bucket[]> =>
  keys === null ? countAsOne(reader, table) : readInPieces(reader, table, requestLike(keys, since));

const checkFreshness = (
  reader: Reader,
  { table: name, newest: production }: TableFigures,
  table: Table,
  freshness: Freshness,
  { restoreTo, kind }: TableOptions,
): Promise<CheckResult[]> => {
  return judge(makeFreshnessCheck(name, freshness, restoreTo), async () => {
    const newest = await reader.readNewest(table, freshness.column, momentOf(restoreTo, freshness));
    const at = newest === null ? null : readNewestTime(newest, freshness);
    return [compareFreshness(name, freshness, restoreTo, at, kind === 'none' ? undefined : production)];
  });
};

/** Kind checksum: damaged pages concern what rows hold, not how the table is declared. */
export const makeIntegrityCheck = (table: string): BlankCheck => ({
  name: `integrity ${table}`,
  kind: 'checksum',
  table,
  expected: 'no damage',
  actual: null,
  tolerance: null,
});

const checkIntegrity = (reader: Reader, name: string, table: Table): Promise<CheckResult[]> => {
  const check = makeIntegrityCheck(name);
  return judge(check, async () => {
    const problems = await reader.checkIntegrity(table);
    return [
      problems.length === 0
        ? {
            ...check,
            actual: 'no damage',
            verdict: 'passed',
            reason: 'amcheck read every page and every index',
          }
        : { ...check, actual: 'damaged', verdict: 'failed', reason: listSome(problems, 3) },
    ];
  });
};
