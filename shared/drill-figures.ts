import type { CheckResult } from './checks.ts';
import { describeSeconds } from './instants.ts';
import type { Objective } from './objectives.ts';
import type { DrillOutcome } from './result.ts';
import { countOf } from './words.ts';

/** "20 min 12 s (objective 60 min, met)", or what of it is known. */
export const describeObjective = ({ seconds, objectiveSeconds, met }: Objective): string => {
  const measured = seconds === null ? 'not measured' : describeSeconds(seconds);
  if (objectiveSeconds === null) return `${measured} (no objective)`;
  const verdict = met === null ? '' : met ? ', met' : ', missed';
  return `${measured} (objective ${describeSeconds(objectiveSeconds)}${verdict})`;
};

/** "20 min 12 s of 60 min", or the time alone where the plan sets no objective. */
export const compareObjective = ({ seconds, objectiveSeconds }: Objective): string => {
  if (seconds === null) return 'not measured';
  const limit = objectiveSeconds === null ? '' : ` of ${describeSeconds(objectiveSeconds)}`;
  return `${describeSeconds(seconds)}${limit}`;
};

/** How many checks ended with a verdict. */
export const countVerdicts =
  (checks: DrillOutcome['checks']) =>
  (verdict: CheckResult['verdict']): number =>
    checks.filter((check) => check.verdict === verdict).length;

/** "22 checks passed, 1 failed, 3 skipped": nothing that is zero but the passed ones. */
export const countChecks = ({ checks }: DrillOutcome): string => {
  const count = countVerdicts(checks);
  const others = (['failed', 'skipped'] as const).filter((verdict) => count(verdict) > 0);
  return [
    `${countOf(count('passed'), 'check')} passed`,
    ...others.map((verdict) => `${count(verdict)} ${verdict}`),
  ].join(', ');
};
