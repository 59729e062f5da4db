import { describe, expect, test } from 'vitest';
import { splitSql } from '../../../local/sources/sql-statements.ts';

const split = (text: string) => [...splitSql(text, 'dump.sql')];
const texts = (text: string) => split(text).map(({ sql }) => sql);

describe('semicolons that end no statement', () => {
  test.each([
    ['in a string', `select 'a;b''c;d'`],
    ['in a string with backslash escapes', `select E'it\\'s; \\\\'`],
    ['in a quoted identifier', `select 1 as "a;""b"`],
    ['in a line comment', 'select 1 -- not; here\n + 2'],
    ['in nested block comments', 'select /* a; /* b; */ c; */ 1'],
    ['in a dollar-quoted body', 'create function f() returns int language sql as $$ select 1; $$'],
    ['in a body quoted with a tag', 'do $body$ begin perform 1; perform $$a;b$$; end $body$'],
    [
      'in a body in SQL-standard form',
      'create function f() returns int begin atomic select case when true then 1 end; select 2; end',
    ],
  ])('%s', (_where, sql) => {
    expect(texts(`${sql};\nselect 2;`)).toEqual([`${sql};`, 'select 2;']);
  });

  test('dollar signs in names and parameters open no string', () => {
    expect(texts('select a$b, $1; select c$d;')).toEqual(['select a$b, $1;', 'select c$d;']);
  });
});

test('each statement: the line it begins in, comments before it not counted in', () => {
  const statements = split('-- header\n\nselect 1;\n\n/* two\n lines */ select\n 2;\nselect 3');
  expect(statements.map(({ sql, line }) => [sql, line])).toEqual([
    ['select 1;', 3],
    ['select\n 2;', 6],
    ['select 3', 8],
  ]);
});

test('COPY block: its data whole, semicolons and quotes included, and the line it begins in', () => {
  const [copy, next] = split(
    `\nCOPY public."A" (x, y) FROM stdin;\n1\tit's; "odd\n\\N\t\\\\.\n\\.\n\nselect 1;\n`,
  );
  expect(copy).toEqual({
    sql: 'COPY public."A" (x, y) FROM stdin;',
    line: 2,
    copyData: `1\tit's; "odd\n\\N\t\\\\.\n`,
    copyLine: 3,
  });
  expect(next).toMatchObject({ sql: 'select 1;', line: 7 });
});

test('COPY block without rows: empty data, not the rest of the file', () => {
  expect(split('copy a from stdin;\n\\.\nselect 1;')).toMatchObject([{ copyData: '' }, { sql: 'select 1;' }]);
});

test('COPY block without its end: SqlFileFailed that names the line', () => {
  expect(() => split('select 1;\ncopy a from stdin;\n1\n')).toThrowError(
    expect.objectContaining({ name: 'SqlFileFailed', message: expect.stringContaining('dump.sql:2') }),
  );
});

test('commands that pg_dump writes for psql: passed over', () => {
  expect(texts('\\restrict abc\nselect 1;\n\\unrestrict abc\n')).toEqual(['select 1;']);
});

test('any other command of psql: SqlFileFailed that names the command and the line', () => {
  expect(() => split('select 1;\n\\connect chinook\n')).toThrowError(
    expect.objectContaining({
      name: 'SqlFileFailed',
      message: expect.stringContaining('dump.sql:2: \\connect chinook'),
    }),
  );
});

test('nothing but blanks and comments: no statement', () => {
  expect(split('\ufeff -- a\n/* b */ ;;\n')).toEqual([]);
});
