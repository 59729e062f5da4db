import { describeError, isDrillError } from '../errors.ts';
import type { BlankCheck, CheckResult } from './checks.ts';

/**
 * Does checks that read the copy. What cannot be read there is a failed check: a damaged page, a missing table, a lost
 * privilege. What runs out of time, or the server cannot do, is skipped with its reason.
 * @throws what a retry can cure
 */
export const judge = async (
  check: BlankCheck,
  read: () => Promise<CheckResult[]>,
): Promise<CheckResult[]> => {
  try {
    return await read();
  } catch (error) {
    const verdict = verdictOf(error);
    if (verdict === null) throw error;
    const reason = verdict === 'failed' ? `it cannot be read: ${describeError(error)}` : describeError(error);
    return [{ ...check, verdict, reason }];
  }
};

const verdictOf = (error: unknown): 'failed' | 'skipped' | null => {
  if (!isDrillError(error)) return null;
  switch (error.name) {
    case 'DatabaseFailure':
    case 'DatabaseDenied':
    case 'ColumnNotFound':
    case 'InvalidPlan':
      return 'failed';
    case 'OutOfTime':
    case 'NotSupported':
      return 'skipped';
    default:
      return null;
  }
};
