/**
 * One finding of a drill, as in the result. `expected` and `actual` are row counts; texts for schemas, times and answers;
 * for checksums one hexadecimal number over everything compared.
 */
export type CheckResult = {
  name: string;
  kind: 'schema' | 'rows' | 'checksum' | 'freshness' | 'query' | 'time';
  table: string | null;
  expected: string | number | null;
  actual: string | number | null;
  tolerance: string | null;
  verdict: 'passed' | 'failed' | 'skipped';
  reason: string;
  /** What was judged of the whole table, not of a sample or of a count. Left out where that was not done, or found a difference. */
  whole?: Whole;
};

/** `rows`: each is there, and no other. `values`: that, and what they hold. */
export type Whole = 'rows' | 'values';

/** Rows that moved during the instant cannot be judged. With more of them than this, a table was not judged as a whole. */
const mostUnjudged = 0.1;

/** @returns what to add to a check that passed */
export const tellWhole = (whole: Whole, judged: number, unjudged: number): Pick<CheckResult, 'whole'> =>
  unjudged <= mostUnjudged * (judged + unjudged) ? { whole } : {};

/** A check before it is done. */
export type BlankCheck = Omit<CheckResult, 'verdict' | 'reason' | 'whole'>;

/** What may act in the copy, as far as is known, is told once, and judged by nobody. @param doubt empty if nothing */
export const listSideEffectChecks = (doubt: string | undefined): CheckResult[] =>
  doubt === undefined || doubt === ''
    ? []
    : [
        {
          name: 'side effects',
          kind: 'schema',
          table: null,
          expected: null,
          actual: null,
          tolerance: null,
          verdict: 'skipped',
          reason: doubt,
        },
      ];

/** Why a check against production is skipped if the start named its own time. */
export const notThen = 'production can no longer be read at the time restored to';

export const countVerdicts = (checks: readonly CheckResult[]): Record<CheckResult['verdict'], number> => {
  const count = (verdict: CheckResult['verdict']) =>
    checks.filter((check) => check.verdict === verdict).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
};

/** none: the start named its own time, so production can no longer be read at that instant. */
export type Comparability = 'same-instant' | 'none';
