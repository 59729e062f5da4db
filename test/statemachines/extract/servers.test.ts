import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExtractDocument } from '../../../shared/extraction/document.ts';
import { loadTwoTables, startTestWorld, type TestWorld } from '../../local/world.ts';
import { startSandbox } from './sandbox-server.ts';

let world: TestWorld;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;

beforeAll(async () => {
  world = await startTestWorld({
    load: async (client) => {
      await loadTwoTables(client);
      await client.query(`create table customers (id integer primary key, name text not null);
        insert into customers values (1, 'one'), (2, 'two');
        alter table orders add column customer integer default 1 references customers;
        create view recent as select * from orders`);
    },
  });
  sandbox = await startSandbox(world);
});
afterAll(async () => {
  await sandbox?.close();
  await world?.keeper.close();
});

/** Production goes on, once the time of the copy has passed. */
const changeProduction = async (): Promise<void> => {
  const client = await world.source.connect();
  await client.query(`update orders set item = 'another' where id in (7, 9);
    delete from orders where id = 12; insert into orders values (101, 'new')`);
  await client.end();
};

const commentOf = async ({ sandbox: place }: ExtractDocument): Promise<string | null> => {
  const [found] = await sandbox.ask<{ text: string | null }>(
    `select obj_description(oid, 'pg_namespace') as text from pg_namespace where nspname = '${place?.schema}'`,
  );
  return found?.text ?? null;
};

test('a table as it was, while production goes on: whole, proven, told with what has changed since; the copy is gone', async () => {
  const { result, hasSucceeded, messages, standing, filed } = await sandbox.extract(
    'local-orders',
    { tables: ['orders'] },
    {
      aroundTask: async (state, run) => {
        if (state === 'VerifyExtract') await changeProduction();
        return run();
      },
    },
  );
  expect([result.failure, result.verdict, hasSucceeded]).toEqual([null, 'passed', true]);
  expect(result.checks.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['rows public.orders', 'passed'],
    ['checksum public.orders', 'passed'],
  ]);
  expect(result.sandbox).toMatchObject({ name: 'dev', host: '127.0.0.1', state: 'complete' });
  expect(result.restore.reached).toMatch(/^20\d\d-/);
  expect(result.changes?.found?.tables).toMatchObject([{ changed: 2, gone: 1, added: 1, isExact: true }]);
  expect(result.bringBack.map(({ table }) => table)).toEqual(['public.orders']);
  expect(await commentOf(result)).toMatch(/^tables of prod-shop as of /);
  const schema = result.sandbox?.schema;
  expect(
    await sandbox.ask(`select id, item from ${schema}.orders where id in (7, 12, 101) order by 1`),
  ).toEqual([
    { id: 7, item: 'item 7' },
    { id: 12, item: 'item 12' },
  ]);
  expect(messages.map(({ kind }) => kind)).toEqual(['extract-done']);
  expect(filed.map(({ teardown }) => teardown.status)).toEqual(['pending', 'completed']);
  expect(standing).toEqual(['prod-shop']);
});

test('rows that meet a condition, with the parents of their table: what production changes elsewhere is not told', async () => {
  const { result, hasSucceeded } = await sandbox.extract(
    'local-condition',
    { tables: ['orders'], where: { orders: 'id between 41 and 50' }, withParents: true },
    {
      aroundTask: async (state, run) => {
        if (state === 'VerifyExtract') {
          const client = await world.source.connect();
          await client.query('delete from orders where id in (50, 51)');
          await client.end();
        }
        return run();
      },
    },
  );
  expect([result.failure, hasSucceeded]).toEqual([null, true]);
  expect(result.tables).toMatchObject([
    { table: 'public.orders', rows: 10, isParent: false },
    { table: 'public.customers', rows: 2, isParent: true },
  ]);
  expect(result.changes?.found?.tables).toMatchObject([
    { table: 'public.orders', changed: 0, gone: 1, added: 0, listed: { gone: [['50']] } },
  ]);
  expect(result.changes?.lines.at(-1)).toContain('only rows that meet the condition are compared');
  const schema = result.sandbox?.schema;
  const [counted] = await sandbox.ask(`select count(*)::int as rows, max(id) as last from ${schema}.orders`);
  expect(counted).toEqual({ rows: 10, last: 50 });
  const keys = await sandbox.ask(`select confrelid::regclass::text as parent from pg_constraint
    where contype = 'f' and connamespace = '${schema}'::regnamespace`);
  expect(keys).toEqual([{ parent: `${schema}.customers` }]);
});

test.each([
  ['a view', 'recent', 'TableNotExtractable'],
  ['a name that is near another one', 'ordrs', 'TableNotFound'],
])('%s: refused before anything is restored', async (_, table, error) => {
  const { result, standing } = await sandbox.extract(`local-${table}`, { tables: [table] });
  expect(result.failure).toMatchObject({ phase: 'AskSides', error });
  expect([result.copy, standing]).toEqual([null, ['prod-shop']]);
});

test('production under the name of the sandbox: refused before anybody signs in there, and nothing is written', async () => {
  const { aurora } = world;
  const source = await aurora.findCluster('prod-shop');
  const { result } = await sandbox.extract(
    'local-alias',
    { tables: ['orders'] },
    {
      world: {
        aurora: {
          ...aurora,
          findCluster: async (name) =>
            name === 'dev-aurora' && source !== undefined
              ? { ...source, identifier: name, resourceId: 'cluster-DEV-AURORA', endpoint: 'localhost' }
              : aurora.findCluster(name),
        },
      },
    },
  );
  expect(result.failure).toMatchObject({ phase: 'AskSides', error: 'SandboxRefused' });
  expect(result.failure?.cause).toContain(`:${world.source.port} is production's`);
  const client = await world.source.connect();
  const { rows } = await client.query(`select 1 from pg_namespace where nspname like 'extract%'`);
  await client.end();
  expect(rows).toEqual([]);
});
