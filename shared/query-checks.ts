import type { CheckResult } from './checks.ts';
import type { Answer } from './database.ts';
import type { Checks } from './plan.ts';

export type Query = Checks['queries'][number];

/** Production's own answers, before and after the instant; `after` only where the plan expects the same answer. */
export type QueryFigures = { name: string; before: Answer; after: Answer | null };

/**
 * Does the restored copy answer as the plan expects: one literal value, or what production answered?
 * @param production null where it was not asked at that instant
 */
export const compareQuery = (
  { name, expect }: Query,
  production: QueryFigures | null,
  actual: Answer,
): CheckResult => {
  const check = {
    name: `query ${name}`,
    kind: 'query',
    table: null,
    actual: showAnswer(actual),
    tolerance: null,
  } as const;
  if (expect !== 'same') {
    const isEqual = actual.length === 1 && actual[0]?.length === 1 && isLiteral(actual[0][0] ?? null, expect);
    const seen = production === null ? '' : `; production answers ${showAnswer(production.before)}`;
    return {
      ...check,
      expected: typeof expect === 'number' ? expect : String(expect),
      ...(isEqual
        ? { verdict: 'passed', reason: 'the answer is the one expected' }
        : { verdict: 'failed', reason: `the answer is another one${seen}` }),
    };
  }
  if (production === null || production.after === null) {
    const reason = 'production can no longer be asked at the time restored to';
    return { ...check, expected: null, verdict: 'skipped', reason };
  }
  return { ...check, ...compareAnswers(production.before, production.after, actual) };
};

type Judgement = Pick<CheckResult, 'expected' | 'verdict' | 'reason'>;

const compareAnswers = (before: Answer, after: Answer, actual: Answer): Judgement => {
  const [one, other, seen] = [before, after, actual].map((answer) => JSON.stringify(answer));
  const expected = one === other ? showAnswer(before) : `${showAnswer(before)} to ${showAnswer(after)}`;
  if (seen === one || seen === other)
    return { expected, verdict: 'passed', reason: 'the answers are the same' };
  if (one === other) {
    return {
      expected,
      verdict: 'failed',
      reason: 'production gave another answer just before and just after the instant',
    };
  }
  const bounds = [toNumber(before), toNumber(after), toNumber(actual)];
  const [low, high, value] = bounds;
  if (low === undefined || high === undefined || value === undefined || bounds.some(Number.isNaN)) {
    return { expected, verdict: 'skipped', reason: 'the answer of production changed during the instant' };
  }
  // What moved between the two readings may have moved on and back within them, and as far again.
  const moved = Math.abs(high - low);
  return value >= Math.min(low, high) - moved && value <= Math.max(low, high) + moved
    ? { expected, verdict: 'passed', reason: 'as far as it changed during the instant' }
    : {
        expected,
        verdict: 'failed',
        reason: 'further off than the answer of production changed during the instant',
      };
};

const toNumber = (answer: Answer): number => {
  const [row] = answer;
  const text = answer.length === 1 && row?.length === 1 ? (row[0] ?? '') : '';
  return text.trim() === '' ? Number.NaN : Number(text);
};

/** Values come as texts; booleans as PostgreSQL (t, f) or MySQL (1, 0) write them. */
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
