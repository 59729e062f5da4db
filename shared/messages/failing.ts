import type { DrillOutcome } from '../drill/document.ts';
import type { Failure } from '../drill/failure.ts';
import { listMissed } from '../drill/figures.ts';
import type { VerdictWords } from '../drill/verdict-words.ts';
import { cutAfterWord } from '../words.ts';

/** Error and cause in a title, which is one line; the text has them in full. */
const maxCauseLength = 160;
/** A drill may have thousands of findings. The first ones are enough to act on; the report has them all. */
const maxListed = 10;
const maxFindingLength = 300;

/** The title of a failure: "Restore drill failed: shop: ChecksFailed, rows orders: 7 rows missing". */
export const describeFailing = (
  kind: 'Restore drill' | 'Dry run',
  name: string,
  { error, cause }: Pick<Failure, 'error' | 'cause'>,
): string => {
  const words = [error, cause].filter(Boolean).join(', ').replace(/\s+/g, ' ').trim();
  return `${kind} failed: ${name}: ${cutAfterWord(words, maxCauseLength)}`;
};

/** "ChecksFailed in VerifyRestore: rows orders: 7 rows missing". */
export const describeCause = ({ error, phase, cause }: Failure): string => `${error} in ${phase}: ${cause}`;

/** The verdict and its cause, what they mean, the checks that failed, the objectives missed, and what else went wrong. */
export const describeFailed = (
  result: DrillOutcome,
  failure: Failure,
  { sentence, meaning }: VerdictWords,
): string[] => [
  `${sentence} ${describeCause(failure)}`,
  ...meaning,
  ...listFailed(result.checks),
  ...listFurtherMissed(result, failure),
  ...result.otherFailures.map((other) => `Then: ${describeCause(other)}`),
];

/** Nothing for a single one: the cause of the failure names it already. */
const listFailed = (checks: DrillOutcome['checks']): string[] => {
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  if (failed.length < 2) return [];
  const listed = failed.slice(0, maxListed).map(({ name, reason }) => `Failed: ${name}: ${reason}`);
  const others = failed.length > maxListed ? [`and ${failed.length - maxListed} more failed`] : [];
  return [...listed, ...others].map((finding) => cutAfterWord(finding, maxFindingLength));
};

/** Nothing where the verdict in words names the objectives already. */
const listFurtherMissed = (result: DrillOutcome, { phase, error }: Failure): string[] => {
  const isTold = phase === 'VerifyRestore' && (error === 'ObjectiveMissed' || error === 'DeadlineExceeded');
  return isTold ? [] : listMissed(result).map((missed) => `Objective missed: ${missed}`);
};
