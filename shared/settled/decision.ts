import { toIso } from '../instants.ts';
import type { ChangedColumn } from '../rows/changed-columns.ts';
import type { TableDifference } from '../rows/difference.ts';
import { listKeys } from '../rows/words.ts';
import { countOf, listSome } from '../words.ts';
import { isTooNew } from './end.ts';
import type { Facts } from './facts.ts';
import { countCopyFrom, type Span } from './spans.ts';

/** `expected` and `actual` are the settled rows of production and of the copy. */
export type Decision = {
  verdict: 'passed' | 'failed' | 'skipped';
  reason: string;
  expected: number;
  actual: number;
};

/**
 * Every row of production's settled zone has to be in the copy, with the same values, and every row of the copy's in
 * production, unless production deletes rows. A copy that is too new has rows from T + margin on. A column whose times are
 * not the same on both sides for one row is not settled, so that its zones prove nothing.
 */
export const decideSettled = (facts: Facts): Decision => {
  const { difference, moved, zones, spans, rule } = facts;
  const { equal, different, onlyLeft, onlyRight } = difference;
  const counts = { expected: equal + different + onlyLeft, actual: equal + different + onlyRight };
  const differing = describeDiffering(facts);
  const isLate = moved.keys.length === 0 && isTooNew(spans, zones);
  const findings = [...differing, ...(isLate ? [describeLate(facts)] : [])];
  if (findings.length > 0) {
    const notes = moved.keys.length > 0 ? [describeMoved(facts)] : [];
    return { ...counts, verdict: 'failed', reason: join([...findings, ...notes, ...listNotes(facts)]) };
  }
  if (moved.keys.length > 0) return { ...counts, verdict: 'skipped', reason: describeMoved(facts) };
  const before = ` before ${textOf(facts, zones.settledEnd)}`;
  const deleted = rule.deletes === 'allowed' && onlyRight > 0 ? [describeDeleted(difference)] : [];
  const ahead = describeAhead(facts);
  if (equal === 0) {
    const nothing = `production has no row${before} that could be compared`;
    return { ...counts, verdict: 'skipped', reason: join([nothing, ...deleted, ...ahead]) };
  }
  // A sample cannot show that the rows outside it are right.
  if (!difference.isExact) {
    const sample = `so many rows differ${before} that only a sample was compared, and nothing in it is wrong`;
    return {
      ...counts,
      verdict: 'skipped',
      reason: join([sample, ...deleted, ...ahead, ...listNotes(facts)]),
    };
  }
  const asNow = `${rowsAre(equal, difference, before)} as production has ${equal === 1 ? 'it' : 'them'} now`;
  return { ...counts, verdict: 'passed', reason: join([asNow, ...deleted, ...ahead, ...listNotes(facts)]) };
};

const join = (parts: readonly string[]): string => parts.join('; ');

const rows = (count: number): string => countOf(count, 'row', formatCount);
const formatCount = (count: number): string => count.toLocaleString('en-US');

/** "1 row is", "2 rows are", "about 200,000 rows, give or take 12, are". @param seen how many are known for sure */
const rowsAre = (count: number, { isExact, margin }: TableDifference, what = '', seen = 0): string => {
  if (!isExact && seen > 0 && count - margin < seen)
    return `at least ${rows(seen)}${what} ${seen === 1 ? 'is' : 'are'}`;
  const counted = isExact ? rows(count) : `about ${rows(count)}, give or take ${formatCount(margin)},`;
  return `${counted}${what} ${count === 1 ? 'is' : 'are'}`;
};

const describeDeleted = ({ onlyRight, isExact }: TableDifference): string =>
  `${isExact ? '' : 'about '}${rows(onlyRight)} deleted since`;

/** A place on the axis as the column writes it: an instant, or what a wall clock showed. */
const textOf = ({ column }: Facts, ms: number): string => {
  const utc = toIso(new Date(ms));
  return column.isZoned ? utc : utc.replace('T', ' ').replace('Z', '');
};

const mostKeys = 3;

/** ": id 7, 300007 and 12 more". */
const nameKeys = (key: readonly string[], keys: readonly string[][], total: number): string => {
  const listed = listKeys(key, keys.slice(0, mostKeys), total);
  return listed === '' ? '' : `: ${listed}`;
};

const describeDiffering = (facts: Facts): string[] => {
  const { difference, moved, zones, rule } = facts;
  const { listed, key } = difference;
  const isMoved = new Set(moved.keys.map((one) => JSON.stringify(one)));
  const settledOf = (keys: readonly string[][]): string[][] =>
    keys.filter((one) => !isMoved.has(JSON.stringify(one)));
  const before = ` before ${textOf(facts, zones.settledEnd)}`;
  const findings: string[] = [];
  if (moved.missing > 0) {
    const keys = settledOf(listed.onlyLeft);
    const are = rowsAre(moved.missing, difference, ` of production${before}`, keys.length);
    findings.push(`${are} missing from the copy${nameKeys(key, keys, moved.missing)}`);
  }
  if (moved.extra > 0 && rule.deletes === 'never') {
    const keys = settledOf(listed.onlyRight);
    const are = rowsAre(moved.extra, difference, before, keys.length);
    const hint = 'if production deletes rows, write deletes: allowed';
    findings.push(`${are} in the copy alone${nameKeys(key, keys, moved.extra)} (${hint})`);
  }
  if (moved.different > 0) {
    const keys = settledOf(listed.different.map((row) => row.key));
    const are = rowsAre(moved.different, difference, before, keys.length);
    const where = describeColumns(difference.columns, facts.column.name);
    findings.push(`${are} not as in production now${where}${nameKeys(key, keys, moved.different)}`);
  }
  return findings;
};

const describeColumns = (columns: readonly ChangedColumn[], time: string): string => {
  const names = columns.map(({ column }) => column).filter((column) => column !== time);
  return names.length === 0 ? '' : `, in ${listSome(names, mostKeys)}`;
};

const describeMoved = ({ column, difference, moved }: Facts): string => {
  const { listed, onlyLeft, onlyRight, different } = difference;
  const looked = listed.onlyLeft.length + listed.onlyRight.length + listed.different.length;
  const more = looked < onlyLeft + onlyRight + different ? ' or more' : '';
  const keys = nameKeys(difference.key, moved.keys, moved.keys.length);
  return `not settled: ${column.name} is not as in production now in ${rows(moved.keys.length)}${more}${keys}`;
};

const describeLate = (facts: Facts): string => {
  const { zones, spans, lateKeys, difference } = facts;
  const late = countCopyFrom(spans, zones.afterStart);
  return `the copy is newer than asked: it has ${rows(late)} from ${textOf(facts, zones.afterStart)} on${nameKeys(difference.key, lateKeys, late)}`;
};

const describeAhead = ({ zones, spans, lateKeys, difference }: Facts): string[] => {
  const ahead = countCopyFrom(spans, zones.afterStart);
  if (ahead === 0) return [];
  return [
    `${rows(ahead)} of the copy ahead of ${ahead === 1 ? 'its' : 'their'} time, not judged${nameKeys(difference.key, lateKeys, ahead)}`,
  ];
};

/** What was not judged. */
const listNotes = (facts: Facts): string[] => {
  const [between, timeless] = [countBetween(facts), countTimeless(facts)];
  return [
    ...(between > 0 ? [`${formatCount(between)} between not judged`] : []),
    ...(timeless > 0 ? [`${formatCount(timeless)} without a time`] : []),
    ...describeUncompared(facts.difference),
  ];
};

const countBetween = ({ spans, zones }: Facts): number => {
  const inBetween = spans.filter(
    ({ fromMs, toMs }) => fromMs >= zones.settledEnd && toMs <= zones.afterStart,
  );
  return Math.max(sumOf(inBetween, 'production'), sumOf(inBetween, 'copy'));
};

const countTimeless = ({ without }: Facts): number => Math.max(without.production, without.copy);

/** Rows that are not settled, or not known to be. */
export const countUnjudged = (facts: Facts): number =>
  countBetween(facts) + countTimeless(facts) + countCopyFrom(facts.spans, facts.zones.afterStart);

const sumOf = (spans: readonly Span[], side: 'production' | 'copy'): number =>
  spans.reduce((sum, span) => sum + span[side], 0);

/** Columns that were added or dropped since. */
const describeUncompared = ({ onlyLeftColumns, onlyRightColumns, key }: TableDifference): string[] => [
  ...(onlyLeftColumns.length > 0
    ? [`not compared, as only production has it: ${listSome(onlyLeftColumns, 3)}`]
    : []),
  ...(onlyRightColumns.length > 0
    ? [`not compared, as only the copy has it: ${listSome(onlyRightColumns, 3)}`]
    : []),
  ...(key.length === 0 ? ['it has no key, so a row that changed is one missing and one more'] : []),
];
