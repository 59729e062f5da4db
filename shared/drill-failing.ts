import { compareObjective, countVerdicts } from './drill-figures.ts';
import type { Failure } from './failure.ts';
import { shorten } from './message.ts';
import type { DrillOutcome } from './result.ts';
import { countOf } from './words.ts';

/** Of error and cause in a title, which is one line; the whole of them follows. */
const maxCauseLength = 160;
/** A drill may have thousands of findings. The first are enough to act on, and the report has them all. */
const maxListed = 10;
const maxFindingLength = 300;

/** The title of a failure: "Restore drill failed: shop: ChecksFailed, rows orders: 7 rows missing". */
export const describeFailing = (
  kind: 'Restore drill' | 'Dry run',
  name: string,
  { error, cause }: Pick<Failure, 'error' | 'cause'>,
): string => {
  const words = [error, cause].filter(Boolean).join(', ').replace(/\s+/g, ' ').trim();
  return `${kind} failed: ${name}: ${shorten(words, maxCauseLength)}`;
};

/** What nobody may rely on after a drill without a proof. Both null when the drill did not come to know them. */
export const describeDoubt = (source: string | null, plan: string | null): string =>
  `Nothing proves that ${describeCluster(source, plan)} can be brought back`;

const describeCluster = (source: string | null, plan: string | null): string =>
  source ?? (plan === null ? 'the cluster of this drill' : `the cluster of plan ${plan}`);

/** What is at stake and why, in one line; then the checks that failed, and every objective that was missed. */
export const describeFailed = (result: DrillOutcome, failure: Failure): string[] => [
  `${describeStake(result, failure)}: ${failure.error} in ${failure.phase}: ${failure.cause}`,
  ...listFailed(result.checks),
  ...listMissed(result, failure),
];

/** Nothing for a single one, which is the cause of the failure and told as such. */
const listFailed = (checks: DrillOutcome['checks']): string[] => {
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  if (failed.length < 2) return [];
  const listed = failed.slice(0, maxListed).map(({ name, reason }) => `Failed: ${name}: ${reason}`);
  const others = failed.length > maxListed ? [`and ${failed.length - maxListed} more failed`] : [];
  return [...listed, ...others].map((finding) => shorten(finding, maxFindingLength));
};

/** Nothing for the one that is the cause of the failure. */
const listMissed = (result: DrillOutcome, { error }: Failure): string[] => {
  const missed = (['rto', 'rpo'] as const).filter((name) => result[name].met === false);
  if (error === 'ObjectiveMissed' && missed.length < 2) return [];
  return missed.map((name) => `Objective missed: ${name.toUpperCase()} ${compareObjective(result[name])}`);
};

const describeStake = (result: DrillOutcome, { error }: Failure): string => {
  const { source, plan, dryRun, checks, rto } = result;
  const cluster = describeCluster(source, plan);
  if (dryRun) return `A drill of ${cluster} would fail as this dry run has`;
  const count = countVerdicts(checks);
  if (count('failed') > 0) {
    const share = `${count('failed')} of ${countOf(checks.length, 'check')} failed`;
    return `${share} on the restored copy of ${cluster}, so a recovery may lose or change data`;
  }
  const isLate = error === 'DeadlineExceeded' && count('passed') > 0;
  // RTO is judged first, so that RPO is what was missed only when RTO was not.
  if (isLate || (error === 'ObjectiveMissed' && rto.met === false)) {
    return `A recovery of ${cluster} takes longer than its plan allows`;
  }
  if (error === 'ObjectiveMissed') return `A recovery of ${cluster} loses more than its plan allows`;
  return describeDoubt(source, plan);
};
