import type pg from 'pg';
import type { BacktrackSettings } from '../../local/aurora/backtracks.ts';
import { type LocalWorld, startLocalWorld } from '../../local/aurora/world.ts';
import type { Fault } from '../../local/faults/catalog.ts';
import { type Keeper, startKeeper } from '../../local/servers/keeper.ts';
import { type MysqlLoad, type MysqlSource, mysqlEngine } from '../../local/sources/mysql.ts';
import { type PostgresLoad, type PostgresSource, postgresEngine } from '../../local/sources/postgres.ts';
import type { Engine, Source } from '../../local/sources/source.ts';
import { type Plan, parsePlans } from '../../shared/plan/plans.ts';

export const plansText = `
plans:
  shop:
    source: prod-shop
    timeoutMinutes: 5
    database: { name: shop, user: drill_reader }
    objectives: { rtoMinutes: 5, rpoMinutes: 1 }
    checks: { tables: all, tolerance: 0, bracketMs: 0 }
`;

export const testPlan = (): Plan => {
  const { shop } = parsePlans(plansText, 'plans.yml');
  if (shop === undefined) throw new Error('the test plan is gone');
  return shop;
};

/** Enough for every path of a drill. */
export const loadTwoTables = async (client: pg.Client): Promise<void> => {
  await client.query(`
    create table orders (id integer primary key, item text not null);
    create table "Order Lines" (id integer, "Amount" numeric(10, 2));
    insert into orders select n, 'item ' || n from generate_series(1, 100) n;
    insert into "Order Lines" select n, n from generate_series(1, 40) n;`);
};

type WorldOf<Here extends Source> = LocalWorld<Here> & { keeper: Keeper; events: string[]; password: string };

export type TestWorld = WorldOf<PostgresSource>;
export type MysqlTestWorld = WorldOf<MysqlSource>;

/** A local world without pauses, for the tests of one file. */
export const startTestWorld = (options: { load?: PostgresLoad; fault?: Fault } = {}): Promise<TestWorld> =>
  startWorld(postgresEngine(options.load ?? loadTwoTables), options.fault ?? null);

/** The same on MariaDB, for tests that are skipped when it is not installed. */
export const startMysqlTestWorld = (
  load: MysqlLoad,
  fault: Fault | null = null,
  backtrack?: BacktrackSettings,
): Promise<MysqlTestWorld> => startWorld(mysqlEngine(load), fault, backtrack);

const startWorld = async <Here extends Source>(
  engine: Engine<Here>,
  fault: Fault | null,
  backtrack?: BacktrackSettings,
): Promise<WorldOf<Here>> => {
  const keeper = await startKeeper();
  const events: string[] = [];
  const password = 'only-for-this-test';
  try {
    const world = await startLocalWorld({
      keeper,
      plan: testPlan(),
      engine,
      password,
      fault,
      backtrack,
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

/** Asks again until the answer holds, or the test times out. */
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
