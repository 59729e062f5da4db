import pg from 'pg';
import type { CopyRange } from '../../extraction/tables.ts';
import { cutAfterWord } from '../../words.ts';
import type { Copied, RangeState } from '../port.ts';
import { quote } from './names.ts';
import { inTransaction, type Session } from './session.ts';

/**
 * What is done, in a table of the sandbox's schema that `finish` drops. It is written in the transaction of the work itself,
 * so work that was cut off is not done, and what is done is not done again. Without it a range would have to be deleted
 * before it is loaded, which reads the whole table: its indexes come after the rows.
 */
export const ledgerName = 'aurora_drills_ledger';
const ledgerOf = (schema: string): string => `${quote(schema)}.${ledgerName}`;

/** `place`: the table of a range, or '' for a statement of `finish`. A range is done once its rows are counted. */
export const makeLedgerSql = (schema: string): string => `create table ${ledgerOf(schema)} (
  place text, number integer, lower text, upper text, rows bigint, bytes bigint, primary key (place, number))`;

export const dropLedgerSql = (schema: string): string => `drop table ${ledgerOf(schema)}`;

/** Not once all of it is done. */
export const hasLedger = async ({ ask }: Session, schema: string): Promise<boolean> => {
  const [found] = await ask<{ is: boolean }>(
    'look for what is done',
    `select to_regclass(${pg.escapeLiteral(ledgerOf(schema))}) is not null as is`,
  );
  return found?.is === true;
};

type Line = {
  number: number;
  lower: string | null;
  upper: string | null;
  rows: string | null;
  bytes: string | null;
};

export const readRanges = async ({ ask }: Session, schema: string, table: string): Promise<RangeState[]> => {
  const lines = await ask<Line>(
    'read what is copied',
    `select number, lower, upper, rows, bytes from ${ledgerOf(schema)}
      where place = ${pg.escapeLiteral(table)} order by number`,
  );
  return lines.map(({ number, lower, upper, rows, bytes }) => ({
    range: { table, number, of: lines.length, from: lower, to: upper },
    copied: rows === null ? null : { rows: Number(rows), bytes: Number(bytes) },
  }));
};

/** Whoever comes second finds the ranges of the first. */
export const keepRanges = (session: Session, schema: string, ranges: CopyRange[]): Promise<void> => {
  const what = 'keep the ranges';
  const lines = ranges.map(({ table, number, from, to }) => {
    const [place, lower, upper] = [table, from, to].map((text) =>
      text === null ? 'null' : pg.escapeLiteral(text),
    );
    return `(${place}, ${number}, ${lower}, ${upper})`;
  });
  return inTransaction(session, what, async () => {
    await session.ask(what, `lock table ${ledgerOf(schema)} in share row exclusive mode`);
    const [first] = ranges;
    if (first === undefined || (await readRanges(session, schema, first.table)).length > 0) return;
    await session.ask(
      what,
      `insert into ${ledgerOf(schema)} (place, number, lower, upper) values ${lines.join(', ')}`,
    );
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
  const line = `place = ${pg.escapeLiteral(table)} and number = ${number}`;
  return inTransaction(session, what, async () => {
    const [found] = await session.ask<Line>(
      what,
      `select number, rows, bytes from ${ledgerOf(schema)} where ${line} for update`,
    );
    if (found?.rows != null) return { rows: Number(found.rows), bytes: Number(found.bytes) };
    const copied = await copy();
    await session.ask(
      what,
      `update ${ledgerOf(schema)} set rows = ${copied.rows}, bytes = ${copied.bytes} where ${line}`,
    );
    return copied;
  });
};

/** Runs a statement unless an earlier run did, in one transaction. */
export const runOnce = (session: Session, schema: string, number: number, sql: string): Promise<void> => {
  const what = tellStatement(sql);
  return inTransaction(session, what, async () => {
    const begun = await session.ask(
      what,
      `insert into ${ledgerOf(schema)} (place, number) values ('', ${number}) on conflict do nothing returning number`,
    );
    if (begun.length > 0) await session.ask(what, sql);
  });
};

/** The statement in an error. That of a table with many columns is long. */
export const tellStatement = (sql: string): string => cutAfterWord(sql, 300);

/** Tables of which ranges are missing. */
export const listUnfinished = async ({ ask }: Session, schema: string): Promise<string[]> =>
  (
    await ask<{ place: string }>(
      'read what is copied',
      `select distinct place from ${ledgerOf(schema)} where place <> '' and rows is null order by place`,
    )
  ).map(({ place }) => place);
