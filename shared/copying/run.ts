import type { CopyProgress, ExtractedTable } from '../extraction/tables.ts';
import type { Copied, Copying, RangeState } from './port.ts';

/** `pending`: the time was up before the last range. Ask again, and the rest is copied. */
export type CopyOutcome = { status: 'ready' | 'pending'; tables: CopyProgress[] };

export type CopyLimits = {
  /** How many ranges are copied side by side. */
  sessions: number;
  remainingMs: () => number;
};

/** A range may take so much longer than the longest one before it. */
const patience = 1.5;

type Task = { table: ExtractedTable; state: RangeState };

/**
 * Copies as many ranges as fit into the time, several side by side. What an earlier run copied is left as it is. The first
 * range begins in any case, so each run gets further.
 * @throws DrillError of the port; other ranges end first
 */
export const copyTables = async (
  copying: Copying,
  tables: readonly ExtractedTable[],
  { sessions, remainingMs }: CopyLimits,
): Promise<CopyOutcome> => {
  const tasks: Task[] = [];
  for (const table of tables) {
    for (const state of await copying.listRanges(table)) tasks.push({ table, state });
  }
  const left = tasks.filter(({ state }) => state.copied === null);
  let longestMs: number | null = null;
  const copyOn = async (): Promise<void> => {
    while (longestMs === null || remainingMs() > longestMs * patience) {
      const task = left.shift();
      if (task === undefined) return;
      const beganMs = remainingMs();
      task.state.copied = await copying.copyRange(task.table, task.state.range);
      longestMs = Math.max(longestMs ?? 0, beganMs - remainingMs());
    }
  };
  await waitForAll(
    Array.from({ length: sessions }, () =>
      copyOn().catch((error) => {
        left.length = 0;
        throw error;
      }),
    ),
  );
  const isReady = tasks.every(({ state }) => state.copied !== null);
  return { status: isReady ? 'ready' : 'pending', tables: tables.map((table) => tellProgress(table, tasks)) };
};

/** If one fails, the others still end before the sessions are closed. */
const waitForAll = async (running: Promise<void>[]): Promise<void> => {
  const failed = (await Promise.allSettled(running)).find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
};

const tellProgress = ({ table }: ExtractedTable, tasks: readonly Task[]): CopyProgress => {
  const own = tasks.filter((task) => task.table.table === table);
  const done = own.flatMap(({ state }) => (state.copied === null ? [] : [state.copied]));
  return { table, rangesDone: done.length, ranges: own.length, ...addCopied(done) };
};

const addCopied = (copied: readonly Copied[]): Copied => ({
  rows: copied.reduce((sum, { rows }) => sum + rows, 0),
  bytes: copied.reduce((sum, { bytes }) => sum + bytes, 0),
});
