import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSqlFile } from '../../../local/sources/sql-file.ts';
import { readIncluded } from '../../../local/sources/sql-include.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sql-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const file = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

const sql = 'create table a (x int);\n'.repeat(50);

describe('a file that can be read: its SQL', () => {
  test.each<[string, string, string | Uint8Array]>([
    ['plain', 'plain.sql', sql],
    ['gzip by its name', 'dump.sql.gz', gzipSync(sql)],
    ['gzip by its first bytes', 'dump.sql', gzipSync(sql)],
    ['two gzip files in one', 'two.gz', Buffer.concat([gzipSync(sql.slice(0, 30)), gzipSync(sql.slice(30))])],
    ['byte order mark', 'mark.sql', `\ufeff${sql}`],
    ['byte order mark in gzip', 'mark.sql.gz', gzipSync(`\ufeff${sql}`)],
  ])('%s', async (_condition, name, content) => {
    expect((await readSqlFile(await file(name, content))).content.toString()).toBe(sql);
  });
});

describe('a file that cannot be read: a named error and what to do', () => {
  const whole = gzipSync(sql);
  const spoiled = Buffer.from(whole);
  spoiled[whole.length - 6] = (spoiled[whole.length - 6] ?? 0) ^ 0xff;

  test.each<[string, string, string | Uint8Array, string]>([
    ['gzip cut short', 'cut.sql.gz', whole.subarray(0, -20), 'unexpected end of file'],
    ['gzip cut within its first bytes', 'head.sql.gz', whole.subarray(0, 2), 'unexpected end of file'],
    ['gzip that is damaged', 'bad.sql.gz', spoiled, 'incorrect data check'],
    ['gzip that is empty', 'empty.sql.gz', '', 'it is empty'],
    ['plain SQL with the name of gzip', 'plain.sql.gz', sql, 'incorrect header check'],
    ['archive of pg_dump', 'shop.dump', 'PGDMP\u0001', 'is an archive of pg_dump, not SQL'],
    ['archive of pg_dump in gzip', 'shop.gz', gzipSync('PGDMP\u0001'), 'is an archive of pg_dump, not SQL'],
  ])('%s', async (_condition, name, content, reason) => {
    const path = await file(name, content);
    await expect(readSqlFile(path)).rejects.toMatchObject({
      name: 'SqlFileFailed',
      summary: expect.stringMatching(new RegExp(`${path}: .*${reason}`)),
    });
  });
});

describe('an included file', () => {
  const include = (name: string, isFromHere = false) => ({ name, isFromHere, line: 7 });

  test('beside the first file or below it: read, by each of both ways to name it', async () => {
    await mkdir(join(folder, 'more'), { recursive: true });
    await file('more/inner.sql', 'inner');
    await file('more/next.sql', 'next');
    const first = await readSqlFile(await file('first.sql', ''));
    const inner = await readIncluded(first, include('more/inner.sql'));
    expect(inner.content.toString()).toBe('inner');
    expect((await readIncluded(inner, include('next.sql', true))).content.toString()).toBe('next');
    expect((await readIncluded(inner, include('more/next.sql'))).content.toString()).toBe('next');
    expect((await readIncluded(inner, include(join(folder, 'more/next.sql')))).content.toString()).toBe(
      'next',
    );
  });

  test.each<[string, string, string]>([
    ['missing', 'no-such.sql', 'and there is no '],
    ['above the folder', '../other.sql', 'which is outside the folder of '],
    ['elsewhere', '/etc/passwd', 'which is outside the folder of '],
    ['itself', './first.sql', 'which includes itself: '],
  ])('%s: SqlFileFailed with file and line', async (_condition, name, reason) => {
    const first = await readSqlFile(await file('first.sql', ''));
    await expect(readIncluded(first, include(name))).rejects.toMatchObject({
      name: 'SqlFileFailed',
      summary: expect.stringContaining(`${first.path}:7: includes ${name}, ${reason}`),
    });
  });

  test('a file that includes one of those that led to it: SqlFileFailed with the way round', async () => {
    const first = await readSqlFile(await file('first.sql', ''));
    await file('second.sql', '');
    const second = await readIncluded(first, include('second.sql'));
    await expect(readIncluded(second, include('first.sql'))).rejects.toThrow(
      `which includes itself: ${first.path}, ${second.path}, ${first.path}`,
    );
  });
});
