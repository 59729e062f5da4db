import { describeSeconds } from '../instants.ts';
import { formatInstant, formatNumber } from '../result/format.ts';
import type { CheckResult } from '../truth/checks.ts';
import { type DrillOutcome, wasAskedFor, wasRestored } from './document.ts';
import type { Objective } from './objectives.ts';
import { nameOrigin } from './origin-words.ts';

/** "20 min 12 s (objective 60 min, met)", or as much of it as is known. */
export const describeObjective = ({ seconds, objectiveSeconds, met }: Objective): string => {
  const measured = seconds === null ? 'not measured' : describeSeconds(seconds);
  if (objectiveSeconds === null) return `${measured} (no objective)`;
  const verdict = met === null ? '' : met ? ', met' : ', missed';
  return `${measured} (objective ${describeSeconds(objectiveSeconds)}${verdict})`;
};

/** "20 min 12 s of 60 min", "70 min instead of 60 min", or the time alone where the plan sets no objective. */
export const compareObjective = ({ seconds, objectiveSeconds, met }: Objective): string => {
  if (seconds === null) return 'not measured';
  if (objectiveSeconds === null) return describeSeconds(seconds);
  const word = met === false ? 'instead of' : 'of';
  return `${describeSeconds(seconds)} ${word} ${describeSeconds(objectiveSeconds)}`;
};

/** "RTO 70 min instead of 60 min", one for each objective that was missed. */
export const listMissed = ({ rto, rpo }: Pick<DrillOutcome, 'rto' | 'rpo'>): string[] =>
  (
    [
      ['RTO', rto],
      ['RPO', rpo],
    ] as const
  ).flatMap(([name, objective]) =>
    objective.met === false ? [`${name} ${compareObjective(objective)}`] : [],
  );

/** "1,200 passed, 1 failed, 3 skipped", without failed or skipped where there are none. */
export const describeCounts = (counts: Record<CheckResult['verdict'], number>): string => {
  const others = (['failed', 'skipped'] as const).filter((verdict) => counts[verdict] > 0);
  return (['passed', ...others] as const)
    .map((verdict) => `${formatNumber(counts[verdict])} ${verdict}`)
    .join(', ');
};

const ranks = { failed: 0, skipped: 1, passed: 2 };

/** Failed first, then skipped. */
export const sortChecks = (checks: readonly CheckResult[]): CheckResult[] =>
  checks.toSorted((a, b) => ranks[a.verdict] - ranks[b.verdict]);

/** The instant that was reached, which is not always the one that was asked for, and the snapshot that is of then. */
export const describeReached = (result: DrillOutcome): string => {
  const { dryRun, restore } = result;
  if (dryRun) return 'nothing: this was a dry run';
  const from = restore.kind === 'log' ? '' : `, from ${nameOrigin(restore)}`;
  const wanted = restore.restoreTo === null ? null : `${formatInstant(restore.restoreTo)}${from}`;
  if (wasRestored(result)) return wanted ?? 'an unknown instant';
  const reached = wasAskedFor(result) ? 'not known' : 'nothing was restored';
  return wanted === null ? reached : `${reached} (${wanted} was asked for)`;
};
