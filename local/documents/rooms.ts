import { resolve } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import rules, { mayImport } from '../../.dependency-cruiser.mjs';

export { mayImport };

/** Reads who imports whom below the folders, and checks it against the rules of the rooms. */
export const readImports = async (baseDir: string, folders: string[]): Promise<ICruiseResult> => {
  const { forbidden, options } = rules;
  const settings = { ...options, baseDir: resolve(baseDir), validate: true, ruleSet: { forbidden } };
  const { output } = await cruise(folders, settings as unknown as ICruiseOptions);
  return output as ICruiseResult;
};

/** The room of a file below shared/, or null for files at its top and elsewhere. */
const roomOf = (path: string): string | null => /^shared\/(.+)\/[^/]+$/.exec(path)?.[1] ?? null;

/** Each pair of rooms where the first imports the second, once, in alphabetical order. */
export const listRoomImports = ({ modules }: ICruiseResult): [from: string, to: string][] => {
  const pairs = new Set<string>();
  for (const { source, dependencies } of modules) {
    for (const { resolved } of dependencies) {
      const [from, to] = [roomOf(source), roomOf(resolved)];
      if (from !== null && to !== null && from !== to) pairs.add(`${from} ${to}`);
    }
  }
  return [...pairs].sort().map((pair) => pair.split(' ') as [string, string]);
};
