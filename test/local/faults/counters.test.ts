import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../../local/faults/catalog.ts';
import { mysqlEngine } from '../../../local/sources/mysql.ts';
import { postgresEngine } from '../../../local/sources/postgres.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { type Captured, startDrilledSource } from '../drilled-source.ts';
import { hasMariadb } from '../mariadb.ts';

const failedOf = (checks: CheckResult[]) => checks.filter(({ verdict }) => verdict === 'failed');
const positionsOf = (checks: CheckResult[]) => checks.find(({ name }) => name === 'positions');

const damage = (postgres: string): Fault => ({
  name: 'counter',
  description: '',
  damage: {
    postgres: async (client) => {
      await client.query(postgres);
    },
  },
});

describe('PostgreSQL, with sequences that fill a column or none', () => {
  let drilled: Awaited<ReturnType<typeof startPostgresDrill>>;
  const startPostgresDrill = () =>
    startDrilledSource(
      'postgres',
      postgresEngine(async (client) => {
        await client.query(`create table orders (id bigint generated always as identity primary key, v int);
          insert into orders (v) select n from generate_series(1, 100) n; delete from orders where id > 50;
          create sequence tickets start 1000; select nextval('tickets') from generate_series(1, 500);
          create sequence countdown increment -1; select nextval('countdown') from generate_series(1, 70)`);
      }),
    );

  let captured: Captured;
  beforeAll(async () => {
    drilled = await startPostgresDrill();
    captured = await drilled.capture();
  });
  afterAll(() => drilled?.close());

  test('values given up to the baseline by transactions that were rolled back: the copy is as far', async () => {
    const client = await drilled.source.connect();
    await client.query(`begin; select nextval('tickets') from generate_series(1, 40); rollback`);
    await client.end();
    const found = await drilled.drill();
    expect(found.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
    expect(positionsOf(found)).toMatchObject({ expected: '3 counters', actual: 'none behind' });
  });

  test.each([
    ['a sequence that fills no column is behind', `select setval('tickets', 1200)`, 'public.tickets (1201,'],
    ['a descending one is behind', `select setval('countdown', -3)`, 'public.countdown (-4,'],
    [
      'a column is filled by values of deleted rows again',
      `select setval('orders_id_seq', 60)`,
      'public.orders_id_seq (61, production 101)',
    ],
  ])('%s: its position alone fails, with both figures', async (_title, sql, reason) => {
    const failed = failedOf(await drilled.restore(captured, damage(sql)));
    expect(failed.map(({ name }) => name)).toEqual(['positions']);
    expect(failed[0]?.reason).toContain(reason);
  });

  test('behind its column: one finding, not two', async () => {
    const sql = `select setval('orders_id_seq', 7)`;
    const failed = failedOf(await drilled.restore(captured, damage(sql)));
    expect(failed.map(({ name }) => name)).toEqual(['sequence public.orders_id_seq']);
  });

  test('missing: found with the definitions alone', async () => {
    const failed = failedOf(await drilled.restore(captured, damage('drop sequence tickets')));
    expect(failed.map(({ name }) => name)).not.toContain('positions');
    expect(failed.map(({ name }) => name)).toContain('definitions sequences');
  });

  test('production sets one back again and again while it is drilled: named, not judged, and the others are', async () => {
    const client = await drilled.source.connect();
    let isDone = false;
    const turning = (async () => {
      for (let value = 1_000_000; !isDone; value--) {
        await client.query(`select setval('tickets', ${value}), nextval('countdown'), pg_sleep(0.01)`);
      }
    })();
    const meanwhile = await drilled.capture();
    isDone = true;
    await turning;
    await client.end();
    const found = await drilled.restore(meanwhile, null);
    expect(failedOf(found)).toEqual([]);
    expect(positionsOf(found)).toMatchObject({
      expected: '2 counters',
      verdict: 'passed',
      reason: expect.stringContaining('set back, altered, made or dropped public.tickets'),
    });
  });
});

describe.skipIf(!hasMariadb)('MariaDB, with AUTO_INCREMENT', () => {
  test('rows at the end were deleted, and many were inserted at once: told, and not a finding', async () => {
    const drilled = await startDrilledSource(
      'mysql',
      mysqlEngine(async ({ connection }) => {
        await connection.query(`create table orders (id int primary key auto_increment, v int);
          insert into orders (v) select seq from seq_1_to_100; delete from orders where id > 50`);
      }),
    );
    try {
      const found = await drilled.drill();
      expect(failedOf(found)).toEqual([]);
      expect(positionsOf(found)).toMatchObject({
        verdict: 'passed',
        actual: '1 behind',
        reason: expect.stringMatching(/^not judged, .*: app\.orders \(\d+, production 128\)$/),
      });
    } finally {
      await drilled.close();
    }
  });
});
