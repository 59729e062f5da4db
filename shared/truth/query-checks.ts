import type { Answer } from '../database/port.ts';
import type { Checks } from '../plan/plans.ts';
import { type BlankCheck, type CheckResult, notThen } from './checks.ts';

export type Query = Checks['queries'][number];

/** Production's answers before and after the instant; `after` only if the plan expects the same answer. */
export type QueryFigures = {
  name: string;
  before: Answer;
  after: Answer | null;
  /** Did production write between two readings so far apart that it may have answered anything meanwhile? */
  mayDiffer?: boolean;
};

export const makeQueryCheck = ({ name, expect }: Query): BlankCheck => ({
  name: `query ${name}`,
  kind: 'query',
  table: null,
  expected: expect === 'same' ? null : typeof expect === 'number' ? expect : String(expect),
  actual: null,
  tolerance: null,
});

/**
 * Checks that the restored copy answers as the plan expects: one literal value, or what production answered.
 * @param production null if it was not asked at that instant
 */
export const compareQuery = (query: Query, production: QueryFigures | null, actual: Answer): CheckResult => {
  const { expect } = query;
  const check = { ...makeQueryCheck(query), actual: showAnswer(actual) };
  if (expect !== 'same') {
    const isEqual = actual.length === 1 && actual[0]?.length === 1 && isLiteral(actual[0][0] ?? null, expect);
    if (isEqual) return { ...check, verdict: 'passed', reason: 'the answer is as expected' };
    const seen = production === null ? '' : `; production answers ${showAnswer(production.before)}`;
    return { ...check, verdict: 'failed', reason: `the answer differs${seen}` };
  }
  if (production === null || production.after === null)
    return { ...check, verdict: 'skipped', reason: notThen };
  const judged = compareAnswers(production.before, production.after, actual);
  if (judged.verdict !== 'failed' || !production.mayDiffer) return { ...check, ...judged };
  return { ...check, ...judged, verdict: 'skipped', reason: mayHaveDiffered };
};

const mayHaveDiffered =
  'the answer differs; production wrote between its two readings, and may have answered so in between';

type Judgement = Pick<CheckResult, 'expected' | 'verdict' | 'reason'>;

const compareAnswers = (before: Answer, after: Answer, actual: Answer): Judgement => {
  const [one, other, seen] = [before, after, actual].map(sortRows);
  const expected = one === other ? showAnswer(before) : `${showAnswer(before)} to ${showAnswer(after)}`;
  if (seen === one || seen === other)
    return { expected, verdict: 'passed', reason: 'the answers are the same' };
  if (one === other) {
    return {
      expected,
      verdict: 'failed',
      reason: 'the answer differs; production answered the same just before and just after the instant',
    };
  }
  const [low, high, value] = [toNumber(before), toNumber(after), toNumber(actual)] as const;
  if (Number.isNaN(low + high + value)) {
    return { expected, verdict: 'skipped', reason: 'the answer of production changed during the instant' };
  }
  // Between the two readings the value may have gone as far again and come back.
  const moved = Math.abs(high - low);
  return value >= Math.min(low, high) - moved && value <= Math.max(low, high) + moved
    ? { expected, verdict: 'passed', reason: 'within what production changed during the instant' }
    : {
        expected,
        verdict: 'failed',
        reason: 'further off than production changed during the instant',
      };
};

/** Without ORDER BY, no server promises an order. */
const sortRows = (answer: Answer): string =>
  JSON.stringify(answer.map((row) => JSON.stringify(row)).toSorted());

const toNumber = (answer: Answer): number => {
  const [row] = answer;
  const text = answer.length === 1 && row?.length === 1 ? (row[0] ?? '') : '';
  return text.trim() === '' ? Number.NaN : Number(text);
};

/** Values come as texts; PostgreSQL writes booleans as t and f, MySQL as 1 and 0. */
const isLiteral = (text: string | null, literal: Exclude<Query['expect'], 'same'>): boolean => {
  if (text === null || literal === null) return text === literal;
  if (typeof literal === 'number') return text.trim() !== '' && Number(text) === literal;
  if (typeof literal === 'boolean')
    return (literal ? ['t', 'true', '1'] : ['f', 'false', '0']).includes(text);
  return text === literal;
};

const maxShown = 120;

const showAnswer = (answer: Answer): string => {
  if (answer.length === 0) return 'no row';
  const text = answer.map((row) => row.map((value) => value ?? 'NULL').join(' | ')).join('; ');
  return text.length > maxShown ? `${text.slice(0, maxShown)}... (${answer.length} rows)` : text;
};
