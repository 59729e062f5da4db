import { systemClock } from '../../shared/clock.ts';
import type { Database } from '../../shared/database/port.ts';
import type { DrillState } from '../../shared/drill/state.ts';
import { describeError, isDrillError } from '../../shared/errors.ts';
import { countDown } from '../../shared/instants.ts';
import { listChanges } from '../../shared/rows/change-words.ts';
import { type DatabaseChanges, describeChanges } from '../../shared/rows/database-changes.ts';
import { changeLimits } from '../../shared/rows/told-changes.ts';
import { openNow } from '../../shared/truth/production.ts';
import { toLine } from './columns.ts';

/** What changed in production since the time restored to, or why that is not known. */
export type ChangesNow = DatabaseChanges | { unread: string };

const mostMs = 5 * 60_000;

/** Compares the copy, while it stands, with production as it is now. What goes wrong is said, and ends no drill. */
export const compareWithNow = async (
  database: Database,
  { PrepareDrill: drill, CheckCluster: restored }: DrillState,
): Promise<ChangesNow> => {
  const { endpoint: host, port } = restored ?? {};
  if (drill === undefined || host == null || port == null) return { unread: 'there is no copy' };
  const options = { sessions: drill.checks.sessions, remainingMs: countDown(systemClock, mostMs) };
  try {
    const copy = await openNow(() => database.open({ ...drill.baselineAddress, host, port }, options));
    try {
      const production = await openNow(() => database.open(drill.baselineAddress, options));
      try {
        return await describeChanges(copy, production, changeLimits);
      } finally {
        await production.reader.close();
      }
    } finally {
      await copy.reader.close();
    }
  } catch (error) {
    if (!isDrillError(error)) throw error;
    return { unread: describeError(error) };
  }
};

/** The lines for a terminal. */
export const describeChangesNow = (changes: ChangesNow): string[] => {
  const title = '  changed in production since the time restored to:';
  if ('unread' in changes) return [`${title} not known: ${toLine(changes.unread)}`];
  return [title, ...listChanges(changes).map((line) => `    ${toLine(line)}`)];
};
