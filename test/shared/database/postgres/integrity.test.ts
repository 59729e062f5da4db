import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresFixture, startPostgres, tableOf, withReader } from './fixture.ts';

const grants = `grant execute on function verify_heapam, bt_index_check(regclass, boolean) to drill_reader`;

const check = (postgres: PostgresFixture, name: string): Promise<string[]> =>
  withReader(postgres.openReader(), async (reader) => reader.checkIntegrity(await tableOf(reader, name)));

const pathOf = async (postgres: PostgresFixture, relation: string): Promise<string> => {
  await postgres.asOwner('checkpoint');
  const [row] = await postgres.asOwner<{ path: string }>(
    `select pg_relation_filepath('${relation}') as path`,
  );
  return row?.path ?? '';
};

const fill = `
  create table sound (id integer primary key, note text);
  insert into sound select n, repeat('x', 100) from generate_series(1, 1000) n;
  create table heap (id integer primary key, note text);
  insert into heap select n, repeat('x', 100) from generate_series(1, 1000) n;
  create table indexed (id integer primary key);
  insert into indexed select n from generate_series(1, 1000) n;
  create materialized view seen as select * from heap;
  create index on seen (id);
  create table parts (id integer, note text) partition by range (id);
  create table parts_low partition of parts for values from (0) to (500);
  create table parts_high partition of parts for values from (500) to (5000);
  insert into parts select n, repeat('x', 100) from generate_series(1, 1000) n;
  create table toasted (id integer primary key, body text);
  insert into toasted select 1, string_agg(md5(n::text), '') from generate_series(1, 500) n;
  create table other_indexes (words text[], part integer);
  create index on other_indexes using gin (words);
  create index on other_indexes using hash (part)`;

/** After the header of a table's page: the pointer to its first row. The others follow, 4 bytes each. */
const firstPointer = 24;

describe('amcheck', () => {
  let postgres: PostgresFixture;

  beforeAll(async () => {
    // As by default before PostgreSQL 18.
    postgres = await startPostgres({ checksums: false });
    await postgres.asOwner(fill);
  });
  afterAll(() => postgres?.close());

  test('the extension is not there: NotSupported, which says how to get it', async () => {
    await expect(check(postgres, 'public.sound')).rejects.toMatchObject({
      name: 'NotSupported',
      summary: expect.stringContaining('create extension amcheck'),
    });
  });

  test('the user may call none, or only one of its functions: NotSupported', async () => {
    await postgres.asOwner('create schema tools; create extension amcheck schema tools');
    await postgres.asOwner('grant usage on schema tools to drill_reader');
    await expect(check(postgres, 'public.sound')).rejects.toMatchObject({ name: 'NotSupported' });
    for (const one of ['tools.verify_heapam', 'tools.bt_index_check(regclass, boolean)']) {
      await postgres.asOwner(`grant execute on function ${one} to drill_reader`);
      await expect(check(postgres, 'public.sound')).rejects.toMatchObject({ name: 'NotSupported' });
      await postgres.asOwner(`revoke execute on function ${one} from drill_reader`);
    }
    await postgres.asOwner('grant execute on function tools.verify_heapam to drill_reader');
  });

  test('the user may call its functions, but not look into its schema: NotSupported', async () => {
    await postgres.asOwner(`grant execute on function tools.bt_index_check(regclass, boolean) to drill_reader;
      revoke pg_read_all_data from drill_reader;
      revoke usage on schema tools from drill_reader; grant select on sound to drill_reader`);
    await expect(check(postgres, 'public.sound')).rejects.toMatchObject({ name: 'NotSupported' });
    await postgres.asOwner(
      'grant usage on schema tools to drill_reader; grant pg_read_all_data to drill_reader',
    );
  });

  test('an amcheck without verify_heapam, as before PostgreSQL 14: NotSupported', async () => {
    await postgres.asOwner(`alter extension amcheck drop function tools.verify_heapam;
      alter function tools.verify_heapam rename to verify_heapam_later`);
    await expect(check(postgres, 'public.sound')).rejects.toMatchObject({ name: 'NotSupported' });
    await postgres.asOwner('alter function tools.verify_heapam_later rename to verify_heapam');
  });

  test.each(['sound', 'indexed', 'seen', 'parts', 'toasted', 'other_indexes'])(
    '%s is sound: nothing',
    async (name) => {
      expect(await check(postgres, `public.${name}`)).toEqual([]);
    },
  );

  test('a row that is damaged, without checksums: told with its table, block and row', async () => {
    await postgres.flipByte(await pathOf(postgres, 'heap'), 8192 + firstPointer);
    const problems = await check(postgres, 'public.heap');
    expect(problems[0]).toMatch(/^public\.heap: block 1 row 1: /);
    expect(await check(postgres, 'public.sound')).toEqual([]);
  });

  test('a row of a materialized view that is damaged: told', async () => {
    await postgres.flipByte(await pathOf(postgres, 'seen'), 8192 + firstPointer);
    expect((await check(postgres, 'public.seen'))[0]).toMatch(/^public\.seen: block 1 row 1: /);
  });

  test('a partition that is damaged: told with its own name', async () => {
    await postgres.flipByte(await pathOf(postgres, 'parts_high'), firstPointer);
    const problems = await check(postgres, 'public.parts');
    expect(problems[0]).toMatch(/^public\.parts_high: block 0 row 1: /);
  });

  test('a value kept apart is damaged: told', async () => {
    const [toast] = await postgres.asOwner<{ name: string }>(
      `select reltoastrelid::regclass::text as name from pg_class where oid = 'toasted'::regclass`,
    );
    await postgres.flipByte(await pathOf(postgres, toast?.name ?? ''), firstPointer);
    expect((await check(postgres, 'public.toasted')).join('\n')).toMatch(/toast value/);
  });

  test('a B-tree whose order is broken: told with the index, and its table is sound', async () => {
    // Page 1 is the first leaf: special space of 16 bytes at the end, before it the high key, and before that the key 1.
    await postgres.flipByte(await pathOf(postgres, 'indexed_pkey'), 2 * 8192 - 16 - 32 + 8);
    expect(await check(postgres, 'public.indexed')).toEqual([
      expect.stringMatching(
        /check index public\.indexed_pkey .*item order invariant violated.*SQLSTATE XX002/,
      ),
    ]);
  });

  test('many rows are damaged: ten of them are told, and the index that misses them', async () => {
    const path = await pathOf(postgres, 'sound');
    for (let row = 0; row < 12; row++) await postgres.flipByte(path, firstPointer + 4 * row);
    const problems = await check(postgres, 'public.sound');
    expect(problems.filter((problem) => problem.startsWith('public.sound: block 0 row'))).toHaveLength(10);
    expect(problems.slice(10)).toEqual([expect.stringContaining('check index public.sound_pkey')]);
  });
});

describe('amcheck with checksums', () => {
  let postgres: PostgresFixture;

  beforeAll(async () => {
    postgres = await startPostgres({ checksums: true });
    await postgres.asOwner(`${fill}; create extension amcheck; ${grants}`);
  });
  afterAll(() => postgres?.close());

  test('a byte that is damaged in a table: told with the table, and the index that is read with it', async () => {
    await postgres.flipByte(await pathOf(postgres, 'heap'), 8192 + 4000);
    expect(await check(postgres, 'public.heap')).toEqual([
      expect.stringMatching(/check table public\.heap .*invalid page in block 1 .*SQLSTATE XX001/),
      expect.stringMatching(/check index public\.heap_pkey .*invalid page in block 1 .*SQLSTATE XX001/),
    ]);
  });

  test('a byte that is damaged in an index: told with the index, and its table is sound', async () => {
    await postgres.flipByte(await pathOf(postgres, 'indexed_pkey'), 8192 + 4000);
    expect(await check(postgres, 'public.indexed')).toEqual([
      expect.stringMatching(/check index public\.indexed_pkey .*invalid page in block 1 .*SQLSTATE XX001/),
    ]);
  });

  test('an index that lacks a row of its table: told with the index', async () => {
    await postgres.asOwner(`create table lacking (id integer primary key);
      update pg_index set indisready = false where indexrelid = 'lacking_pkey'::regclass;
      insert into lacking values (1);
      update pg_index set indisready = true where indexrelid = 'lacking_pkey'::regclass`);
    expect(await check(postgres, 'public.lacking')).toEqual([
      expect.stringMatching(/check index public\.lacking_pkey .*lacks matching index tuple/),
    ]);
  });

  test('an index that is not valid: left out, since the list of objects tells it', async () => {
    await postgres.asOwner(`create table duplicates (id integer); insert into duplicates values (1), (1)`);
    await postgres.asOwner('create unique index concurrently broken on duplicates (id)').catch(() => {});
    expect(await check(postgres, 'public.duplicates')).toEqual([]);
  });

  test('a file of the table is gone: told', async () => {
    await postgres.asOwner(`create table vanished (id integer); insert into vanished values (1)`);
    await postgres.removeFile(await pathOf(postgres, 'vanished'));
    expect(await check(postgres, 'public.vanished')).toEqual([
      expect.stringMatching(/check table public\.vanished .*could not open file/),
    ]);
  });

  test('the time is up in the middle: OutOfTime, not damage', async () => {
    // The list of tables, the search for amcheck and the list of parts. No time is left for the first part.
    let questions = 3;
    const remainingMs = () => (questions-- > 0 ? 60_000 : 0);
    await withReader(postgres.openReader({ remainingMs }), async (reader) => {
      const sound = await tableOf(reader, 'public.sound');
      await expect(reader.checkIntegrity(sound)).rejects.toMatchObject({
        name: 'OutOfTime',
        message: expect.stringContaining('check table public.sound'),
      });
    });
  });

  test('a table that is locked: DatabaseBusy, not damage', async () => {
    const holder = await postgres.connectAsOwner();
    try {
      await withReader(postgres.openReader(), async (reader) => {
        const sound = await tableOf(reader, 'public.sound');
        await holder.query('begin; lock table sound in access exclusive mode');
        await expect(reader.checkIntegrity(sound)).rejects.toMatchObject({ name: 'DatabaseBusy' });
      });
    } finally {
      await holder.end();
    }
  });

  test('a sound table on the same server: nothing', async () => {
    expect(await check(postgres, 'public.sound')).toEqual([]);
  });
});
