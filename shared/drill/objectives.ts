import { secondsBetween } from '../instants.ts';
import type { DrillState } from './state.ts';

/** A measured time against its objective. */
export type Objective = {
  /** Null when it could not be measured. */
  seconds: number | null;
  /** Null when the plan has none. */
  objectiveSeconds: number | null;
  /** Null when one of the two is missing. */
  met: boolean | null;
};

/** From the restore request to the first query that the restored writer answered. */
export const measureRto = (state: DrillState): Objective => {
  const { RestoreCluster: restore, VerifyRestore: verification } = state;
  const isMeasured = restore !== undefined && verification !== undefined;
  const seconds = isMeasured ? secondsBetween(restore.requestedAt, verification.firstAnswerAt) : null;
  return judge(seconds, state.PrepareDrill?.objectives.rtoSeconds ?? null);
};

/** How far LatestRestorableTime was behind when the drill began, or how old the snapshot was. Not measured for a fresh one. */
export const measureRpo = ({ PrepareDrill: drill }: DrillState): Objective =>
  judge(drill?.rpoSeconds ?? null, drill?.objectives.rpoSeconds ?? null);

/** Compared by `<=`, so that NaN misses the objective. */
const judge = (seconds: number | null, objectiveSeconds: number | null): Objective => ({
  seconds,
  objectiveSeconds,
  met: seconds === null || objectiveSeconds === null ? null : seconds <= objectiveSeconds,
});
