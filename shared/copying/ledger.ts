import { DrillError } from '../errors.ts';
import type { CopyRange } from '../extraction/tables.ts';
import type { Copied, RangeState } from './port.ts';
import { refuseLost } from './refusals.ts';
import { inTransaction, type Side } from './sides.ts';

/**
 * What is done, in a table of the sandbox's schema. It is written in the transaction of the rows, so what was cut off is not
 * done, and what is done is not done again. Without it a range would have to be deleted before it is loaded, which reads the
 * whole table: its indexes come after the rows.
 */
export const ledgerName = 'aurora_drills_ledger';

/** `table`: its name in SQL. `text`: writes a text in SQL. */
export type Ledger = { schema: string; table: string; text: (value: string) => string };

/** A line for each range: `place` is its table. A range is done once its rows are counted. */
export const rangeColumns = 'place, number, lower, upper';

export const rangeLines = ({ text }: Ledger, ranges: readonly CopyRange[]): string[] =>
  ranges.map(({ table, number, from, to }) => {
    const [lower, upper] = [from, to].map((bound) => (bound === null ? 'null' : text(bound)));
    return `(${text(table)}, ${number}, ${lower}, ${upper})`;
  });

type Count = string | null;
type Line = { number: string | number; lower: string | null; upper: string | null } & Counted;
type Counted = { row_count: Count; byte_count: Count };

const toCopied = ({ row_count, byte_count }: Counted): Copied | null =>
  row_count === null ? null : { rows: Number(row_count), bytes: Number(byte_count) };

export const readRanges = async ({ query }: Side, ledger: Ledger, table: string): Promise<RangeState[]> => {
  const lines = await query<Line>(
    'read what is copied',
    `select number, lower, upper, row_count, byte_count from ${ledger.table}
      where place = ${ledger.text(table)} order by number`,
  );
  return lines.map(({ number, lower, upper, ...counted }) => ({
    range: { table, number: Number(number), of: lines.length, from: lower, to: upper },
    copied: toCopied(counted),
  }));
};

/**
 * Copies a range and writes down that it is there, in one transaction. Whoever comes second waits, and does nothing. Of a range
 * whose line somebody has deleted nobody knows whether its rows are there.
 * @throws DrillError DatabaseFailure
 */
export const copyOnce = (
  session: Side,
  { table, text }: Ledger,
  range: CopyRange,
  copy: (what: string) => Promise<Copied>,
): Promise<Copied> => {
  const what = `copy range ${range.number} of ${range.table}`;
  const line = `place = ${text(range.table)} and number = ${range.number}`;
  return inTransaction(session, what, async () => {
    const [found] = await session.query<Counted>(
      what,
      `select row_count, byte_count from ${table} where ${line} for update`,
    );
    if (found === undefined) throw refuseLost(`line of range ${range.number} of ${range.table} in ${table}`);
    const before = toCopied(found);
    if (before !== null) return before;
    const { rows, bytes } = await copy(what);
    await session.query(what, `update ${table} set row_count = ${rows}, byte_count = ${bytes} where ${line}`);
    return { rows, bytes };
  });
};

/** @throws DrillError UnreadableAnswer, with the tables of which ranges are missing */
export const assertAllCopied = async ({ query }: Side, { schema, table }: Ledger): Promise<void> => {
  const missing = await query<{ place: string }>(
    'read what is copied',
    `select distinct place from ${table} where place <> '' and row_count is null order by place`,
  );
  if (missing.length === 0) return;
  const places = missing.map(({ place }) => place).join(', ');
  throw new DrillError('UnreadableAnswer', `rows are missing in ${schema}: ${places}`);
};
