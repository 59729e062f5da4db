import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** One line of the table: what was measured, beside what it is compared with. */
export type Row = {
  name: string;
  ours: string;
  other: string;
  /** Above 1 where ours is better; null where there is nothing to divide. */
  ratio: number | null;
  note: string;
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

/** Runs a script of this folder in a process of its own. @returns what it printed */
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

/** Takes both in turn, so that what else the machine does falls on both alike. */
export const measureInTurn = async (
  rounds: number,
  ours: () => Promise<number>,
  other: () => Promise<number>,
): Promise<{ ours: number; other: number }> => {
  const seen = { ours: [] as number[], other: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    seen.ours.push(await ours());
    seen.other.push(await other());
  }
  return { ours: median(seen.ours), other: median(seen.other) };
};
