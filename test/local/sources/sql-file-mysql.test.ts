import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
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

  const load = async (text: string, path = 'some/bad.sql'): Promise<string[]> => {
    const told: string[] = [];
    await loadMysqlFile({ path, content: Buffer.from(text) }, target, (change) => told.push(change));
    return told;
  };

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
      'unknown collation',
      'create table c (x char(3)) collate utf8mb4_klingon_ci;',
      'some/bad.sql:1: Unknown collation',
      'replace the collation',
    ],
    [
      'setting of MySQL 8',
      'set @@global.innodb_redo_log_encrypt = 1;',
      'some/bad.sql:1: Unknown system variable',
      'take the setting out of the file',
    ],
    [
      'missing included file',
      'select 1;\nsource none.sql;',
      'some/bad.sql:2: includes none.sql',
      'put it there',
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

  test('included files: run in their place, and an error names the file and line it is in', async () => {
    const path = join(outside, 'all.sql');
    await writeFile(join(outside, 'schema.sql'), 'create table inc (x int);\ninsert into inc values (1)');
    await writeFile(join(outside, 'rows.dump'), 'DELIMITER //\ninsert into inc values (2)//\nDELIMITER ;\n');
    await writeFile(join(outside, 'bad.sql'), '\nselect\n nonsense;\n');
    await load('source schema.sql\n\\. rows.dump\ninsert into inc values (3);\n', path);
    const connection = await world.source.connect();
    const [rows] = await connection.query(`select x from ${target.database}.inc order by x`);
    await connection.end();
    expect(rows).toEqual([{ x: 1 }, { x: 2 }, { x: 3 }]);
    await expect(load('select 1;\nsource bad.sql ;\n', path)).rejects.toThrow(
      `${outside}/bad.sql:2: Unknown column 'nonsense'`,
    );
    await expect(load('source rows.dump;\n\nselect nonsense;\n', path)).rejects.toThrow(
      `${path}:3: Unknown column 'nonsense'`,
    );
  });

  test('every collation of MySQL 8: made into one that the server has, and told once', async () => {
    const kinds = [
      '0900_ai_ci',
      '0900_as_ci',
      '0900_as_cs',
      '0900_bin',
      'de_pb_0900_ai_ci',
      'ja_0900_as_cs_ks',
    ];
    const columns = kinds.map((kind) => `${kind} varchar(9) collate utf8mb4_${kind} unique`);
    const told = await load(`create table speech (${columns.map((column) => `c${column}`).join(', ')});`);
    expect(told).toEqual([
      expect.stringMatching(/^replaced collations of MySQL 8, .*utf8mb4_0900_bin became /),
    ]);
    expect(told[0]?.match(/ became /g)).toHaveLength(kinds.length);
  });

  test('table outside the data folder: SqlFileFailed, since every copy would share it', async () => {
    await expect(load(`create table far (x int) data directory = '${outside}';`)).rejects.toMatchObject({
      name: 'SqlFileFailed',
      summary: 'some/bad.sql: keeps far outside the data folder, which Aurora does not do',
    });
  });
});
