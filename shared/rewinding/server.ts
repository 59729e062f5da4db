import type { Database, DatabaseAddress, Load } from '../database/port.ts';
import type { ServerFacts } from './state.ts';

/** For so long it is seen how much is written: the pre-flight tells of the last minute. */
export const watchMs = 60_000;

/** Beside that, the server has half a minute to answer. */
export const mostAskedMs = watchMs + 30_000;

/** Waits a minute. */
export type Watch = () => Promise<unknown>;

export const unasked = (why: string): ServerFacts => ({
  binlog: { unknown: why },
  activity: { unknown: why },
});

/** Asks the server itself, in one session, what RDS cannot tell. @throws DrillError as a reader does */
export const askServer = async (
  database: Database,
  address: DatabaseAddress,
  remainingMs: () => number,
  watch: Watch,
): Promise<ServerFacts> => {
  const reader = await database.open(address, { sessions: 1, remainingMs });
  try {
    const before = await reader.readLoad();
    await watch();
    return compareLoads(before, await reader.readLoad());
  } finally {
    await reader.close();
  }
};

/** A server that was restarted in between has counted from zero again. */
const compareLoads = (before: Load, after: Load): ServerFacts => {
  const rows = after.rowsWritten - (after.rowsWritten < before.rowsWritten ? 0 : before.rowsWritten);
  const seconds = Math.max(1, after.atMs - before.atMs) / 1000;
  return {
    binlog: { value: { ...after.binlog, seenBy: 'server' } },
    activity: { value: { writesPerSecond: rows / seconds, connections: after.connections } },
  };
};
