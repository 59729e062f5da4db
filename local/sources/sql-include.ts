import { access } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { DrillError } from '../../shared/errors.ts';
import { readSqlFile, type SqlFile } from './sql-file.ts';

/** A command that names another file. `isFromHere`: the name begins at the file with the command, not at the first one. */
export type Include = { name: string; isFromHere: boolean; line: number };

/**
 * Reads a file that another one includes. It has to be beside the first file or below: nothing else belongs to it.
 * @throws DrillError SqlFileFailed
 */
export const readIncluded = async (file: SqlFile, { name, isFromHere, line }: Include): Promise<SqlFile> => {
  const first = findFirst(file);
  const folder = dirname(first.path);
  const path = isAbsolute(name) ? name : join(isFromHere ? dirname(file.path) : folder, name);
  const fail = (problem: string, hint: string): never => {
    throw new DrillError('SqlFileFailed', `${file.path}:${line}: includes ${name}, ${problem}`, { hint });
  };
  const way = relative(folder, path);
  if (way.startsWith('..') || isAbsolute(way)) {
    fail(
      `which is outside the folder of ${first.path}`,
      'put all files into one folder, or write them into one file',
    );
  }
  const chain = listChain(file);
  if (chain.some((known) => resolve(known) === resolve(path))) {
    fail(`which includes itself: ${[...chain, path].join(', ')}`, 'take one of them out');
  }
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    fail(`and there is no ${path}`, `put it there, beside ${first.path}, or take the line out of the file`);
  }
  return { ...(await readSqlFile(path)), includedBy: file };
};

const findFirst = (file: SqlFile): SqlFile =>
  file.includedBy === undefined ? file : findFirst(file.includedBy);

const listChain = ({ path, includedBy }: SqlFile): string[] => [
  ...(includedBy === undefined ? [] : listChain(includedBy)),
  path,
];
