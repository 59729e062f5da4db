import { nameInSql } from '../../database/mysql/names.ts';
import { describeSchema } from '../../extraction/names.ts';
import type { CopyRange } from '../../extraction/tables.ts';
import { cutAfterWord } from '../../words.ts';
import { type Ledger, ledgerName, rangeColumns, rangeLines } from '../ledger.ts';
import type { Sandbox } from '../port.ts';
import { inTransaction } from '../sides.ts';
import type { Session } from './session.ts';
import { toBytes } from './stream.ts';

/** MySQL manual, "CREATE TABLE Statement": a comment has 2048 characters at most. */
const maxComment = 2048;

export const textInSql = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

export const ledgerOf = (schema: string): Ledger => ({
  schema,
  table: nameInSql({ schema, table: ledgerName }),
  text: textInSql,
});

const describeLedger = ({ origin }: Sandbox, why: string | null): string => {
  const room = maxComment - describeSchema(origin, '').length;
  return textInSql(describeSchema(origin, why === null ? null : cutAfterWord(why, room)));
};

/** A MySQL database has no comment: that of this table says what the database is, so it stays. */
export const makeLedgerSql = (sandbox: Sandbox, why: string): string => `
  create table ${ledgerOf(sandbox.schema).table} (
    place varchar(300) collate utf8mb4_bin, number int, lower text, upper text, row_count bigint, byte_count bigint,
    primary key (place, number)
  ) engine = InnoDB default charset = utf8mb4 comment = ${describeLedger(sandbox, why)}`;

export const commentSql = (sandbox: Sandbox, why: string | null): string =>
  `alter table ${ledgerOf(sandbox.schema).table} comment = ${describeLedger(sandbox, why)}`;

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

/** Whoever comes second waits at the first range, and then finds those of the other. */
export const keepRanges = (session: Session, ledger: Ledger, ranges: readonly CopyRange[]): Promise<void> => {
  const what = 'keep the ranges';
  const [first = '', ...others] = rangeLines(ledger, ranges);
  const keep = (lines: string[]): Promise<number> =>
    session.insert(
      what,
      toBytes(`insert ignore into ${ledger.table} (${rangeColumns}) values ${lines.join(', ')}`),
    );
  return inTransaction(session, what, async () => {
    if ((await keep([first])) === 1 && others.length > 0) await keep(others);
  });
};
