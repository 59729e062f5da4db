import type { DrillOutcome } from '../drill/document.ts';

/** Where a drill's files stand in AWS: plan/date/drill. No plan's name begins with an underscore. */
export const planFolder = ({ plan, startedAt, drillId }: DrillOutcome): string =>
  `${plan ?? '_unknown'}/${startedAt.slice(0, 10)}/${drillId}`;

/** Tells people where the report of a drill stands, or will stand. */
export type PlaceOf = (outcome: DrillOutcome) => string;
