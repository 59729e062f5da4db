import type { Stretch } from '../rehearsal/measured.ts';
import type { LockRun, LockWait } from './lock-log.ts';
import type { Concluded, Conflicts, Look, Statement } from './port.ts';
import type { Wait } from './probers.ts';

/**
 * One statement, run once. `refusal`: why it did not run, or was not committed. `transactionStart`: the number of the statement
 * that its transaction began with.
 */
export type Attempt = Stretch &
  Concluded & { statement: Statement; transactionStart: number; before: Look; isCancelled: boolean };

/** What was seen while the statements ran. `known`: tables that were there before;
 * `probed`: those that any statement names. `untold`: tables, with sentences that say what was not measured of them. */
export type Seen = {
  waits: Wait[];
  held: LockRun[];
  lockWaits: LockWait[];
  conflicts: Conflicts;
  notMeasured: string[];
  known: readonly string[];
  probed: readonly string[];
  untold: { table: string; reason: string }[];
};
