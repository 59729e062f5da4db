import pMap from 'p-map';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import type { Captured } from '../drilled-source.ts';

/** Runs a writer over and over until it is stopped. @throws what stopped it before */
export const repeat = (write: (round: number) => Promise<unknown>) => {
  let isOver = false;
  const running = (async () => {
    for (let round = 0; !isOver; round += 1) await write(round);
  })();
  running.catch(() => {});
  return async (): Promise<void> => {
    isOver = true;
    await running;
  };
};

type DrilledSource = {
  capture(): Promise<Captured>;
  restore(captured: Captured, fault: null): Promise<CheckResult[]>;
};

/**
 * Reads this many baselines while writers write, and then restores a copy for each. A passed check asks production nothing
 * more, and a copy replays the whole log: nobody fills it meanwhile.
 * @param stops ends the writers
 */
export const drillUnderWriters = async (
  { capture, restore }: DrilledSource,
  rounds: number,
  stops: (() => Promise<void>)[],
): Promise<{ drills: CheckResult[][]; ends: PromiseSettledResult<void>[] }> => {
  // Side by side: most of it is waiting.
  const captured = await pMap(Array.from({ length: rounds }), () => capture(), { concurrency: 2 });
  const ends = await Promise.allSettled(stops.map((stop) => stop()));
  const drills = await pMap(captured, (one) => restore(one, null), { concurrency: 2 });
  return { drills, ends };
};
