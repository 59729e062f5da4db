import type { Condition, Moment, Reader, RowSum } from '../database/port.ts';
import { byName, formatTableName, parseTableName, type Table } from '../database/tables.ts';
import type { ExtractedTable } from '../extraction/tables.ts';
import { chooseRanges, coarseRequest, readInPieces } from '../rows/reading.ts';
import { addSums } from '../rows/sums.ts';
import type { CheckResult } from '../truth/checks.ts';
import { describeCoverage } from '../truth/row-checks.ts';
import { countOf } from '../words.ts';

/** `columns`: by table, the column of times whose newest value is compared. */
export type Proving = { schema: string; columns: Readonly<Record<string, string>> };

/**
 * Compares each table in the sandbox with the copy that it comes from: its rows, every value of them, and its newest time.
 * @throws DrillError of the readers
 */
export const verifyTables = async (
  copy: Reader,
  sandbox: Reader,
  tables: readonly ExtractedTable[],
  { schema, columns }: Proving,
): Promise<CheckResult[]> => {
  const listed = [byName(await copy.listTables()), byName(await sandbox.listTables())] as const;
  const checks: CheckResult[] = [];
  for (const extracted of tables) {
    const { table } = extracted;
    const original = listed[0].get(table);
    const made = listed[1].get(formatTableName({ schema, table: parseTableName(table)?.table ?? '' }));
    if (original === undefined || made === undefined) {
      checks.push(tellAbsent(table, original === undefined ? 'copy' : 'sandbox'));
      continue;
    }
    const sides = { copy: { reader: copy, table: original }, sandbox: { reader: sandbox, table: made } };
    checks.push(...(await compareRows(extracted, sides)));
    const column = columns[table];
    if (column !== undefined && extracted.where === null)
      checks.push(await compareNewest(table, sides, column));
  }
  return checks;
};

type Side = { reader: Reader; table: Table };
type Sides = { copy: Side; sandbox: Side };

const compareRows = async ({ table, where }: ExtractedTable, sides: Sides): Promise<CheckResult[]> => {
  const isPortable = sides.copy.table.hashing !== sides.sandbox.table.hashing;
  const readSum = async ({ reader, table: one }: Side, condition?: Condition): Promise<RowSum> => {
    const request = coarseRequest('values', await chooseRanges(reader, one));
    return addSums(await readInPieces(reader, one, { ...request, isPortable, where: condition }));
  };
  // All that is in the sandbox counts: nothing that the condition leaves out may be there.
  const [expected, actual] = await Promise.all([
    readSum(sides.copy, where === null ? undefined : { expression: where }),
    readSum(sides.sandbox),
  ]);
  const isCounted = expected.rows === actual.rows;
  const isEqual = isCounted && expected.hash === actual.hash;
  return [
    {
      name: `rows ${table}`,
      kind: 'rows',
      table,
      expected: expected.rows,
      actual: actual.rows,
      tolerance: null,
      verdict: isCounted ? 'passed' : 'failed',
      reason: isCounted ? 'the counts are equal' : describeOff(actual.rows - expected.rows),
    },
    {
      name: `checksum ${table}`,
      kind: 'checksum',
      table,
      expected: toHex(expected.hash),
      actual: toHex(actual.hash),
      tolerance: null,
      verdict: isEqual ? 'passed' : 'failed',
      reason: isEqual ? describeCoverage(actual.rows, 0) : 'values differ from those of the copy',
    },
  ];
};

/** No time that a column holds is later. */
const latest: Moment = { utc: '9999-12-31T23:59:59Z', wallClock: '9999-12-31T23:59:59' };

const compareNewest = async (table: string, sides: Sides, column: string): Promise<CheckResult> => {
  const readNewest = async ({ reader, table: one }: Side): Promise<string> =>
    (await reader.readNewest(one, column, latest))?.text ?? 'none';
  const [expected, actual] = await Promise.all([readNewest(sides.copy), readNewest(sides.sandbox)]);
  const isEqual = expected === actual;
  return {
    name: `freshness ${table}`,
    kind: 'freshness',
    table,
    expected,
    actual,
    tolerance: null,
    verdict: isEqual ? 'passed' : 'failed',
    reason: `the newest ${column} is ${isEqual ? '' : 'not '}that of the copy`,
  };
};

const tellAbsent = (table: string, side: string): CheckResult => ({
  name: `schema ${table}`,
  kind: 'schema',
  table,
  expected: 'a table',
  actual: null,
  tolerance: null,
  verdict: 'failed',
  reason: `the ${side} has no such table`,
});

const describeOff = (off: number): string =>
  `${countOf(Math.abs(off), 'row', (count) => count.toLocaleString('en-US'))} ${off < 0 ? 'missing' : 'too many'}`;

const toHex = (hash: bigint): string => hash.toString(16).padStart(16, '0');
