import type { Reader, TimeColumn } from '../database/port.ts';
import { formatTableName, type Table } from '../database/tables.ts';
import { isDrillError } from '../errors.ts';
import type { Checks } from '../plan/plans.ts';
import type { Side } from '../rows/matching.ts';
import { chooseRanges, coarseRequest, readInPieces } from '../rows/reading.ts';
import { countUnjudged, type Decision, decideSettled } from '../settled/decision.ts';
import { type Facts, readFacts } from '../settled/facts.ts';
import { findTrueEnd } from '../settled/true-end.ts';
import { momentAt, type Rule } from '../settled/zones.ts';
import { type BlankCheck, type CheckResult, tellWhole } from './checks.ts';
import { toSeconds } from './freshness.ts';
import type { Now, Production } from './production.ts';
import { makeTimeCheck } from './skew.ts';
import { judge } from './unreadable.ts';
import { canonicalName } from './wanted.ts';

export type SettledRequest = {
  checks: Checks;
  defaultSchema: string;
  restoreTo: string;
  production: Production | undefined;
};

/** What a plan says of settled rows, by table. */
export const listRules = (
  { settled = {} }: Checks,
  defaultSchema: string,
): { table: string; rule: Rule; margin: string }[] =>
  Object.entries(settled).map(([name, { margin, ...rule }]) => ({
    table: canonicalName(name, defaultSchema),
    rule: { ...rule, marginMs: toSeconds(margin) * 1000 },
    margin,
  }));

export const makeSettledCheck = (table: string, margin: string): BlankCheck => ({
  name: `settled ${table}`,
  kind: 'rows',
  table,
  expected: null,
  actual: null,
  tolerance: `within ${margin} not judged`,
});

export const isSettledCheck = ({ kind, name }: CheckResult): boolean =>
  kind === 'rows' && name.startsWith('settled ');

/**
 * Settled rows are read when it is too late to correct the plan. A table that somebody locks tells nothing yet.
 * @throws DrillError ColumnNotFound
 */
export const assertHaveTimes = (
  reader: Reader,
  listed: readonly Table[],
  checks: Checks,
  defaultSchema: string,
): void => {
  for (const { table: name, rule } of listRules(checks, defaultSchema)) {
    const table = listed.find((one) => formatTableName(one) === name);
    if (table !== undefined) findTimes(reader, table, rule.column);
  }
};

const findTimes = (reader: Reader, table: Table, column: string): void => {
  try {
    reader.timeColumn(table, column);
  } catch (error) {
    if (!isDrillError(error, 'DatabaseBusy')) throw error;
  }
};

type Judged = { facts: Facts; decision: Decision };

/**
 * Compares rows of a past time with production as it is now, table by table: each comparison holds sessions of both. Last
 * comes where the copy's rows end.
 */
export const compareSettled = async (
  reader: Reader,
  restored: Map<string, Table>,
  { checks, defaultSchema, restoreTo, production }: SettledRequest,
): Promise<CheckResult[]> => {
  const found: CheckResult[] = [];
  const judged: Judged[] = [];
  for (const { table: name, rule, margin } of listRules(checks, defaultSchema)) {
    const check = makeSettledCheck(name, margin);
    const results = await judge(check, async (): Promise<CheckResult[]> => {
      const copy = findCopy(reader, restored.get(name), rule.column);
      if ('missing' in copy) return [skip(check, copy.missing)];
      const read = await askProduction(production, name, copy, rule, restoreTo);
      if ('missing' in read) return [skip(check, read.missing)];
      const decision = decideSettled(read.facts);
      judged.push({ ...read, decision });
      return [{ ...check, ...decision, ...tellSettledWhole(read.facts, decision) }];
    });
    found.push(...results);
  }
  return [...found, ...tellEnd(judged, restoreTo)];
};

/** Columns that one side alone has are not compared. */
const tellSettledWhole = (facts: Facts, { verdict, expected }: Decision): Pick<CheckResult, 'whole'> => {
  if (verdict !== 'passed') return {};
  const { onlyLeftColumns, onlyRightColumns } = facts.difference;
  const hasSameColumns = onlyLeftColumns.length + onlyRightColumns.length === 0;
  return tellWhole(hasSameColumns ? 'values' : 'rows', expected, countUnjudged(facts));
};

const skip = (check: BlankCheck, reason: string): CheckResult => ({ ...check, verdict: 'skipped', reason });

type Copy = { side: Side; column: TimeColumn };
type Missing = { missing: string };

/** Not to have the table or the column is no finding: it may have come since. */
const findCopy = (reader: Reader, table: Table | undefined, column: string): Copy | Missing => {
  if (table === undefined) return { missing: 'the copy has no such table' };
  try {
    return { side: { reader, table }, column: reader.timeColumn(table, column) };
  } catch (error) {
    if (!isDrillError(error, 'ColumnNotFound')) throw error;
    return { missing: `the copy, ${error.summary}` };
  }
};

/** @throws what is wrong with the copy, which production is not to blame for */
const askProduction = async (
  production: Production | undefined,
  name: string,
  copy: Copy,
  rule: Rule,
  restoreTo: string,
): Promise<{ facts: Facts } | Missing> => {
  if (production === undefined) return { missing: 'nobody may ask production' };
  let hasBegun = false;
  const asked = await production.ask((now) => {
    hasBegun = true;
    return readTable(now, name, copy, rule, restoreTo);
  });
  if ('answer' in asked) return asked.answer;
  if (hasBegun) await readAlone(copy.side, rule, restoreTo);
  return { missing: `production could not be read: ${asked.unread}` };
};

const readTable = async (
  { reader, tables }: Now,
  name: string,
  copy: Copy,
  rule: Rule,
  restoreTo: string,
): Promise<{ facts: Facts } | Missing> => {
  const table = tables.get(name);
  if (table === undefined) return { missing: 'production has no such table now' };
  const column = reader.timeColumn(table, rule.column);
  if (column.isZoned !== copy.column.isZoned) return { missing: `the type of ${column.name} changed since` };
  const unitMs = Math.max(column.unitMs, copy.column.unitMs);
  const sides = { production: { reader, table }, copy: copy.side };
  return { facts: await readFacts(sides, { ...column, unitMs }, rule, Date.parse(restoreTo)) };
};

/** Whose fault was it? What is wrong with the copy is thrown here once more. */
const readAlone = async ({ reader, table }: Side, { column }: Rule, restoreTo: string): Promise<void> => {
  const request = coarseRequest('values', await chooseRanges(reader, table));
  const where = { column, before: momentAt(Date.parse(restoreTo)) };
  await readInPieces(reader, table, { ...request, where });
};

const tellEnd = (judged: readonly Judged[], restoreTo: string): CheckResult[] => {
  const end = findTrueEnd(judged, Date.parse(restoreTo));
  if (end === null) return [];
  const { fromMs, toMs, verdict, reason } = end;
  const actual = new Date(toMs === null ? fromMs : (fromMs + toMs) / 2).toISOString();
  return [{ ...makeTimeCheck(restoreTo), actual, verdict, reason }];
};
