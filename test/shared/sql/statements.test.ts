import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitStatements } from '../../../shared/sql/statements.ts';
import type { Dialect } from '../../../shared/sql/tokens.ts';

const split = (text: string, dialect: Dialect = 'postgres') => [...splitStatements(text, dialect)];
const texts = (text: string, dialect: Dialect = 'postgres') => split(text, dialect).map(({ sql }) => sql);

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
    copy: { text: `1\tit's; "odd\n\\N\t\\\\.\n`, line: 3, isClosed: true },
  });
  expect(next).toMatchObject({ sql: 'select 1;', line: 7 });
});

test('COPY block without rows: empty data, not the rest of the file', () => {
  expect(split('copy a from stdin;\n\\.\nselect 1;')).toMatchObject([
    { copy: { text: '' } },
    { sql: 'select 1;' },
  ]);
});

test('a comment ends with the line of an old Mac too, as the server reads it', () => {
  expect(texts('select 1 -- a\r; select 2; -- b\rselect 3')).toEqual([
    'select 1 -- a\r;',
    'select 2;',
    'select 3',
  ]);
});

test('nothing but blanks and comments: no statement', () => {
  expect(split('\ufeff -- a\n/* b */ ;;\n')).toEqual([]);
});

test('COPY block without its end: all that follows, and said to be open', () => {
  expect(split('copy a from stdin;\n1\nselect 1;')).toMatchObject([
    { copy: { text: '1\nselect 1;', isClosed: false } },
  ]);
});

test('a rule of several commands in parentheses: one statement', () => {
  const rule = 'create rule r as on insert to t do also (select 1; select 2)';
  expect(texts(`${rule};\nselect 3;`)).toEqual([`${rule};`, 'select 3;']);
});

describe('MySQL: semicolons that end no statement', () => {
  test.each([
    ['in a string with a backslash', `select 'it\\'s; "'`],
    ['in a string in double quotes', `select "a;""b;\\";"`],
    ['in a name in backticks', 'select 1 as `a;``;b`'],
    ['in a comment that begins with #', 'select 1 # not; here\n + 2'],
    ['in a comment that begins with --', 'select 1 -- not; here\n + 2'],
    ['in a comment that does not nest', 'select /* a; /* b; */ 1'],
    [
      'in a trigger',
      'create trigger t before insert on a for each row begin if 1 then set @a = 1; end if; end',
    ],
    [
      'in a procedure with loops and cases',
      'create definer=`a`@`%` procedure p() begin while 1 do case 1 when 1 then select case when 1 then 2 end; end case; end while; begin select 2; end; end',
    ],
    ['in a block of MariaDB', 'begin not atomic select 1; select 2; end'],
  ])('%s', (_where, sql) => {
    expect(texts(`${sql};\nselect 2;`, 'mysql')).toEqual([`${sql};`, 'select 2;']);
  });

  test('two minus signs without a blank behind them are no comment', () => {
    expect(texts('select 1--1; select 2;', 'mysql')).toEqual(['select 1--1;', 'select 2;']);
  });

  test('DELIMITER lines are obeyed, and sent to no server', () => {
    const script = 'delimiter //\ncreate procedure p()\nbegin select 1; end //\nDELIMITER ;\nselect 2;';
    expect(split(script, 'mysql').map(({ sql, line }) => [sql, line])).toEqual([
      ['create procedure p()\nbegin select 1; end', 2],
      ['select 2;', 5],
    ]);
  });
});

const fragments: Record<Dialect, string[]> = {
  postgres: [
    `select 'a;b'`,
    `select E'\\';'`,
    'select 1 as "x;y"',
    'do $a$ begin perform 1; end $a$',
    'select 1 /* ; /* ; */ */',
    'select $1, a$b',
    'create function f() returns int begin atomic select case when true then 1 end; end',
  ],
  mysql: [
    `select 'a;\\'b'`,
    'select "a;"',
    'select `x;y`',
    'select 1 /* ; /* ; */',
    'select 1 # ;\n',
    'create procedure p() begin select 1; end',
    'alter table `a;b` add c int /*! comment ";" */',
  ],
};

test.each(['postgres', 'mysql'] as const)(
  'whatever statements of %s follow each other, and with whatever between them: each comes back whole, and its line',
  (dialect) => {
    const gap = fc.constantFrom('', ' ', '\n', '\n\n-- ; \n', ' /* ;\n */ ', ';');
    const one = fc.tuple(gap, fc.constantFrom(...fragments[dialect]));
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), (parts) => {
        const text = parts.map(([blank, sql]) => `${blank}${sql};`).join('');
        const found = split(text, dialect);
        expect(found.map(({ sql }) => sql)).toEqual(parts.map(([, sql]) => `${sql};`));
        let at = 0;
        for (const { sql, line } of found) {
          at = text.indexOf(sql, at);
          expect(line).toBe(text.slice(0, at).split('\n').length);
          at += sql.length;
        }
      }),
      { seed: 18 },
    );
  },
);

test('any text at all: statements are pieces of it, in order, each with its line', () => {
  const sign = fc.constantFrom(
    ...`'"\`$;()\\/*-#\n a`,
    'begin',
    'end',
    'create function ',
    'delimiter // ',
    'E',
    '$a$',
  );
  const text = fc.array(sign, { maxLength: 40 }).map((signs) => signs.join(''));
  fc.assert(
    fc.property(text, fc.constantFrom('postgres', 'mysql'), (script, dialect) => {
      let at = 0;
      for (const { sql, line } of split(script, dialect)) {
        const [beginning = ''] = sql.split('\n');
        expect(beginning).not.toBe('');
        expect(script.split('\n')[line - 1]).toContain(beginning);
        at = script.indexOf(sql, at) + sql.length;
        expect(at).toBeGreaterThanOrEqual(sql.length);
      }
    }),
    { seed: 18, numRuns: 2000 },
  );
});
