import { expect, test } from 'vitest';
import { splitSql } from '../../../local/sources/sql-statements.ts';

const split = (text: string) => [...splitSql(text, 'dump.sql')];
const texts = (text: string) => split(text).map(({ sql }) => sql);

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
