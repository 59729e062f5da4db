import type { TimeColumn } from '../../../shared/database/port.ts';
import type { Table } from '../../../shared/database/tables.ts';
import { decideSettled } from '../../../shared/settled/decision.ts';
import { readFacts } from '../../../shared/settled/facts.ts';
import { findTrueEnd } from '../../../shared/settled/true-end.ts';
import type { Rule } from '../../../shared/settled/zones.ts';
import { makeSide, type Row, zoned } from './rows-model.ts';

export const asked = Date.parse('2026-11-19T12:00:00Z');
export const [secondMs, minuteMs, hourMs, dayMs] = [1000, 60_000, 3_600_000, 86_400_000];
export const now = asked + 10 * dayMs;

export const rule: Rule = { column: 'at', marginMs: 10 * secondMs, deletes: 'never', timeZone: 'UTC' };

/** A row, and when its transaction committed. */
export type Insert = Row & { committed: number };

/** Rows in order of their commits. */
export const numbered = (inserts: Omit<Insert, 'id'>[]): Insert[] =>
  inserts
    .toSorted((one, other) => one.committed - other.committed)
    .map((insert, index) => ({ ...insert, id: index + 1 }));

/** Many rows close to this time, fewer and fewer with distance, and none after now. */
export const busyAround = (ms: number): Omit<Insert, 'id'>[] =>
  Array.from({ length: 400 }, (_, index) => {
    const distance = Math.round(40 * 1.06 ** (index / 2));
    const at = ms + (index % 2 === 0 ? distance : -distance);
    return { at, committed: at + 5, value: `row ${index}` };
  }).filter(({ committed }) => committed < now);

export const rowsUntil = (inserts: readonly Insert[], ms: number): Row[] =>
  inserts.filter(({ committed }) => committed <= ms).map(({ id, at, value }) => ({ id, at, value }));

type Judging = {
  own?: Partial<Rule>;
  column?: TimeColumn;
  restoreTo?: number;
  table?: Partial<Table>;
};

/** What is decided of a copy with these rows, if production has those now. */
export const judge = async (
  production: readonly Row[],
  copy: readonly Row[],
  { own = {}, column = zoned, restoreTo = asked, table = {} }: Judging = {},
) => {
  const nowMs = restoreTo + 10 * dayMs;
  const sides = { production: makeSide(production, { nowMs, table }), copy: makeSide(copy, { table }) };
  const facts = await readFacts(sides, column, { ...rule, ...own }, restoreTo);
  const decision = decideSettled(facts);
  return { facts, decision, end: findTrueEnd([{ facts, decision }], restoreTo) };
};
