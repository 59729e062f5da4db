import { beforeAll, describe, expect, test } from 'vitest';
import type { EngineName } from '../../../local/servers/engine-name.ts';
import { chooseEngine } from '../../../local/sources/engines.ts';
import type { Source } from '../../../local/sources/source.ts';
import { readSqlFile } from '../../../local/sources/sql-file.ts';
import { definitionStatements } from '../../../shared/database/postgres/definitions.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { startDrilledSource } from '../drilled-source.ts';
import { hasMariadb } from '../mariadb.ts';
import { repeat } from './writers.ts';

/** A dump that is made up, and what an ordinary application writes to it. */
type RealDatabase = { file: string; engine: EngineName; writes: string[] };

const databases: RealDatabase[] = [
  {
    file: 'clinic',
    engine: 'postgres',
    writes: [
      `insert into care.patients (name, born) select 'New one', date '1990-01-01' from generate_series(1, 3)`,
      'update care.patients set pain = (pain + 1) % 100 where id = 5 + (random() * 3000)::int',
      'update care.beds set is_taken = not is_taken where number = (random() * 600)::int',
      'delete from care.patients where id = (select min(id) from care.patients where id > 4000)',
      'refresh materialized view care.wards',
    ],
  },
  {
    file: 'metering',
    engine: 'postgres',
    writes: [
      `insert into grid.readings (meter, at, phase, value) select 1 + n, clock_timestamp(), 'L2', n from generate_series(1, 20) n`,
      'update grid.devices set power = power + 1 where id = 1 + (random() * 800)::int',
      `insert into grid.events values ('noise', null)`,
      'refresh materialized view concurrently grid.daily',
    ],
  },
  {
    file: 'library',
    engine: 'postgres',
    writes: [
      `update "Bücherei"."Bücher & ""Hefte""" set zustand = 'gelesen', tags = tags || '"b"=>null'
        where "ISBN" like '%' || (random() * 900)::int`,
      `insert into "a.b ""c"""."." (body) values ('x')`,
      'insert into public.no_key (a) values (7)',
    ],
  },
  {
    file: 'auction',
    engine: 'mysql',
    writes: [
      `insert into auction.lots (seller_id, title, place) select 1 + seq, 'one more', point(1, 2) from seq_1_to_5`,
      'update auction.sellers set rating = rand() * 100 where id = 1 + floor(rand() * 1999)',
      `insert into auction.bids values (floor(rand() * 3000), sysdate(6), 1, 'me')`,
      'delete from auction.lots order by id limit 1',
      'update auction.prices set price = price + 1 where id = 50',
    ],
  },
];

const postgresKinds = definitionStatements.flatMap(({ kinds }) => kinds);
const mysqlKinds = ['columns', 'views', 'triggers', 'functions', 'events', 'tables', 'databases', 'grants'];

type Client = { query(sql: string): Promise<unknown>; end(): Promise<void> };
type World = Awaited<ReturnType<typeof startDrilledSource<Source & { connect?(): Promise<Client> }>>>;

const connect = async ({ source }: World): Promise<Client> => {
  const client = await source.connect?.();
  if (client === undefined) throw new Error('nobody can write');
  return client;
};

const startWriting = (client: Client, writes: string[]) =>
  repeat(async () => {
    for (const sql of writes) await client.query(sql);
    await new Promise((resolve) => setTimeout(resolve, 50));
  });

type Drills = { quiet: CheckResult[][]; busy: CheckResult[][] };

/** Two drills while nobody writes, and three under an ordinary load. Most of a drill is waiting. */
const drillDatabase = async ({ file, engine, writes }: RealDatabase): Promise<Drills> => {
  const sql = await readSqlFile(`test/local/hostile/databases/${file}.sql`);
  const world: World = await startDrilledSource(engine, chooseEngine(engine, sql));
  try {
    const client = await connect(world);
    if (engine === 'mysql') await client.query(`grant trigger, event on *.* to drill_reader@'127.0.0.1'`);
    const quiet = await Promise.all([world.drill(), world.drill()]);
    const stop = startWriting(client, writes);
    const busy = await Promise.all([world.drill(), world.drill(), world.drill()]);
    await stop();
    await client.end();
    return { quiet, busy };
  } finally {
    await world.close();
  }
};

const describeCheck = ({ name, table, reason }: CheckResult): string => `${table ?? ''} ${name}: ${reason}`;

describe('databases with objects of every kind, drilled 20 times', () => {
  const tried = databases.filter(({ engine }) => engine === 'postgres' || hasMariadb);
  const found = new Map<string, Drills>();
  const drillsOf = (file: string): Drills => found.get(file) ?? { quiet: [], busy: [] };

  beforeAll(async () => {
    const drilled = await Promise.all(tried.map(drillDatabase));
    for (const [index, drills] of drilled.entries()) found.set(tried[index]?.file ?? '', drills);
  });

  test.each(tried)('$file, nobody writes: every check passes, and none is skipped', ({ file }) => {
    const { quiet } = drillsOf(file);
    expect(
      quiet.map((checks) => checks.filter(({ verdict }) => verdict !== 'passed').map(describeCheck)),
    ).toEqual([[], []]);
  });

  test.each(tried)(
    '$file, an application writes: only tables that moved as a whole are skipped',
    ({ file }) => {
      const { busy } = drillsOf(file);
      expect(busy).toHaveLength(3);
      const notPassed = busy.flat().filter(({ verdict }) => verdict !== 'passed');
      const unexpected = notPassed.filter(
        ({ verdict, reason }) => verdict === 'failed' || !reason.startsWith('every row moved'),
      );
      expect(unexpected.map(describeCheck)).toEqual([]);
    },
  );

  test.each([
    ['postgres', postgresKinds],
    ['mysql', hasMariadb ? mysqlKinds : []],
  ] as const)('%s: every kind of definition is compared in some database', (engine, kinds) => {
    const files = tried.filter((one) => one.engine === engine).map(({ file }) => file);
    const names = files.flatMap((file) =>
      drillsOf(file)
        .quiet.flat()
        .map(({ name }) => name),
    );
    const compared = new Set(names.filter((name) => name.startsWith('definitions ')));
    expect([...compared].sort()).toEqual(kinds.map((kind) => `definitions ${kind}`).sort());
  });
});
