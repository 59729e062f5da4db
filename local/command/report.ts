import { relative, resolve } from 'node:path';
import open from 'open';
import { print } from './command.ts';
import type { Paint } from './paint.ts';

export const describeReport = (folder: string, paint: Paint): string => {
  const path = resolve(folder, 'report.html');
  const fromHere = relative('.', path);
  return `  report: ${paint.link(fromHere.startsWith('..') ? path : fromHere, path)}`;
};

/** Ignores a browser that cannot be opened: everything is over. */
export const openReport = async (folder: string): Promise<void> => {
  const path = resolve(folder, 'report.html');
  try {
    await open(path);
  } catch (error) {
    await print(process.stderr, `cannot open ${path}: ${(error as Error).message}`);
  }
};
