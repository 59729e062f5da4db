/** Deduplication keys of what is told about drills. One trouble has one key, whoever tells of it. */

/**
 * One key for each plan: the next drill that passes closes what a failed one opened. A dry run proves nothing, so it must
 * not close it.
 * @param plan null when no plan is to blame, or none is known; then the drill has a key of its own
 */
export const drillKey = (plan: string | null, drillId: string, isDryRun: boolean): string =>
  `${isDryRun ? 'dry-run' : 'drill'}/${plan ?? drillId}`;

/** What a drill leaves behind, whatever its verdict. */
export const teardownKey = (drillId: string): string => `teardown/${drillId}`;

/** Each recovery is a matter of its own. */
export const recoveryKey = (recoveryId: string): string => `recovery/${recoveryId}`;

/** Each extract is one too. */
export const extractKey = (extractId: string): string => `extract/${extractId}`;

/** Each rehearsal is one too. */
export const rehearsalKey = (rehearsalId: string): string => `rehearsal/${rehearsalId}`;

/** And each rewind. */
export const rewindKey = (rewindId: string): string => `rewind/${rewindId}`;
