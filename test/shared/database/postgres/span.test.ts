import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DigestRequest, Reader, Span } from '../../../../shared/database/port.ts';
import { listTransactions } from '../../../../shared/database/postgres/span.ts';
import { type PostgresFixture, startPostgres } from './fixture.ts';

let postgres: PostgresFixture;

beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.asOwner(`
    create table kept (id int primary key);
    insert into kept values (1), (2), (3);
    create table burnt (id int);
    create function burn(n int) returns void language plpgsql as $$
      begin
        for i in 1..n loop
          begin
            insert into burnt values (i);
          exception when others then
            raise;
          end;
        end loop;
      end $$;
    grant select on all tables in schema public to public`);
});
afterAll(() => postgres?.close());

const markNow = async (): Promise<string> => {
  const reader = await postgres.openReader();
  try {
    return (await reader.readMark()) ?? '';
  } finally {
    await reader.close();
  }
};

const countFresh = async (reader: Reader, name: string, since: Span): Promise<number | undefined> => {
  const tables = await reader.listTables();
  const table = tables.find((one) => one.table === name);
  if (table === undefined) throw new Error(`${name} is not listed`);
  const all: DigestRequest = {
    content: 'values',
    ranges: { kind: 'bounds', bounds: [] },
    fine: [],
    resolution: 1,
    only: null,
    since,
  };
  const [bucket] = await reader.readDigest(table, all);
  return bucket?.fresh?.rows;
};

/** More than this many transactions are not listed in a statement. */
test.each([
  ['few transactions', 10, true],
  ['more transactions than a statement can list', 50_010, false],
])(
  'a span of %s: rows written in it are fresh, one of a transaction that ran before it too',
  async (_, burnt, isListed) => {
    const running = await postgres.connectAsOwner();
    await postgres.asOwner('truncate burnt');
    await running.query(`begin; insert into kept values (${burnt})`);
    const from = await markNow();
    await postgres.asOwner(`select burn(${burnt}); update kept set id = id where id = 2`);
    await running.query('commit').finally(() => running.end());
    const span = { from, to: await markNow() };
    expect(listTransactions(span) !== null).toBe(isListed);
    const reader = await postgres.openReader();
    try {
      expect(await countFresh(reader, 'burnt', span)).toBe(burnt);
      expect(await countFresh(reader, 'kept', span)).toBe(2);
    } finally {
      await reader.close();
    }
  },
);
