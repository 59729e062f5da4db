import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readSource } from '../../../../shared/copying/postgres/ranges.ts';
import { openSide } from '../../../../shared/copying/postgres/session.ts';
import { copyTables } from '../../../../shared/copying/run.ts';
import { verifyTables } from '../../../../shared/copying/verify.ts';
import type { ExtractedTable } from '../../../../shared/extraction/tables.ts';
import { createTypes, isNeverNull, kinds } from '../../database/postgres/columns.ts';
import { remainingMs, signIn } from '../../database/postgres/fixture.ts';
import { asked, extract, limits, schema, withCopying } from '../sides.ts';
import { dropSchema, startTwoSides, type TwoSides } from './fixture.ts';

let sides: TwoSides;
beforeAll(async () => {
  sides = await startTwoSides();
  await sides.inCopy(createTypes);
  await sides.inSandbox('create extension hstore; create extension citext');
});
afterAll(() => sides.close());
beforeEach(() => dropSchema(sides));

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A table for each type, with all of its values and NULL. @param more other columns, without values */
const makeTables = async (prefix: string, more = ''): Promise<string[]> => {
  for (const [index, kind] of kinds.entries()) {
    const values = kind.values.map((value) => `(${literal(value)})`);
    const all = isNeverNull(kind) ? values : [...values, '(null)'];
    await sides.inCopy(`
      create table ${prefix}${index} (id integer generated always as identity primary key, value ${kind.type}${more});
      insert into ${prefix}${index} (value) values ${all.join(', ')}`);
  }
  return kinds.map((_, index) => `public.${prefix}${index}`);
};

const readText = (from: 'inCopy' | 'inSandbox', table: string) =>
  sides[from](
    `set extra_float_digits = 1; select id::text as id, value::text as value from ${table} order by id::text`,
  );

const compareTexts = async (names: readonly string[]): Promise<void> => {
  for (const [index, name] of names.entries()) {
    const there = name.replace('public.', `${schema}.`);
    expect(await readText('inSandbox', there), kinds[index]?.type).toEqual(await readText('inCopy', name));
  }
};

test.for([
  { mode: 'alone, in binary where both sides agree on it', prefix: 'own_', more: '' },
  { mode: 'beside a column that only goes as text', prefix: 'text_', more: ', beside xml' },
])(
  'every type, $mode: every value is the same text in the sandbox, and the checksums are equal',
  async ({ prefix, more }) => {
    const names = await makeTables(prefix, more);
    const { tables } = await extract(sides, asked(names));
    await compareTexts(names);
    const readers = await sides.openReaders();
    try {
      const checks = await verifyTables(readers.copy, readers.sandbox, tables, { schema, columns: {} });
      expect(checks.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
      expect(checks).toHaveLength(2 * kinds.length);
    } finally {
      await readers.close();
    }
  },
);

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Bytes that somebody holds: what nobody needs any more does not count. @param enough fewer need no closer look */
const held = (enough: number): number => {
  const { arrayBuffers } = process.memoryUsage();
  if (arrayBuffers <= enough) return arrayBuffers;
  // Buffers are given back beside the program: the second run waits for that.
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
};

test('a row of 20 MB, and 1,000 columns: both arrive, and little of a row is in memory at a time', async () => {
  const columns = Array.from({ length: 1000 }, (_, index) => `c${index}`);
  await sides.inCopy(`
    create table large (id integer primary key, body text);
    alter table large alter column body set storage external;
    insert into large values (1, repeat('01234567', 2621440));
    create table wide (${columns.map((column) => `${column} integer`).join(', ')});
    insert into wide (c0, c999) values (1, 999)`);
  const request = asked(['public.large', 'public.wide']);
  const { extraction, copy, sandbox } = sides;
  const tables = await extraction.describeTables(copy, request, limits);
  await extraction.makeSchema(sandbox, tables, limits);
  const before = held(0);
  let most = before;
  const looking = setInterval(() => {
    most = Math.max(most, held(most));
  }, 5);
  await withCopying(sides, (copying) => copyTables(copying, tables, { sessions: 1, remainingMs }));
  clearInterval(looking);
  expect(await sides.inSandbox(`select md5(body) as md5 from ${schema}.large`)).toEqual(
    await sides.inCopy('select md5(body) as md5 from large'),
  );
  expect(await sides.inSandbox(`select c0, c999 from ${schema}.wide`)).toEqual([{ c0: '1', c999: '999' }]);
  expect((most - before) / 1024 ** 2).toBeLessThan(10);
});

test('binary where both sides agree on it: not for what holds numbers of the server, nor for types of extensions', async () => {
  const types = { integer: true, 'numeric(12,2)[]': true, mood: true, stricter_price: true, int4range: true };
  const others = { pair: false, 'mood[]': false, citext: false, xml: false, regclass: false };
  const { extraction, copy } = sides;
  const seen: Record<string, boolean> = {};
  for (const [index, type] of Object.keys({ ...types, ...others }).entries()) {
    await sides.inCopy(`create table agreed${index} (value ${type})`);
    const [table] = await extraction.describeTables(copy, asked([`public.agreed${index}`]), limits);
    const session = await openSide('copy', copy, signIn, limits);
    seen[type] = (await readSource(session, table as ExtractedTable)).isBinary;
    await session.close();
  }
  expect(seen).toEqual({ ...types, ...others });
});
