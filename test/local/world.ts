import type pg from 'pg';
import type { Fault } from '../../local/faults.ts';
import { type Keeper, startKeeper } from '../../local/keeper.ts';
import { type LocalWorld, startLocalWorld } from '../../local/local-world.ts';
import { type Plan, parsePlans } from '../../shared/plan.ts';

export const plansText = `
plans:
  shop:
    source: prod-shop
    timeoutMinutes: 5
    database: { name: shop, user: drill_reader }
    objectives: { rtoMinutes: 5, rpoMinutes: 1 }
    checks: { tables: all, tolerance: 0 }
`;

export const testPlan = (): Plan => {
  const { shop } = parsePlans(plansText, 'plans.yml');
  if (shop === undefined) throw new Error('the test plan is gone');
  return shop;
};

/** Two small tables: enough for every path of a drill. */
export const loadTwoTables = async (client: pg.Client): Promise<void> => {
  await client.query(`
    create table orders (id integer primary key, item text not null);
    create table "Order Lines" (id integer, "Amount" numeric(10, 2));
    insert into orders select n, 'item ' || n from generate_series(1, 100) n;
    insert into "Order Lines" select n, n from generate_series(1, 40) n;`);
};

export type TestWorld = LocalWorld & { keeper: Keeper; events: string[]; password: string };

/** A whole local world without pauses, for the tests of one file. */
export const startTestWorld = async (
  options: { load?: (client: pg.Client) => Promise<void>; fault?: Fault } = {},
): Promise<TestWorld> => {
  const keeper = await startKeeper();
  const events: string[] = [];
  const password = 'only-for-this-test';
  try {
    const world = await startLocalWorld({
      keeper,
      plan: testPlan(),
      load: options.load ?? loadTwoTables,
      password,
      fault: options.fault ?? null,
      pendingMs: 0,
      latencyMs: 0,
      onEvent: (text) => events.push(text),
    });
    return { ...world, keeper, events, password };
  } catch (error) {
    await keeper.close();
    throw error;
  }
};

/** Asks again until the answer holds. The test's own time-out bounds it. */
export const until = async <Answer>(
  ask: () => Promise<Answer>,
  holds: (answer: Answer) => boolean,
): Promise<Answer> => {
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
