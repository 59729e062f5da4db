import type { Progress, Reader } from '../database/port.ts';
import type { Table } from '../database/tables.ts';
import { isDrillError } from '../errors.ts';

const shortestMs = 50;
/** A long bracket is looked at less often, so that what was seen stays small. */
const mostLooks = 160;
/** After a look that took long, production has peace for so many times as long. */
const peace = 3;

/** Looks at how far production is, over and over. */
export type Watch = {
  /** Goes on until production's clock reads this time. @returns what was seen */
  until(clockMs: number): Promise<Progress[]>;
  stop(): Promise<void>;
};

/** Begins to watch. What cannot be seen is no reason to end a drill, so the watch ends early then. */
export const watchProgress = (reader: Reader, tables: readonly Table[], bracketMs: number): Watch => {
  const sampleMs = Math.max(shortestMs, (2 * bracketMs) / mostLooks);
  const seen: Progress[] = [];
  let endMs = Number.POSITIVE_INFINITY;
  const watch = async (): Promise<void> => {
    const lagMs = await reader.readLag();
    for (let notBeforeMs = await reader.readClock(); notBeforeMs < endMs + sampleMs; ) {
      const found = await reader.readProgress(tables, notBeforeMs);
      if (isBlind(found)) return;
      const { atMs } = found;
      seen.push({ ...found, atMs: Math.round(atMs - lagMs) });
      notBeforeMs = atMs + Math.max(sampleMs, peace * (atMs - notBeforeMs));
    }
  };
  const watching = watch().catch((error) => {
    if (!isDrillError(error)) throw error;
  });
  watching.catch(() => {});
  return {
    until: async (clockMs) => {
      endMs = clockMs;
      await watching;
      return thinOut(seen);
    },
    stop: async () => {
      endMs = 0;
      await watching;
    },
  };
};

const isBlind = ({ counts, transactions }: Progress): boolean =>
  Object.keys(counts).length === 0 && transactions === undefined;

/** Looks once, in a snapshot taken at this time of the server's clock. What cannot be seen is left out. */
export const lookOnce = async (
  reader: Reader,
  tables: readonly Table[],
  takenMs: number,
): Promise<Progress[]> => {
  const lagMs = await reader.readLag();
  const found = await unlessUnseen(reader.readProgress(tables, 0));
  return found === null || isBlind(found) ? [] : [{ ...found, atMs: Math.round(takenMs - lagMs) }];
};

const unlessUnseen = (looking: Promise<Progress>): Promise<Progress | null> =>
  looking.catch((error) => {
    if (!isDrillError(error)) throw error;
    return null;
  });

/** Of samples that are the same, the first and the last tell all. */
const thinOut = (samples: readonly Progress[]): Progress[] =>
  samples.filter((sample, index) => {
    const isSame = (other: Progress | undefined): boolean =>
      JSON.stringify({ ...other, atMs: 0 }) === JSON.stringify({ ...sample, atMs: 0 });
    return !isSame(samples[index - 1]) || !isSame(samples[index + 1]);
  });
