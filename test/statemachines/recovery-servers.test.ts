import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectAsOwner } from '../../local/sources/postgres.ts';
import { toIso } from '../../shared/instants.ts';
import { recoveredPrefix } from '../../shared/recovery/names.ts';
import type { DatabaseChanges } from '../../shared/rows/database-changes.ts';
import { recoverIn } from '../local/recovering.ts';
import { plansText, startTestWorld, type TestWorld } from '../local/world.ts';

let world: TestWorld;

beforeAll(async () => {
  world = await startTestWorld();
});
afterAll(() => world?.keeper.close());

const plans = plansText.replace(
  'checks:',
  'tests: { bad rows gone: { sql: "select count(*) from orders where item = \'oops\'", expect: 0 } }\n    checks:',
);

const recover = (name: string, input: object) => recoverIn(world, plans, name, input);

const nextSecond = async (): Promise<string> => {
  const at = Math.ceil(Date.now() / 1000) * 1000;
  await sleep(at - Date.now() + 100);
  return toIso(new Date(at));
};

test('a bad update, on real servers: brought back to just before it, with the very rows that it changed; a second too late, the test of the plan says so', async () => {
  const before = await nextSecond();
  await sleep(1100);
  const client = await world.source.connect();
  await client.query(`update orders set item = 'oops' where id <= 37`);
  await client.query(`insert into orders values (101, 'after')`);
  const after = await nextSecond();
  await sleep(1100);
  await client.query(`insert into orders values (102, 'later')`);
  await client.end();

  const { result, hasSucceeded, messages } = await recover('local-bad-update', { restoreTo: before });
  expect([result.failure, hasSucceeded]).toEqual([null, true]);
  const changes = result.changes?.found as DatabaseChanges | undefined;
  expect(changes?.tables).toMatchObject([
    { table: 'public.orders', unchanged: 63, changed: 37, gone: 0, added: 2, isExact: true },
  ]);
  expect(messages[0]?.happened.join('\n')).toContain('public.orders: 37 changed (in item), 2 new');
  const setting = (label: string) => result.settings.find((row) => row.setting === label);
  expect(setting('backup retention, days')).toMatchObject({ source: '7', recovered: '7', outcome: 'same' });
  expect(setting('sign-in with IAM')).toMatchObject({ source: 'on', recovered: 'on', outcome: 'same' });
  expect(result.cluster?.identifier).toMatch(new RegExp(`^${recoveredPrefix}prod-shop-\\d{14}$`));
  const countOrders = async (port = 0) => {
    const client = await connectAsOwner(port, 'shop', world.password);
    const { rows } = await client.query(
      `select count(*), count(*) filter (where item = 'oops') as bad, pg_is_in_recovery() as "isReader" from orders`,
    );
    await client.end();
    return rows;
  };
  expect(await countOrders(result.cluster?.port)).toEqual([{ count: '100', bad: '0', isReader: false }]);
  const identifier = result.readers[0]?.identifier;
  expect(result.readers).toMatchObject([{ like: 'prod-shop-2', isReady: true }]);
  const readers = world.listReaders(result.cluster?.identifier ?? '');
  expect(readers).toMatchObject([{ identifier }]);
  expect(await countOrders(readers[0]?.port)).toEqual([{ count: '100', bad: '0', isReader: true }]);

  const { result: late } = await recover('local-too-late', { restoreTo: after, readers: 0 });
  expect(late.failure).toMatchObject({
    error: 'TestsFailed',
    cause: 'test bad rows gone: the answer differs',
  });
  expect(await world.aurora.findCluster(late.cluster?.identifier ?? '')).toMatchObject({
    status: 'available',
  });
});
