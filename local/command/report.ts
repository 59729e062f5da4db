import { relative, resolve } from 'node:path';
import open from 'open';
import { print } from './command.ts';
import type { Paint } from './paint.ts';

const reportPage = 'report.html';

export const describeReport = (folder: string, paint: Paint, page = reportPage): string => {
  const path = resolve(folder, page);
  const fromHere = relative('.', path);
  return `  report: ${paint.link(fromHere.startsWith('..') ? path : fromHere, path)}`;
};

/** Ignores a browser that cannot be opened: everything is over. */
export const openReport = async (folder: string, page = reportPage): Promise<void> => {
  const path = resolve(folder, page);
  try {
    await open(path);
  } catch (error) {
    await print(process.stderr, `cannot open ${path}: ${(error as Error).message}`);
  }
};
