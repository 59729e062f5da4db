import { pack } from '../job/packing.ts';
import { type CheckResult, countVerdicts } from '../truth/checks.ts';
import type { Verification } from './state.ts';

/** What the console shows; the result has all. */
const maxFindings = 10;

/** The outcome of all checks as state data: in words, and packed in full. @param firstAnswerAt ISO 8601 */
export const describeVerification = (firstAnswerAt: string, checks: CheckResult[]): Verification => {
  const { passed, failed, skipped } = countVerdicts(checks);
  return {
    firstAnswerAt,
    summary: `${passed} passed, ${failed} failed, ${skipped} skipped`,
    findings: checks
      .filter(({ verdict }) => verdict === 'failed')
      .slice(0, maxFindings)
      .map(({ name, reason }) => `${name}: ${reason}`.slice(0, 500)),
    checks: pack(checks),
  };
};
