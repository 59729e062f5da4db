import { describe, expect, test } from 'vitest';
import { type Mysql8Changes, readMysqlLines } from '../../../local/sources/mysql-lines.ts';

const read = (text: string) => {
  const changes: Mysql8Changes = { collations: new Map(), isGtidPurgedSkipped: false };
  const reader = readMysqlLines(() => 'OTHER', changes);
  const lines = text.split('\n').map((line) => {
    const found = reader.read(line);
    return found.kind === 'sql' ? found.text : `INCLUDE ${found.name}`;
  });
  return { text: lines.join('\n'), changes, ending: reader.endStatement() };
};

describe('collation of MySQL 8', () => {
  test.each([
    ['of a column', 'x char(3) collate utf8mb4_0900_ai_ci,', 'x char(3) collate OTHER,'],
    [
      'of a table',
      'create table a (x int) COLLATE=utf8mb4_0900_AS_CS;',
      'create table a (x int) COLLATE=OTHER;',
    ],
    ['of one language', 'collate utf8mb4_de_pb_0900_ai_ci', 'collate OTHER'],
    ['in quotes', `collate = 'utf8mb4_0900_bin';`, 'collate = OTHER;'],
    ['in a comment that is SQL', '/*!40100 COLLATE utf8mb4_0900_ai_ci */', '/*!40100 COLLATE OTHER */'],
    ['behind a string', `'it\\'s', "a""b", \`c\` utf8mb4_0900_ai_ci`, `'it\\'s', "a""b", \`c\` OTHER`],
    ['behind a string of three lines', `('a\n;"\n\\'' utf8mb4_0900_ai_ci`, `('a\n;"\n\\'' OTHER`],
  ])('%s: replaced', (_where, text, expected) => {
    const found = read(text);
    expect(found.text).toBe(expected);
    expect(found.changes.collations.size).toBe(1);
  });

  test.each([
    ['in a value', `insert into a values ('utf8mb4_0900_ai_ci', "x utf8mb4_0900_ai_ci");`],
    ['in a value over two lines', `insert into a values ('\nutf8mb4_0900_ai_ci', 1);`],
    ['in a name', 'create table `utf8mb4_0900_ai_ci` (x int);'],
    ['in comments', `-- utf8mb4_0900_ai_ci\n# utf8mb4_0900_ai_ci\n/* it's\n utf8mb4_0900_ai_ci */ select 1;`],
    ['in a longer name', 'select my_utf8mb4_0900_ai_ci;'],
  ])('%s: kept', (_where, text) => {
    const found = read(text);
    expect(found.text).toBe(text);
    expect(found.changes.collations.size).toBe(0);
  });
});

describe('SET GLOBAL.GTID_PURGED', () => {
  test.each([
    [
      'of MySQL 8, over two lines',
      `SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'a:1-2,\nb:3;4';\nselect 1;`,
      '\n\nselect 1;',
    ],
    ['of MySQL 5.7', `SET @@GLOBAL.GTID_PURGED='a:1';select 1;`, 'select 1;'],
    ['as people write it', `select 1; set global gtid_purged = '';`, 'select 1; '],
  ])('%s: skipped, each line in its place', (_which, text, expected) => {
    expect(read(text)).toMatchObject({ text: expected, changes: { isGtidPurgedSkipped: true } });
  });

  test('within a statement, a value or a comment: kept', () => {
    const text = `select 'SET @@GLOBAL.GTID_PURGED=1;' /* SET @@GLOBAL.GTID_PURGED='';*/;\nx set @@global.gtid_purged;`;
    expect(read(text)).toMatchObject({ text, changes: { isGtidPurgedSkipped: false } });
  });
});

describe('include', () => {
  test.each([
    ['source a.sql', 'a.sql'],
    ['  SOURCE load/a b.dump ;\r', 'load/a b.dump'],
    ['\\. a.sql', 'a.sql'],
    ['select 1; -- now\nsource a.sql;', 'a.sql'],
    ['delimiter //\nselect 1//\nsource a.sql//', 'a.sql'],
  ])('%j at the beginning of a statement: a file', (text, name) => {
    expect(read(text).text.split('\n').at(-1)).toBe(`INCLUDE ${name}`);
  });

  test.each(['select\nsource from a;', "select '\nsource a.sql\n';", '/*\nsource a.sql\n*/', 'sources a'])(
    '%j: none',
    (text) => {
      expect(read(text).text).toBe(text);
    },
  );
});

test.each([
  ['select 1', ';'],
  ['select 1; -- end', ''],
  ['delimiter $$\nbegin end$$\nselect 1; ', '$$'],
  ['delimiter $$\nbegin end$$', ''],
])('%j, and the file ends: its last statement ends with %j', (text, ending) => {
  expect(read(text).ending).toBe(ending);
});
