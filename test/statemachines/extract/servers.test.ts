import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExtractDocument } from '../../../shared/extraction/document.ts';
import { startTestWorld, type TestWorld } from '../../local/world.ts';
import { startSandbox } from './sandbox-server.ts';

let world: TestWorld;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;

beforeAll(async () => {
  world = await startTestWorld();
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
