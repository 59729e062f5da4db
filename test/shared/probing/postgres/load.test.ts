import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresFixture, startPostgres } from '../../database/postgres/fixture.ts';
import { rehearse } from './fixture.ts';

let postgres: PostgresFixture;

beforeAll(async () => {
  postgres = await startPostgres({ settings: { max_connections: '100' } });
  await postgres.asOwner(`
    create table users (id bigint generated always as identity primary key, name text, visits integer);
    insert into users (name, visits) select 'user ' || n, n from generate_series(1, 20000) n`);
});
afterAll(() => postgres?.close());

/** Writes about 1,000 rows a second, each in its own transaction, until it is stopped. */
const startWriting = async (): Promise<{ stop(): Promise<number> }> => {
  const client = await postgres.connectAsOwner();
  let isStopping = false;
  let written = 0;
  const writing = (async () => {
    while (!isStopping) {
      for (let one = 0; one < 10; one++, written++) {
        await client.query(
          `update users set visits = visits + 1 where id = ${1 + ((written * 7919) % 20_000)}`,
        );
      }
      await sleep(5);
    }
  })();
  return {
    stop: async () => {
      isStopping = true;
      await writing;
      await client.end();
      return written;
    },
  };
};

const tables = ['public.users'];
const harmless = [
  { sql: "set lock_timeout = '200ms'" },
  { sql: 'alter table users add note text', tables },
  { sql: 'create index concurrently users_note on users (note)', tables },
  { sql: 'alter table users drop note', tables },
];

test('a harmless change while others write: nobody waits for long, whenever it is rehearsed', async () => {
  const load = await startWriting();
  const felt: number[] = [];
  for (let round = 0; round < 5; round++) {
    const { statements } = await rehearse(postgres, harmless);
    expect(statements.map(({ error, lockTimeouts }) => [error, lockTimeouts])).toEqual(
      harmless.map(() => [null, 0]),
    );
    for (const { blockedRead, blockedWrite } of statements.flatMap((statement) => statement.tables)) {
      felt.push(blockedRead.longestMs, blockedWrite.longestMs);
    }
  }
  expect(await load.stop()).toBeGreaterThan(100);
  // Half of what a plan allows for reads, where it says nothing else.
  expect(Math.max(...felt)).toBeLessThan(250);
});
