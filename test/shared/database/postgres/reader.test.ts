import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Reader } from '../../../../shared/database/port.ts';
import { postgresDatabase } from '../../../../shared/database/postgres/reader.ts';
import { until } from '../../../local/world.ts';
import {
  countRows,
  type PostgresFixture,
  readWhole,
  remainingMs,
  signIn,
  startPostgres,
  tableOf,
  withReader,
} from './fixture.ts';

let postgres: PostgresFixture;

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.asOwner(`
    create table plain (id integer primary key, note text, at timestamptz, share float8, body bytea, took interval,
      day date, times timestamptz[]);
    insert into plain
      select n, 'note ' || n, 'epoch'::timestamptz + n * interval '1 hour', n / 3.0, '\\xff', n * interval '1 day 1 hour',
             'epoch'::date + n, array['epoch'::timestamptz + n * interval '1 hour']
        from generate_series(1, 7) n;`);
});
afterAll(() => postgres?.close());

const countPlain = async (reader: Reader): Promise<number> =>
  countRows(reader, await tableOf(reader, 'public.plain'));

/** Adds a row while it is used. */
const withOneRowMore = async (use: () => Promise<void>): Promise<void> => {
  await postgres.asOwner('insert into plain (id) values (8)');
  try {
    await use();
  } finally {
    await postgres.asOwner('delete from plain where id = 8');
  }
};

test('snapshots, a failed question and a lost session: no warning, which would stand in the log of production', async () => {
  const emit = vi.spyOn(pg.Client.prototype, 'emit');
  const reader = await postgresDatabase(signIn).open(postgres.address, { sessions: 3, remainingMs });
  await withReader(Promise.resolve(reader), async () => {
    await reader.readClock();
    for (let taken = 0; taken < 3; taken++) {
      await reader.openSnapshot(0);
      expect(await countPlain(reader)).toBe(7);
    }
    await expect(reader.runQuery('select 1 / 0')).rejects.toMatchObject({ name: 'DatabaseFailure' });
    await postgres.asOwner(
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = 'drill_reader' limit 2`,
    );
    await reader.openSnapshot(0);
    expect(await countPlain(reader)).toBe(7);
  });
  const notices = emit.mock.calls.flatMap(([event, notice]) => (event === 'notice' ? [`${notice}`] : []));
  emit.mockRestore();
  expect(notices).toEqual([]);
});

describe('snapshot', () => {
  test('rows committed after it: seen by none of the sessions', async () => {
    await withReader(postgres.openReader({ sessions: 4 }), async (reader) => {
      const plain = await tableOf(reader, 'public.plain');
      await withOneRowMore(async () => {
        const counts = await Promise.all(Array.from({ length: 12 }, () => countRows(reader, plain)));
        expect(counts).toEqual(Array(12).fill(7));
      });
    });
  });

  test('rows committed while it is taken: all sessions see the same of them', async () => {
    await postgres.asOwner('create table busy (id integer)');
    const writer = await postgres.connectAsOwner();
    let isWriting = true;
    const write = async () => {
      while (isWriting) await writer.query('insert into busy values (1)');
      await writer.end();
    };
    await withReader(postgres.openReader({ sessions: 6 }), async (reader) => {
      const busy = await tableOf(reader, 'public.busy');
      const writing = write();
      const seen: number[] = [];
      for (let taken = 0; taken < 20; taken++) {
        await reader.openSnapshot(0);
        const counts = await Promise.all(Array.from({ length: 6 }, () => countRows(reader, busy)));
        expect(new Set(counts).size).toBe(1);
        seen.push(...counts);
      }
      isWriting = false;
      await writing;
      expect(new Set(seen).size).toBeGreaterThan(3);
    });
  });

  test('rows committed between two snapshots of a reader: seen by all sessions in the second one', async () => {
    await withReader(postgres.openReader({ sessions: 3 }), async (reader) => {
      await withOneRowMore(async () => {
        expect(await countPlain(reader)).toBe(7);
        await reader.openSnapshot(0);
        const plain = await tableOf(reader, 'public.plain');
        expect(await Promise.all([1, 2, 3].map(() => countRows(reader, plain)))).toEqual([8, 8, 8]);
      });
    });
  });

  test('a time to wait for: taken no sooner, by the clock of the server', async () => {
    await withReader(postgres.openReader(), async (reader) => {
      const wanted = (await reader.readClock()) + 200;
      const taken = await reader.openSnapshot(wanted);
      expect(taken).toBeGreaterThanOrEqual(wanted);
      expect(taken).toBeLessThanOrEqual(await reader.readClock());
    });
  });

  test('a row committed while it waits: seen, since the snapshot is taken afterwards', async () => {
    await withReader(postgres.openReader({ sessions: 2 }), async (reader) => {
      const opening = reader.openSnapshot((await reader.readClock()) + 300);
      await withOneRowMore(async () => {
        await opening;
        const plain = await tableOf(reader, 'public.plain');
        expect(await Promise.all([countRows(reader, plain), countRows(reader, plain)])).toEqual([8, 8]);
      });
    });
  });

  test('no time to wait for, on a server whose clock is ours: taken at once', async () => {
    await withReader(postgres.openReader(), async (reader) => {
      const before = Date.now();
      const taken = await reader.openSnapshot(0);
      expect(taken).toBeGreaterThanOrEqual(before - 1);
      expect(taken).toBeLessThanOrEqual(Date.now() + 1);
    });
  });

  test('a server without the functions of Aurora: no lag', async () => {
    await withReader(postgres.openReader(), async (reader) => expect(await reader.readLag()).toBe(0));
  });

  describe('a reader of Aurora', () => {
    /** Shapes from the Aurora User Guide, "aurora_replica_status". Times are in milliseconds. */
    const makeAurora = (instance: string, updatedAt: string) =>
      postgres.asOwner(`
        create or replace function pg_catalog.aurora_db_instance_identifier() returns text
          language sql as $$ select '${instance}' $$;
        create or replace function pg_catalog.aurora_replica_status(out server_id text, out session_id text,
            out replica_lag_in_msec float8, out last_update_timestamp timestamptz)
          returns setof record language sql as $$
          values ('writer', 'MASTER_SESSION_ID', 3.5, now() - interval '1 day'), ('reader-1', '4711', 18.5, ${updatedAt}),
            ('reader-2', '4712', 900.0, now() - interval '1 day') $$`);
    const readLag = () => withReader(postgres.openReader(), (reader) => reader.readLag());
    afterAll(() =>
      postgres?.asOwner(`drop function pg_catalog.aurora_replica_status();
        drop function pg_catalog.aurora_db_instance_identifier()`),
    );

    test('its own lag, and none on the writer', async () => {
      await makeAurora('reader-1', 'null::timestamptz');
      expect(await readLag()).toBe(18.5);
      await makeAurora('writer', 'null::timestamptz');
      expect(await readLag()).toBe(0);
    });

    test('a row that was updated 40 s ago: its age counts as lag', async () => {
      await makeAurora('reader-1', `clock_timestamp() - interval '40 s'`);
      const lag = await readLag();
      expect(lag).toBeGreaterThanOrEqual(40_018.5);
      expect(lag).toBeLessThan(41_000);
    });

    test('a row by a clock that is ahead: its lag alone', async () => {
      await makeAurora('reader-1', `clock_timestamp() + interval '40 s'`);
      expect(await readLag()).toBe(18.5);
    });
  });

  test('a time to wait for beyond the time that is left: DatabaseBusy at once', async () => {
    await withReader(postgres.openReader({ remainingMs: () => 5000 }), async (reader) => {
      const wanted = (await reader.readClock()) + 60_000;
      await expect(reader.openSnapshot(wanted)).rejects.toMatchObject({
        name: 'DatabaseBusy',
        summary: expect.stringContaining('longer than the time that is left'),
      });
    });
  });
});

describe('questions', () => {
  const countWaiting = async (): Promise<number> => {
    const [row] = await postgres.asOwner<{ count: string }>(
      `select count(*) from pg_locks where locktype = 'advisory' and not granted`,
    );
    return Number(row?.count);
  };

  test('more questions than sessions: as many under way as there are sessions, the others wait in line', async () => {
    await withReader(postgres.openReader({ sessions: 3 }), async (reader) => {
      await postgres.asOwner('select pg_advisory_lock(1)');
      const asked = Array.from({ length: 5 }, () =>
        reader.runQuery('select pg_advisory_xact_lock_shared(1)'),
      );
      await until(countWaiting, (waiting) => waiting === 3);
      await postgres.asOwner('select pg_advisory_unlock(1)');
      expect(await Promise.all(asked)).toHaveLength(5);
    });
  });

  test('one that fails: its name, and the snapshot still answers as before', async () => {
    await withReader(postgres.openReader(), async (reader) => {
      const plain = await tableOf(reader, 'public.plain');
      const before = await readWhole(reader, plain);
      await withOneRowMore(async () => {
        await expect(reader.runQuery('select 1 / (id - id) from plain')).rejects.toMatchObject({
          name: 'DatabaseFailure',
          message: expect.stringContaining('22012'),
        });
        expect(await readWhole(reader, plain)).toEqual(before);
      });
    });
  });

  test('one that sets and reads much: no setting and no lock outlives it', async () => {
    await withReader(postgres.openReader(), async (reader) => {
      await readWhole(reader, await tableOf(reader, 'public.plain'));
      await reader.runQuery(`select set_config('row_security', 'on', false) from plain`);
      const settings = await reader.runQuery(
        `select current_setting('enable_sort'), current_setting('row_security')`,
      );
      expect(settings).toEqual([['on', 'off']]);
      const held = await postgres.asOwner(
        `select relation::regclass from pg_locks where relation = 'plain'::regclass`,
      );
      expect(held).toEqual([]);
    });
  });
});

describe('time', () => {
  test('none is left: OutOfTime that says what was not asked, for every question', async () => {
    let left = 60_000;
    await withReader(postgres.openReader({ remainingMs: () => left }), async (reader) => {
      const plain = await tableOf(reader, 'public.plain');
      left = 0;
      await expect(countRows(reader, plain)).rejects.toMatchObject({
        name: 'OutOfTime',
        message: expect.stringContaining('count public.plain'),
      });
      await expect(reader.listTables()).rejects.toMatchObject({ name: 'OutOfTime' });
      left = 60_000;
      expect(await countRows(reader, plain)).toBe(7);
    });
  });

  test('a statement that takes longer than what is left: cut off as OutOfTime, and the next is answered', async () => {
    let left = 100;
    await withReader(postgres.openReader({ remainingMs: () => left }), async (reader) => {
      const began = Date.now();
      await expect(reader.runQuery('select pg_sleep(50)')).rejects.toMatchObject({ name: 'OutOfTime' });
      expect(Date.now() - began).toBeLessThan(10_000);
      left = 60_000;
      expect(await countPlain(reader)).toBe(7);
    });
  });
});

describe('a database that is not friendly', () => {
  test('settings of the role that change how values look: the same digest', async () => {
    const read = () =>
      withReader(postgres.openReader(), async (reader) =>
        readWhole(reader, await tableOf(reader, 'public.plain')),
      );
    const before = await read();
    const changes = {
      timezone: 'Asia/Tokyo',
      datestyle: 'German',
      intervalstyle: 'iso_8601',
      bytea_output: 'escape',
      extra_float_digits: '-3',
    };
    const each = Object.entries(changes);
    await postgres.asOwner(
      each.map(([name, value]) => `alter role drill_reader set ${name} = '${value}'`).join(';'),
    );
    try {
      expect(await read()).toEqual(before);
    } finally {
      await postgres.asOwner('alter role drill_reader reset all');
    }
  });

  test('functions and tables with the names of the server, first in the search_path: not used', async () => {
    await postgres.asOwner(`
      create schema hostile;
      grant usage on schema hostile to public;
      create function hostile.hashint4extended(integer, bigint) returns bigint language sql as 'select 0::bigint';
      create function hostile.quote_ident(name) returns text language sql as $$ select 'hidden' $$;
      create table hostile.pg_class (oid oid);
      alter role drill_reader set search_path = hostile, pg_catalog`);
    try {
      await withReader(postgres.openReader(), async (reader) => {
        const plain = await tableOf(reader, 'public.plain');
        expect(plain.columns[0]).toBe('id integer not null');
        const keys = await reader.readDigest(plain, {
          content: 'keys',
          ranges: { kind: 'bounds', bounds: ['4'] },
          fine: [],
          resolution: 1,
          only: null,
        });
        expect(keys.map(({ hash }) => hash)).not.toContain(0n);
      });
    } finally {
      await postgres.asOwner('alter role drill_reader reset all; drop schema hostile cascade');
    }
  });

  test('its role may write by default: a statement that writes is refused all the same', async () => {
    await postgres.asOwner(`create table target (id integer); grant all on target to drill_reader;
      alter role drill_reader set default_transaction_read_only = off`);
    const session = await postgres.openSession();
    try {
      await expect(session.query('write', 'insert into public.target values (1)')).rejects.toMatchObject({
        name: 'DatabaseFailure',
        message: expect.stringContaining('SQLSTATE 25006'),
      });
    } finally {
      await session.close();
      await postgres.asOwner('drop table target; alter role drill_reader reset all');
    }
  });
});
