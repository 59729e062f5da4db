import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** One line of the table: a measurement beside what it is compared with. */
export type Row = {
  name: string;
  ours: string;
  other: string;
  /** Above 1 when ours is better, null when there is nothing to divide. */
  ratio: number | null;
  note: string;
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

/** Runs a script of this folder in its own process. @returns what it printed */
export const runScript = async (
  script: string,
  words: string[],
  env: Record<string, string> = {},
): Promise<string> => {
  const path = new URL(script, import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...words], {
    env: {
      PATH: process.env.PATH,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      ...env,
    },
  });
  return stdout;
};

/** Takes turns, so that other load on the machine hits both alike. */
export const measureInTurn = async (
  rounds: number,
  ours: () => Promise<number>,
  other: () => Promise<number>,
): Promise<{ ours: number; other: number }> => measureAll(rounds, { ours, other });

/** Takes turns, round by round. @returns the median of each */
export const measureAll = async <Name extends string>(
  rounds: number,
  measures: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>> => {
  const names = Object.keys(measures) as Name[];
  const seen = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) seen[name].push(await measures[name]());
  }
  return Object.fromEntries(names.map((name) => [name, median(seen[name])])) as Record<Name, number>;
};

/** @returns seconds */
export const timeSeconds = async (act: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await act();
  return (performance.now() - began) / 1000;
};

export const showSeconds = (seconds: number): string =>
  seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(2)} s`;

/** How much more memory this process takes while it does something. */
export const watchMemory = () => {
  let most = 0;
  return {
    during: async (act: () => Promise<void>): Promise<void> => {
      const before = process.memoryUsage().rss;
      const looking = setInterval(() => {
        most = Math.max(most, process.memoryUsage().rss - before);
      }, 20);
      await act().finally(() => clearInterval(looking));
    },
    mostMegabytes: () => Math.round(most / 1024 ** 2),
  };
};
