import type { DrillOutcome } from '../drill/document.ts';

/** Where a drill's files are in AWS: plan/date/drill. No plan's name begins with an underscore. */
export const planFolder = ({ plan, startedAt, drillId }: DrillOutcome): string =>
  `${plan ?? '_unknown'}/${startedAt.slice(0, 10)}/${drillId}`;

/** Where the report of a drill is, or will be, in words for people. */
export type PlaceOf = (outcome: DrillOutcome) => string;
