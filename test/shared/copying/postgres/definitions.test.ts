import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { verifyTables } from '../../../../shared/copying/verify.ts';
import type { Reader } from '../../../../shared/database/port.ts';
import { byName, type Table } from '../../../../shared/database/tables.ts';
import type { ExtractedTable } from '../../../../shared/extraction/tables.ts';
import type { CheckResult } from '../../../../shared/truth/checks.ts';
import { asked, extract, limits, schema } from '../sides.ts';
import { dropSchema, startTwoSides, type TwoSides } from './fixture.ts';
import { nameOfOdd, oddLeftOut, oddTables } from './odd.ts';
import { hostile, shop } from './shop.ts';

let sides: TwoSides;
beforeAll(async () => {
  sides = await startTwoSides();
  await sides.inCopy(shop);
});
afterAll(() => sides.close());
beforeEach(() => dropSchema(sides));

const nameInSandbox = (table: string): string => `${schema}.${table.slice(table.indexOf('.') + 1)}`;

/** What the catalog of the sandbox says of the tables, in the words of the copy. */
const describeAgain = ({ extraction, sandbox }: TwoSides, names: string[]): Promise<ExtractedTable[]> =>
  extraction.describeTables(
    { ...sandbox.address, user: 'postgres' },
    asked(names.map(nameInSandbox)),
    limits,
  );

const definitionOf = ({ before, after, foreignKeys, columns, key, partitions }: ExtractedTable) => ({
  before,
  after,
  foreignKeys,
  columns,
  key,
  partitions,
});

const withReaders = async <Answer>(
  use: (readers: { copy: Reader; sandbox: Reader }) => Promise<Answer>,
): Promise<Answer> => {
  const readers = await sides.openReaders();
  try {
    return await use(readers);
  } finally {
    await readers.close();
  }
};
const prove = (tables: ExtractedTable[], columns: Record<string, string> = {}): Promise<CheckResult[]> =>
  withReaders(({ copy, sandbox }) => verifyTables(copy, sandbox, tables, { schema, columns }));

/** Compares tables that leave nothing behind as a drill does: what it reads of a table is no work of ours. */
const compareTables = (tables: readonly ExtractedTable[]): Promise<void> =>
  withReaders(async ({ copy, sandbox }) => {
    const [listed, made] = [byName(await copy.listTables()), byName(await sandbox.listTables())];
    for (const { table } of tables.filter(({ leftOut }) => leftOut.length === 0)) {
      const tell = (found: Table | undefined, moved: string) => {
        const move = (text: string) => text.replaceAll(`${moved}.`, '');
        return {
          columns: found?.columns.map(move),
          objects: found?.objects.map(move).toSorted(),
          key: found?.key,
        };
      };
      const original = listed.get(table);
      expect(original?.columns.length, table).toBeGreaterThan(0);
      expect(tell(made.get(nameInSandbox(table)), schema), table).toEqual(
        tell(original, original?.schema ?? ''),
      );
    }
  });

const listFailed = (checks: readonly CheckResult[]): string[] =>
  checks.filter(({ verdict }) => verdict !== 'passed').map(({ name, reason }) => `${name}: ${reason}`);
const proveAll = async (tables: ExtractedTable[], columns: Record<string, string> = {}): Promise<void> => {
  const checks = await prove(tables, columns);
  expect(listFailed(checks)).toEqual([]);
  expect(checks).toHaveLength(2 * tables.length + Object.keys(columns).length);
};

const byTable = (tables: readonly ExtractedTable[], name: string): ExtractedTable => {
  const found = tables.find(({ table }) => table === name);
  if (found === undefined) throw new Error(`${name} was not described`);
  return found;
};

describe('a table with everything, and its parents', () => {
  test('the sandbox has the definitions that the copy has, the rows, and valid foreign keys', async () => {
    const { tables } = await extract(sides, asked([hostile], { withParents: true }));
    const names = tables.map(({ table }) => table);
    expect(names).toEqual([hostile, 'app.Customer', 'app.Track', 'app.Employee', 'app.Genre']);
    const again = await describeAgain(sides, names);
    expect(again.map(definitionOf)).toEqual(tables.map(definitionOf));
    await compareTables(tables);
    const comments = tables.flatMap(({ before, after }) =>
      [...before, ...after].filter((sql) => /^comment/.test(sql)),
    );
    expect(comments).toHaveLength(5);
    await proveAll(tables);
    const keys = await sides.inSandbox(
      `select conname, convalidated::text as valid from pg_constraint
        where contype = 'f' and connamespace = '${schema}'::regnamespace order by 1`,
    );
    expect(keys).toHaveLength(5);
    expect(keys.filter(({ valid }) => valid === 'false')).toHaveLength(1);
  });

  test('what stays behind is listed, and nothing else', async () => {
    const [table] = await sides.extraction.describeTables(sides.copy, asked([hostile]), limits);
    expect(table?.leftOut.toSorted()).toEqual([
      'a check of domain amount does not come along: it needs app.twice',
      'constraint calls does not come along: it needs app.twice',
      'foreign key Hostile "name" ü_customer.id_fkey does not come along: its table is not extracted',
      'foreign key Hostile "name" ü_track_fkey does not come along: its table is not extracted',
      'grants to drill_reader do not come along',
      'index by_call does not come along: it needs app.twice',
      'policy own does not come along',
      'statistics object together does not come along',
      'the default of column note does not come along: it needs app.twice',
      'the expression of column called does not come along: it needs app.twice',
      'trigger watch does not come along',
    ]);
    expect(table?.fixed).toEqual(['id']);
    expect(table?.columns).toContain('called');
    expect(table?.columns).not.toContain('doubled');
  });

  test('the next values of sequences are those of the copy, also of GENERATED ALWAYS', async () => {
    await extract(sides, asked([hostile, 'app.Track']));
    const next = async (from: 'inCopy' | 'inSandbox', where: string) =>
      sides[from](`
        select nextval('${where}."Hostile ""name"" ü_id_seq"')::text as id, nextval('${where}.numbers')::text as number,
               nextval('${where}."Track_TrackId_seq"')::text as track`);
    expect(await next('inSandbox', schema)).toEqual(await next('inCopy', 'app'));
  });
});

test('rare tables: the sandbox has their definitions and their rows, or says what stays behind', async () => {
  const extensions = ['btree_gist', 'hstore'].map((name) => `create extension ${name};`).join(' ');
  await sides.inCopy(`create schema odd; ${extensions} ${Object.values(oddTables).join(';')}`);
  await sides.inSandbox(extensions);
  const names = Object.keys(oddTables).map(nameOfOdd);
  const { tables } = await extract(sides, asked(names));
  await compareTables(tables);
  expect(tables.flatMap(({ leftOut }) => leftOut)).toEqual(oddLeftOut);
  await proveAll(tables);
});

test('a condition leaves out rows that others point to: these foreign keys stay behind, and say why', async () => {
  await sides.inCopy(`create table app.heads (id integer primary key, head integer references app.heads);
    create table app.members (id integer primary key, head integer references app.heads);
    insert into app.heads values (1, null), (2, 1), (3, 2); insert into app.members values (1, 1), (2, 3);
    grant select on app.heads, app.members to drill_reader`);
  const where = { 'app.heads': 'id > 1' };
  const { tables } = await extract(sides, asked(['app.members', 'app.heads'], { where }));
  const why = 'does not come along: a condition leaves out rows of its table';
  expect(tables.map(({ leftOut }) => leftOut[1])).toEqual([
    `foreign key members_head_fkey ${why}`,
    `foreign key heads_head_fkey ${why}`,
  ]);
  await proveAll(tables);
});

describe('a partitioned table', () => {
  test('its partitions come along, those of partitions too', async () => {
    const { tables } = await extract(sides, asked(['app.events', 'app.by_state']));
    expect(byTable(tables, 'app.events')).toMatchObject({
      partitions: 'kept',
      leftOut: ['index only_here of partition events_2025 does not come along'],
    });
    const count = (
      where: string,
    ) => `select tableoid::regclass::text like '%2025' as old, count(*)::text as rows
      from ${where}.events group by 1 order by 1`;
    expect(await sides.inSandbox(count(schema))).toEqual(await sides.inCopy(count('app')));
    await proveAll(tables, { 'app.events': 'at' });
  });

  test('its newest rows are missing in the sandbox: so say the count, the checksum and the newest time', async () => {
    const { tables } = await extract(sides, asked(['app.events']));
    await sides.inSandbox(`delete from ${schema}.events where at = (select max(at) from ${schema}.events)`);
    expect(listFailed(await prove(tables, { 'app.events': 'at' }))).toEqual([
      'rows app.events: 22 rows missing',
      'checksum app.events: values differ from those of the copy',
      'freshness app.events: the newest at is not that of the copy',
    ]);
  });

  test('what cuts it stays behind: it comes along as one table', async () => {
    const { tables } = await extract(sides, asked(['app.cut_by_call']));
    expect(byTable(tables, 'app.cut_by_call').partitions).toBe('as one table');
    await proveAll(tables);
  });
});

test('empty tables, a table without columns, and a parent by inheritance without the rows of its child', async () => {
  const { tables } = await extract(
    sides,
    asked(['app.nothing_in', 'app.no_columns', 'app.parent', 'app.child']),
  );
  expect(byTable(tables, 'app.parent').leftOut).toEqual([
    'the rows of its child app.child do not come along',
  ]);
  await proveAll(tables);
});

test('a condition: only rows that meet it come along, and the proof is of these alone', async () => {
  const where = { 'app.Track': '"GenreId" = 7 -- one of them' };
  const { tables, outcome } = await extract(sides, asked(['app.Track'], { where }));
  expect(outcome.tables).toMatchObject([{ rows: 20 }]);
  await proveAll(tables);
  await sides.inSandbox(`update ${schema}."Track" set title = title || '!' where "TrackId" = 6`);
  expect(listFailed(await prove(tables))).toEqual([
    'checksum app.Track: values differ from those of the copy',
  ]);
  await sides.inSandbox(`insert into ${schema}."Track" values (1000, 3, 'not of the condition')`);
  expect(listFailed(await prove(tables))).toContain('rows app.Track: 1 row too many');
  await sides.inSandbox(`drop table ${schema}."Track"`);
  expect(listFailed(await prove(tables))).toEqual(['schema app.Track: the sandbox has no such table']);
});

test('the sandbox lacks an extension: it is refused, with what is missing, and nothing is written', async () => {
  await expect(extract(sides, asked(['app.mails']))).rejects.toMatchObject({
    name: 'SandboxRefused',
    message: expect.stringMatching(/type "app.citext" does not exist|schema "app" does not exist/),
  });
  expect(await sides.inSandbox(`select from pg_namespace where nspname = '${schema}'`)).toEqual([]);
  await sides.inSandbox(
    'create schema app; create extension citext schema app; grant usage on schema app to public',
  );
  const { tables } = await extract(sides, asked(['app.mails']));
  await proveAll(tables);
});

describe('what cannot be extracted', () => {
  test.for([
    ['app.seen', 'TableNotExtractable', 'it is a view'],
    ['app.kept', 'TableNotExtractable', 'it is a materialized view'],
    ['app.far', 'TableNotExtractable', 'it is a foreign table'],
    ['app.quick', 'TableNotExtractable', 'it is unlogged'],
    ['app.events_2025', 'TableNotExtractable', 'it is a partition'],
    ['app.aurora_drills_ledger', 'TableNotExtractable', 'takes its name'],
    ['app.evnts', 'TableNotFound', 'near: app.events'],
    ['app.track', 'TableNotFound', 'near: app.Track'],
    ['public.Track', 'TableNotFound', 'near: app.Track'],
  ] as const)('%s: %s, since %s', async ([table, name, reason]) => {
    await expect(sides.extraction.describeTables(sides.copy, asked([table]), limits)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(reason),
    });
  });

  test('a parent has the name of its child, in another schema: both are named, and nothing is written', async () => {
    await sides.inCopy(`
      create schema other; create table other.items (id integer primary key);
      create table app.items (id integer references other.items)`);
    await expect(extract(sides, asked(['app.items'], { withParents: true }))).rejects.toMatchObject({
      name: 'TableNotExtractable',
      message: expect.stringContaining('app.items and other.items would both have the name items'),
    });
    expect(await sides.inSandbox(`select from pg_namespace where nspname = '${schema}'`)).toEqual([]);
  });

  test.for(['no_such_column = 1', 'true); drop table app."Track"; select (true', '(true', 'count(*) > 0'])(
    'a condition that is none is refused before anything is written: %s',
    async (where) => {
      const request = asked(['app.Track'], { where: { 'app.Track': where } });
      await expect(sides.extraction.describeTables(sides.copy, request, limits)).rejects.toMatchObject({
        name: 'InvalidInput',
        message: expect.stringMatching(/^where of app.Track: [\s\S]*hint: name columns alone/),
      });
    },
  );

  test('a value in a condition that its column cannot have: it says which condition', async () => {
    const request = asked(['app.Track'], { where: { 'app.Track': `"TrackId" = 'seven'` } });
    await expect(sides.extraction.describeTables(sides.copy, request, limits)).rejects.toMatchObject({
      name: 'DatabaseFailure',
      message: expect.stringMatching(/^where of app.Track: [\s\S]*"seven"[\s\S]*hint: correct the values/),
    });
  });
});
