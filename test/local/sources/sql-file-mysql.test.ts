import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NewMysqlDatabase } from '../../../local/sources/mysql.ts';
import { loadMysqlFile } from '../../../local/sources/sql-file-mysql.ts';
import { hasMariadb } from '../mariadb.ts';
import { type MysqlTestWorld, startMysqlTestWorld } from '../world.ts';

describe.skipIf(!hasMariadb)('SQL file for MariaDB', () => {
  let world: MysqlTestWorld;
  let target: NewMysqlDatabase;
  let outside: string;

  beforeAll(async () => {
    // A folder that the server's user may write to.
    outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await chmod(outside, 0o777);
    world = await startMysqlTestWorld(async (database) => {
      target = database;
    });
  });
  afterAll(async () => {
    await world?.keeper.close();
    await rm(outside, { recursive: true, force: true });
  });

  const load = (text: string) => loadMysqlFile({ path: 'some/bad.sql', content: Buffer.from(text) }, target);

  test.each<[string, string, string, string]>([
    [
      'syntax error in the fifth line of a statement',
      'create table a (x int);\n\n-- now\ncreate table b (\n  x int,\n  y int\n  selec\n);\n',
      'some/bad.sql:8: You have an error in your SQL syntax',
      'correct the file',
    ],
    ['file cut short', "select 1;\nselect 'a", 'some/bad.sql:2: You have an error', 'correct the file'],
    [
      'unknown column',
      'select\n  nonsense;',
      "some/bad.sql:1: Unknown column 'nonsense'",
      'correct the file',
    ],
    ['command of the client', 'select 1;\n\\! id\n', 'some/bad.sql:2: Unknown command', 'correct the file'],
    [
      'collation of MySQL 8',
      'create table c (x char(3)) collate utf8mb4_0900_ai_ci;',
      'some/bad.sql:1: Unknown collation',
      'replace the collation',
    ],
    [
      'setting of MySQL 8',
      'set @@global.gtid_purged = 1;',
      'some/bad.sql:1: Unknown system variable',
      '--set-gtid-purged=OFF',
    ],
  ])('%s: SqlFileFailed with file and line, and what to do', async (_condition, text, summary, hint) => {
    await expect(load(text)).rejects.toMatchObject({
      name: 'SqlFileFailed',
      summary: expect.stringContaining(summary),
      hint: expect.stringContaining(hint),
    });
  });

  test('names and values in UTF-8 without a SET NAMES: kept as they are', async () => {
    await load('create table `ünï.côde` (`größe` varchar(9));\ninsert into `ünï.côde` values ("🐬 é");\n');
    const connection = await world.source.connect();
    const [rows] = await connection.query(`select \`größe\` as size from ${target.database}.\`ünï.côde\``);
    await connection.end();
    expect(rows).toEqual([{ size: '🐬 é' }]);
  });

  test('table outside the data folder: SqlFileFailed, since every copy would share it', async () => {
    await expect(load(`create table far (x int) data directory = '${outside}';`)).rejects.toMatchObject({
      name: 'SqlFileFailed',
      summary: 'some/bad.sql: keeps far outside the data folder, which Aurora does not do',
    });
  });
});
