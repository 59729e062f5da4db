import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assertPrograms, listMissingPrograms } from '../../../local/servers/mariadb.ts';

const all = ['mariadbd', 'mariadb-install-db', 'mariadb-backup', 'mariadb-binlog', 'mariadb'];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'programs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const addProgram = async (name: string, says: string): Promise<void> => {
  await writeFile(join(folder, name), `#!/bin/sh\necho '${says}'\n`);
  await chmod(join(folder, name), 0o755);
};

const refusalOf = (): string => {
  try {
    assertPrograms(folder);
  } catch (error) {
    expect(error).toMatchObject({ name: 'InvalidArguments', hint: expect.stringContaining('brew install') });
    return (error as { summary: string }).summary;
  }
  return '';
};

test('no program on PATH: all of them named, and how to install them', () => {
  expect(refusalOf()).toBe(`--engine mysql runs MariaDB, and PATH lacks ${all.join(', ')}`);
});

test('one program missing, another not to be executed: those two named', async () => {
  for (const name of all.slice(1)) await addProgram(name, '');
  await chmod(join(folder, 'mariadb'), 0o644);
  expect(listMissingPrograms(folder)).toEqual(['mariadbd', 'mariadb']);
});

test("mysqld of Oracle's MySQL: said that recovery here takes MariaDB's programs", async () => {
  await addProgram('mysqld', 'mysqld  Ver 8.4.3 for Linux on x86_64 (MySQL Community Server - GPL)');
  expect(refusalOf()).toContain('mariadb-backup and mariadb-binlog');
});

test("mysqld of MariaDB's, with programs missing: nothing said about MySQL", async () => {
  await addProgram('mysqld', 'mysqld  Ver 10.11.6-MariaDB');
  expect(refusalOf()).not.toContain('Oracle');
});

test('every program on PATH: no refusal', async () => {
  await addProgram('program', '');
  for (const name of all) await symlink(join(folder, 'program'), join(folder, name));
  expect(refusalOf()).toBe('');
});
