/**
 * One finding of a drill, as the result holds it. `expected` and `actual` are row counts; texts for schemas, times and
 * answers; for checksums one hexadecimal number over all that was compared.
 */
export type CheckResult = {
  name: string;
  kind: 'schema' | 'rows' | 'checksum' | 'freshness' | 'query';
  table: string | null;
  expected: string | number | null;
  actual: string | number | null;
  tolerance: string | null;
  verdict: 'passed' | 'failed' | 'skipped';
  reason: string;
};

/** A check before it is done: what it is about, without a verdict. */
export type BlankCheck = Omit<CheckResult, 'verdict' | 'reason'>;

/** Why what compares with production is skipped where the start named its own time. */
export const notThen = 'production can no longer be read at the time restored to';

/** How many checks ended with each verdict. */
export const countVerdicts = (checks: readonly CheckResult[]): Record<CheckResult['verdict'], number> => {
  const count = (verdict: CheckResult['verdict']) =>
    checks.filter((check) => check.verdict === verdict).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
};

/** none: the start named its own time, so production can no longer be read at that instant. */
export type Comparability = 'same-instant' | 'none';
