import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresFixture, startPostgres } from '../../database/postgres/fixture.ts';
import { expectWithin, startAsking } from './asking.ts';
import { rehearse, statementOf, tableOf } from './fixture.ts';

let postgres: PostgresFixture;

beforeAll(async () => {
  postgres = await startPostgres({ settings: { max_connections: '100' } });
  await postgres.asOwner(`
    create table users (id bigint generated always as identity primary key, name text, visits integer);
    insert into users (name, visits) select 'user ' || n, n from generate_series(1, 400000) n`);
});
afterAll(() => postgres?.close());

test('a volatile default on the largest table: blocks others as long as an application sees, within a fifth', async () => {
  const reader = startAsking(await postgres.connectAsOwner(), 'select name from users where id = 7');
  const writer = startAsking(
    await postgres.connectAsOwner(),
    'update users set visits = visits + 1 where id = 7',
  );
  const change = [
    { sql: 'alter table users add token uuid default gen_random_uuid()', tables: ['public.users'] },
  ];
  const statement = statementOf(await rehearse(postgres, change, { contenderSeconds: 0.5 }), 1);
  const { blockedRead, blockedWrite, queuedMs, ...table } = tableOf(statement, 'public.users');
  expectWithin(blockedRead.longestMs, await reader.stop());
  expectWithin(blockedWrite.longestMs, await writer.stop());
  expect(queuedMs).toBeGreaterThan(300);
  expect(queuedMs).toBeLessThan(700);
  expect(table).toMatchObject({ isRewritten: true });
  expect(table.rowsScanned).toBeGreaterThanOrEqual(400_000);
  expect(statement.logBytes).toBeGreaterThan(10_000_000);
});

test('all rows updated: writes of rows wait to the end of it, and reads never', async () => {
  const change = [{ sql: 'update users set visits = 0', tables: ['public.users'] }];
  const statement = statementOf(await rehearse(postgres, change), 1);
  const { blockedRead, blockedWrite } = tableOf(statement, 'public.users');
  expect(blockedRead.longestMs).toBe(0);
  expect(blockedWrite.longestMs).toBeGreaterThan((statement.toMs - statement.fromMs) * 0.5);
  expect(statement.notMeasured).toEqual([]);
});
