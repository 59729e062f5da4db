import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bucket, Reader } from '../../../../shared/database/port.ts';
import { formatTableName, type Table } from '../../../../shared/database/tables.ts';
import { type ErrorName, isDrillError } from '../../../../shared/errors.ts';
import { until } from '../../../local/world.ts';
import { countRows, readWhole, tableOf, withReader } from './fixture.ts';
import { type StandbyFixture, startPrimaryAndStandby } from './standby.ts';

let servers: StandbyFixture;
const fill = 'select n as id, $$note $$ || n as note from generate_series(1, 20000) n';
beforeAll(async () => {
  servers = await startPrimaryAndStandby(`
    create table kept as ${fill};
    create table changed as ${fill};
    create table indexed as ${fill};
    create table emptied (id integer)`);
});
afterAll(() => servers?.close());

const withSnapshot = (sessions: number, use: (reader: Reader) => Promise<void>): Promise<void> =>
  withReader(servers.openReader(sessions), async (reader) => {
    await reader.openSnapshot(0);
    await use(reader);
  });

const addRow = async (table: string): Promise<void> => {
  await servers.onPrimary(`insert into ${table} (id) values (0)`);
  await servers.catchUp();
};

test('a session is ended between two questions: the next is answered from the same snapshot', async () => {
  await withSnapshot(1, async (reader) => {
    const kept = await tableOf(reader, 'public.kept');
    const [[pid]] = (await reader.runQuery('select pg_backend_pid()')) as [[string]];
    await addRow('kept');
    await servers.onStandby(`select pg_terminate_backend(${pid}, 10000)`);
    expect(await countRows(reader, kept)).toBe(20_000);
    await reader.openSnapshot(0);
    expect(await countRows(reader, kept)).toBe(20_001);
  });
});

test('how far a sequence is: on a standby further than on its primary, by 32 values at most, and never less', async () => {
  await servers.onPrimary('create sequence tickets');
  for (const given of [1, 20, 60]) {
    await servers.onPrimary(`select nextval('tickets') from generate_series(1, ${given})`);
    await servers.catchUp();
    const [primary] = await servers.onPrimary<{ next: number }>(
      'select (last_value + 1)::int as next from tickets',
    );
    await withSnapshot(1, async (reader) => {
      const [counter] = await reader.listCounters();
      const ahead = Number(counter?.next) - (primary?.next ?? 0);
      expect(ahead).toBeGreaterThanOrEqual(0);
      expect(ahead).toBeLessThanOrEqual(32);
    });
  }
  await servers.onPrimary('drop sequence tickets');
  await servers.catchUp();
});

test('the session that keeps the snapshot is ended: DatabaseBusy, as nothing proves the answers of the others', async () => {
  await withSnapshot(1, async (reader) => {
    const kept = await tableOf(reader, 'public.kept');
    const [[pid]] = (await reader.runQuery('select pg_backend_pid()')) as [[string]];
    await servers.onStandby(
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = 'drill_reader' and pid <> ${pid}`,
    );
    await expect(countRows(reader, kept)).rejects.toMatchObject({
      name: 'DatabaseBusy',
      summary: expect.stringMatching(/^the snapshot is gone with what held it: .* administrator command$/),
    });
  });
});

test('a table is altered while it is read: the question is asked again in the same snapshot, and answered', async () => {
  await withSnapshot(1, async (reader) => {
    const sql = 'select count(*), pg_advisory_xact_lock_shared(1) from indexed';
    const countWaiting = async () =>
      (await servers.onStandby(`select from pg_stat_activity where wait_event = 'advisory'`)).length;
    await servers.onStandby('select pg_advisory_lock(1)');
    const asked = reader.runQuery(sql);
    await until(countWaiting, (waiting) => waiting === 1);
    await addRow('indexed');
    const before = await servers.countConflicts();
    await servers.onPrimary(`alter table indexed alter note set default ''`);
    await until(servers.countConflicts, (conflicts) => conflicts > before);
    await servers.onStandby('select pg_advisory_unlock(1)');
    expect((await asked)[0]?.[0]).toBe('20000');
  });
});

test('rows of the snapshot are vacuumed: DatabaseBusy that says why, and the next snapshot is read', async () => {
  await withSnapshot(2, async (reader) => {
    const kept = await tableOf(reader, 'public.kept');
    await servers.onPrimary('update changed set note = note || 1');
    await servers.onPrimary('vacuum changed');
    await servers.catchUp();
    await expect(readWhole(reader, kept)).rejects.toMatchObject({
      name: 'DatabaseBusy',
      summary: expect.stringMatching(
        /^the snapshot is gone with what held it: .* due to conflict with recovery$/,
      ),
    });
    await reader.openSnapshot(0);
    expect(await readWhole(reader, kept)).toHaveLength(1);
  });
});

test('a session joins while replay waits to remove rows of the snapshot: DatabaseBusy, not a smaller count', async () => {
  await servers.onPrimary('vacuum (freeze) changed');
  await servers.catchUp();
  await servers.setPatience(700);
  await withSnapshot(1, async (reader) => {
    const [[pid]] = (await reader.runQuery('select pg_backend_pid()')) as [[string]];
    // A single record of the log removes it: a second one would end the new session.
    await servers.onPrimary('delete from changed where id = 1');
    await servers.onPrimary('vacuum changed');
    const isWaiting = `select from pg_stat_activity where wait_event = 'RecoveryConflictSnapshot'`;
    await until(
      () => servers.onStandby(isWaiting),
      (waiting) => waiting.length === 1,
    );
    await servers.onStandby(`select pg_terminate_backend(${pid}, 10000)`);
    await servers.onStandby('select pg_advisory_lock(1)');
    const asked = reader
      .runQuery(
        'select (select count(*) from changed) from (select pg_advisory_xact_lock_shared(1) offset 0) waited',
      )
      .catch((error: unknown) => error);
    await servers.catchUp();
    await servers.onStandby('select pg_advisory_unlock(1)');
    expect(await asked).toMatchObject({
      name: 'DatabaseBusy',
      summary: expect.stringContaining('conflict with recovery'),
    });
  });
  await servers.setPatience(0);
});

describe('under changes that conflict with what is read', () => {
  /** Changes tables of the primary until it is told to stop. */
  const startChanges = (): (() => Promise<void>) => {
    let isOn = true;
    const repeat = async (change: (n: number) => string[]) => {
      const client = await servers.connectToPrimary();
      for (let n = 0; isOn; n++) for (const sql of change(n)) await client.query(sql);
      await client.end();
    };
    const pause = 'select pg_sleep(0.02)';
    const changing = Promise.all([
      repeat(() => ['update changed set note = note || 1', 'vacuum changed', pause]),
      repeat(() => ['insert into emptied values (1)', 'truncate emptied', pause]),
      repeat(() => ['create index by_note on indexed (note)', 'drop index by_note', pause]),
      repeat((n) => [`create table passing_${n} (id integer)`, pause, `drop table passing_${n}`]),
    ]);
    return async () => {
      isOn = false;
      await changing;
    };
  };

  type Outcome = { table: string; buckets: Bucket[] | null; error: ErrorName | null };

  const nameError = (error: unknown): ErrorName => {
    if (!isDrillError(error)) throw error;
    return error.name;
  };
  const readOne = async (reader: Reader, table: Table): Promise<Outcome> => {
    const name = formatTableName(table);
    return readWhole(reader, table).then(
      (buckets) => ({ table: name, buckets, error: null }),
      (error) => ({ table: name, buckets: null, error: nameError(error) }),
    );
  };
  /** Reads every table twice. */
  const readAll = async (reader: Reader): Promise<Outcome[]> => {
    try {
      await reader.openSnapshot(0);
      const tables = await reader.listTables();
      return await Promise.all([...tables, ...tables].map((table) => readOne(reader, table)));
    } catch (error) {
      return [{ table: 'the list', buckets: null, error: nameError(error) }];
    }
  };

  test('20 baselines of two readers: each table is read, the same each time, or DatabaseBusy', async () => {
    const before = await servers.countConflicts();
    const stop = startChanges();
    const outcomes: Outcome[] = [];
    try {
      for (let taken = 0; taken < 20; taken++) {
        const readers = await Promise.all([servers.openReader(2), servers.openReader(2)]);
        const found = await Promise.all(readers.map(readAll));
        await Promise.all(readers.map((reader) => reader.close()));
        for (const ofReader of found) {
          // TRUNCATE does not keep what a snapshot sees.
          for (const table of ['public.kept', 'public.changed', 'public.indexed']) {
            const read = ofReader.filter((one) => one.table === table && one.buckets !== null);
            for (const { buckets } of read) expect(buckets).toEqual(read[0]?.buckets);
          }
          outcomes.push(...ofReader);
        }
      }
    } finally {
      await stop();
    }
    const errors = new Set(outcomes.flatMap(({ error }) => error ?? []));
    expect(errors).toEqual(new Set(['DatabaseBusy']));
    expect(outcomes.filter(({ error }) => error === null)).not.toEqual([]);
    expect(await servers.countConflicts()).toBeGreaterThan(before);
  });
});

test('the standby stops: DatabaseUnreachable for every question', async () => {
  await servers.catchUp();
  await withSnapshot(2, async (reader) => {
    const kept = await tableOf(reader, 'public.kept');
    await servers.stopStandby();
    const counts = await Promise.allSettled([1, 2, 3, 4].map(() => countRows(reader, kept)));
    const reasons = counts.map((one) => one.status === 'rejected' && one.reason);
    expect(reasons).toEqual(Array(4).fill(expect.objectContaining({ name: 'DatabaseUnreachable' })));
  });
});
