import type { Database, DatabaseAddress, Reader, ReaderOptions } from '../database/port.ts';
import { DrillError } from '../errors.ts';
import { toIso } from '../instants.ts';

/** Production just before and just after the instant. */
export type BracketReaders = { before: Reader; after: Reader };

/** The instant T to restore to, and how long before and after it production was read, in milliseconds. */
export type Bracket = { instant: string; beforeMs: number; afterMs: number };

/** The first snapshot is taken this long before the second begins: enough for a round trip. */
const leadMs = 40;
/**
 * A transaction committed before T becomes visible a little later, once its log is safe. This is many times as long as
 * that takes. A reader's lag comes on top.
 */
const settleMs = 250;
const maxAttempts = 10;

/** Takes one snapshot of production just before a whole second on its own clock, and one just after. */
export const openBracket = async ({ before, after }: BracketReaders): Promise<Bracket> => {
  let instantMs = 0;
  let takenMs = 0;
  for (let attempt = 1; ; attempt++) {
    // A sleep takes a moment longer than asked.
    instantMs = Math.ceil(((await before.readClock()) + 2 * leadMs) / 1000) * 1000;
    takenMs = await before.openSnapshot(instantMs - leadMs);
    if (takenMs <= instantMs) break;
    if (attempt === maxAttempts) {
      throw new DrillError(
        'DatabaseBusy',
        `a snapshot of production took ${Math.round(takenMs - instantMs + leadMs)} ms, too long ${attempt} times in a row; ${leadMs} ms are allowed`,
      );
    }
  }
  const afterMs = await openAfter(after, instantMs);
  return { instant: toIso(new Date(instantMs)), beforeMs: Math.round(instantMs - takenMs), afterMs };
};

/** The lag may grow during the wait for the snapshot, so it is read again afterwards. */
const openAfter = async (after: Reader, instantMs: number): Promise<number> => {
  let lagMs = await after.readLag();
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const takenMs = await after.openSnapshot(instantMs + settleMs + lagMs);
    const seenMs = await after.readLag();
    if (takenMs - seenMs >= instantMs + settleMs || seenMs <= lagMs) return Math.round(takenMs - instantMs);
    lagMs = 2 * seenMs;
  }
  throw new DrillError(
    'DatabaseBusy',
    `the reader falls further and further behind its writer, ${Math.round(lagMs)} ms by now`,
  );
};

/** Opens both readers at one address, uses them, and closes them whatever happens. */
export const withReaders = async <Answer>(
  database: Database,
  address: DatabaseAddress,
  options: ReaderOptions,
  use: (readers: BracketReaders) => Promise<Answer>,
): Promise<Answer> => {
  const before = await database.open(address, options);
  try {
    const after = await database.open(address, options);
    try {
      return await use({ before, after });
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
};
