import pg from 'pg';
import type { CopyRange } from '../../extraction/tables.ts';
import { cutAfterWord } from '../../words.ts';
import { type Ledger, ledgerName, rangeColumns, rangeLines, readRanges } from '../ledger.ts';
import { inTransaction } from '../sides.ts';
import { quote } from './names.ts';
import type { Session } from './session.ts';

export const ledgerOf = (schema: string): Ledger => ({
  schema,
  table: `${quote(schema)}.${ledgerName}`,
  text: pg.escapeLiteral,
});

/** `finish` drops it. It has a line for each of its statements too, whose `place` is ''. */
export const makeLedgerSql = ({ table }: Ledger): string => `create table ${table} (
  place text, number integer, lower text, upper text, row_count bigint, byte_count bigint, primary key (place, number))`;

export const dropLedgerSql = ({ table }: Ledger): string => `drop table ${table}`;

/** Not once all of it is done. */
export const hasLedger = async ({ query }: Session, { table, text }: Ledger): Promise<boolean> => {
  const [found] = await query<{ is: boolean }>(
    'look for what is done',
    `select to_regclass(${text(table)}) is not null as is`,
  );
  return found?.is === true;
};

/** Whoever comes second finds the ranges of the first. */
export const keepRanges = (session: Session, ledger: Ledger, ranges: readonly CopyRange[]): Promise<void> => {
  const what = 'keep the ranges';
  return inTransaction(session, what, async () => {
    await session.query(what, `lock table ${ledger.table} in share row exclusive mode`);
    const [first] = ranges;
    if (first === undefined || (await readRanges(session, ledger, first.table)).length > 0) return;
    const lines = rangeLines(ledger, ranges).join(', ');
    await session.query(what, `insert into ${ledger.table} (${rangeColumns}) values ${lines}`);
  });
};

/** Runs a statement unless an earlier run did, in one transaction. */
export const runOnce = (session: Session, { table }: Ledger, number: number, sql: string): Promise<void> => {
  const what = tellStatement(sql);
  return inTransaction(session, what, async () => {
    const begun = await session.query(
      what,
      `insert into ${table} (place, number) values ('', ${number}) on conflict do nothing returning number`,
    );
    if (begun.length > 0) await session.query(what, sql);
  });
};

/** The statement in an error. That of a table with many columns is long. */
export const tellStatement = (sql: string): string => cutAfterWord(sql, 300);
