import { nameInSql } from '../../database/mysql/names.ts';
import { describeSchema } from '../../extraction/names.ts';
import type { CopyRange } from '../../extraction/tables.ts';
import { cutAfterWord } from '../../words.ts';
import type { Copied, RangeState, Sandbox } from '../port.ts';
import { inTransaction, type Session } from './session.ts';
import { toBytes } from './stream.ts';

/**
 * What is done, in a table of the sandbox's database. It is written in the transaction of the rows, so what was cut off is not
 * done, and what is done is not done again. A MySQL database has no comment: that of this table says what the database is, so
 * it stays.
 */
export const ledgerName = 'aurora_drills_ledger';
const ledgerOf = (schema: string): string => nameInSql({ schema, table: ledgerName });

/** MySQL manual, "CREATE TABLE Statement": a comment has 2048 characters at most. */
const maxComment = 2048;

export const textInSql = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

const describeLedger = ({ origin }: Sandbox, why: string | null): string => {
  const room = maxComment - describeSchema(origin, '').length;
  return textInSql(describeSchema(origin, why === null ? null : cutAfterWord(why, room)));
};

/** `place`: the table of a range, which is done once its rows are counted. */
export const makeLedgerSql = (sandbox: Sandbox, why: string): string => `
  create table ${ledgerOf(sandbox.schema)} (
    place varchar(300) collate utf8mb4_bin, number int, lower text, upper text, \`rows\` bigint, bytes bigint,
    primary key (place, number)
  ) engine = InnoDB default charset = utf8mb4 comment = ${describeLedger(sandbox, why)}`;

export const commentSql = (sandbox: Sandbox, why: string | null): string =>
  `alter table ${ledgerOf(sandbox.schema)} comment = ${describeLedger(sandbox, why)}`;

/** `empty`: a database without a table, as it is before its ledger is made. */
export type Standing = 'absent' | 'empty' | 'foreign' | 'ours' | 'finished';

export const findStanding = async ({ query }: Session, { schema, origin }: Sandbox): Promise<Standing> => {
  const [found] = await query<{ tables: string; comment: string | null }>(
    'look for the database',
    `select (select count(*) from information_schema.tables where table_schema = ${textInSql(schema)}) as tables,
            (select table_comment from information_schema.tables
              where table_schema = ${textInSql(schema)} and table_name = '${ledgerName}') as comment
       from information_schema.schemata where schema_name = ${textInSql(schema)}`,
  );
  if (found === undefined) return 'absent';
  if (found.tables === '0') return 'empty';
  const about = describeSchema(origin, null);
  if (found.comment === about) return 'finished';
  return found.comment?.endsWith(about) ? 'ours' : 'foreign';
};

type Line = Record<'number' | 'lower' | 'upper' | 'rows' | 'bytes', string | null>;

export const readRanges = async (
  { query }: Session,
  schema: string,
  table: string,
): Promise<RangeState[]> => {
  const lines = await query<Line>(
    'read what is copied',
    `select number, lower, upper, \`rows\`, bytes from ${ledgerOf(schema)}
      where place = ${textInSql(table)} order by number`,
  );
  return lines.map(({ number, lower, upper, rows, bytes }) => ({
    range: { table, number: Number(number), of: lines.length, from: lower, to: upper },
    copied: rows === null ? null : { rows: Number(rows), bytes: Number(bytes) },
  }));
};

/** Whoever comes second waits at the first range, and then finds those of the other. */
export const keepRanges = (session: Session, schema: string, ranges: CopyRange[]): Promise<void> => {
  const what = 'keep the ranges';
  const [first = '', ...others] = ranges.map(({ table, number, from, to }) => {
    const [lower, upper] = [from, to].map((text) => (text === null ? 'null' : textInSql(text)));
    return `(${textInSql(table)}, ${number}, ${lower}, ${upper})`;
  });
  const keep = (lines: string[]): Promise<number> =>
    session.insert(
      what,
      toBytes(
        `insert ignore into ${ledgerOf(schema)} (place, number, lower, upper) values ${lines.join(', ')}`,
      ),
    );
  return inTransaction(session, what, async () => {
    if ((await keep([first])) === 1 && others.length > 0) await keep(others);
  });
};

/** Copies a range and writes down that it is there, in one transaction. Whoever comes second waits, and does nothing. */
export const copyOnce = (
  session: Session,
  schema: string,
  { table, number }: CopyRange,
  copy: () => Promise<Copied>,
): Promise<Copied> => {
  const what = `copy range ${number} of ${table}`;
  const line = `place = ${textInSql(table)} and number = ${number}`;
  return inTransaction(session, what, async () => {
    const [found] = await session.query<Line>(
      what,
      `select \`rows\`, bytes from ${ledgerOf(schema)} where ${line} for update`,
    );
    if (found?.rows != null) return { rows: Number(found.rows), bytes: Number(found.bytes) };
    const copied = await copy();
    await session.query(
      what,
      `update ${ledgerOf(schema)} set \`rows\` = ${copied.rows}, bytes = ${copied.bytes} where ${line}`,
    );
    return copied;
  });
};

/** Tables of which ranges are missing. */
export const listUnfinished = async ({ query }: Session, schema: string): Promise<string[]> =>
  (
    await query<{ place: string }>(
      'read what is copied',
      `select distinct place from ${ledgerOf(schema)} where \`rows\` is null order by place`,
    )
  ).map(({ place }) => place);
