import type { DrillOutcome } from '../drill/document.ts';

/** Where the files of a drill, or of another job, are in AWS: plan/date/drill. No plan's name begins with an underscore. */
export const planFolder = ({
  plan,
  startedAt,
  drillId,
}: Pick<DrillOutcome, 'plan' | 'startedAt' | 'drillId'>): string =>
  `${plan ?? '_unknown'}/${startedAt.slice(0, 10)}/${drillId}`;

/** Where the report of a drill is, or will be, in words for people. */
export type PlaceOf = (outcome: DrillOutcome) => string;
