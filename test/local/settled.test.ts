import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mysqlEngine } from '../../local/sources/mysql.ts';
import { postgresEngine } from '../../local/sources/postgres.ts';
import type { Checks } from '../../shared/plan/plans.ts';
import type { CheckResult } from '../../shared/truth/checks.ts';
import { startDrilledSource } from './drilled-source.ts';
import { repeat } from './hostile/writers.ts';
import { hasMariadb } from './mariadb.ts';
import { until } from './world.ts';

/** Each is written to all the time, and has a column of times; `id` is a key that the server counts. */
const tables = ['events', 'purged', 'changed', 'touched', 'planned', 'local', 'keyless'] as const;
type TableName = (typeof tables)[number];
/** Those in which a copy of another time is found. */
const decisive: TableName[] = ['events', 'purged', 'local', 'keyless'];

const schema: Record<'postgres' | 'mysql', string[]> = {
  postgres: [
    ...['events', 'purged', 'changed', 'touched', 'planned'].map(
      (name) =>
        `create table ${name} (id bigserial primary key, at timestamptz default clock_timestamp(), v int default 0)`,
    ),
    `create table local (id bigserial primary key, v int default 0,
       at timestamp(0) default (clock_timestamp() at time zone 'Europe/Paris'))`,
    'create table keyless (v int default 0, at timestamptz default clock_timestamp())',
  ],
  mysql: [
    ...['events', 'purged', 'changed', 'touched', 'planned'].map(
      (name) =>
        `create table ${name} (id bigint auto_increment primary key, at datetime(6) default now(6), v int default 0)`,
    ),
    `create table local (id bigint auto_increment primary key, v int default 0,
       at datetime default (convert_tz(now(6), '+00:00', '+01:00')))`,
    'create table keyless (v int default 0, at timestamp(6) null default now(6))',
  ],
};

const rulesFor = (schemaName: string, names: readonly TableName[]): Checks['settled'] =>
  Object.fromEntries(
    names.map((name) => [
      `${schemaName}.${name}`,
      {
        column: 'at',
        margin: '1s',
        deletes: name === 'purged' ? 'allowed' : 'never',
        timeZone: name === 'local' ? 'Europe/Paris' : 'UTC',
      },
    ]),
  );

/** What was found, by table or by name: of copies of the time asked for, of two seconds before it, and of three after it. */
type Found = Record<'right' | 'earlier' | 'later', Map<string, CheckResult>>;
type World = { asked: string; found: Found; close(): Promise<void> };

type Client = { run(sql: string): Promise<unknown>; end(): Promise<unknown> };

/** Writes for some seconds around the time to restore to, and changes some of it since. */
const writeAround = async (
  engine: 'postgres' | 'mysql',
  connect: () => Promise<Client>,
): Promise<{ askedMs: number }> => {
  const [writer, slow] = [await connect(), await connect()];
  const [now, hour] =
    engine === 'postgres'
      ? ['clock_timestamp()', `clock_timestamp() + interval '1 hour'`]
      : ['now(6)', 'now(6) + interval 1 hour'];
  await writer.run('insert into events (at, v) values (null, 1)');
  const stop = repeat(async () => {
    for (const name of tables) await writer.run(`insert into ${name} (v) values (1)`);
    await writer.run(`insert into planned (at) values (${hour})`);
    await sleep(5);
  });
  const askedMs = Math.ceil(Date.now() / 1000) * 1000 + 3000;
  await sleep(askedMs - 300 - Date.now());
  await slow.run('begin');
  await slow.run('insert into events (v) values (7)');
  await sleep(askedMs + 300 - Date.now());
  await slow.run('commit');
  await sleep(askedMs + 3500 - Date.now());
  await stop();
  await writer.run('delete from purged where id <= 20');
  await writer.run('update changed set v = 5 where id in (3, 4)');
  await writer.run(`update touched set v = 5, at = ${now} where id in (5, 6)`);
  await Promise.all([writer.end(), slow.end()]);
  return { askedMs };
};

const startWorld = async (
  engine: 'postgres' | 'mysql',
  world: Awaited<ReturnType<typeof startDrilledSource>>,
  connect: () => Promise<Client>,
): Promise<World> => {
  const { askedMs } = await writeAround(engine, connect);
  await until(
    async () => world.source.latestRestorableTime(),
    (time) => Date.parse(time) > askedMs + 3000,
  );
  const asked = new Date(askedMs).toISOString();
  const restore = async (seconds: number, names: readonly TableName[]) => {
    const restoreTo = new Date(askedMs + seconds * 1000).toISOString();
    const rules = rulesFor(engine === 'postgres' ? 'public' : 'app', names);
    const checks = await world.restoreThen(asked, { kind: 'point-in-time', restoreTo }, rules);
    return new Map(checks.map((check) => [check.name.replace(/^settled \w+\./, ''), check]));
  };
  const found = {
    right: await restore(0, tables),
    earlier: await restore(-2, decisive),
    later: await restore(3, decisive),
  };
  return { asked, found, close: world.close };
};

const onPostgres = async (): Promise<World> => {
  const engine = postgresEngine(async (client) => {
    for (const sql of schema.postgres) await client.query(sql);
  });
  const world = await startDrilledSource('postgres', engine);
  return startWorld('postgres', world, async () => {
    const client = await world.source.connect();
    return { run: (sql) => client.query(sql), end: () => client.end() };
  });
};

const onMariadb = async (): Promise<World> => {
  const engine = mysqlEngine(async ({ connection }) => {
    for (const sql of schema.mysql) await connection.query(`${sql} engine = InnoDB`);
  });
  const world = await startDrilledSource('mysql', engine);
  return startWorld('mysql', world, async () => {
    const connection = await world.source.connect();
    await connection.query(`set session time_zone = '+00:00'`);
    return { run: (sql) => connection.query(sql), end: () => connection.end() };
  });
};

const machines: [string, boolean, () => Promise<World>][] = [
  ['PostgreSQL', true, onPostgres],
  ['MariaDB', hasMariadb, onMariadb],
];

const worlds = new Map<string, World>();
// Side by side, since most of it is waiting.
beforeAll(async () => {
  const starts = machines.filter(([, isHere]) => isHere);
  const begun = await Promise.allSettled(
    starts.map(async ([name, , start]) => worlds.set(name, await start())),
  );
  for (const one of begun) if (one.status === 'rejected') throw one.reason;
});
afterAll(async () => {
  for (const world of worlds.values()) await world.close();
});

describe.each(machines)('settled rows of a past time: %s', (machine, isHere) => {
  const find = (copy: keyof Found, name: string): CheckResult => {
    const check = worlds.get(machine)?.found[copy].get(name);
    if (check === undefined) throw new Error(`${name} was not checked`);
    return check;
  };

  test.skipIf(!isHere).each<[TableName, CheckResult['verdict'], RegExp]>([
    [
      'events',
      'passed',
      /^\d+ rows before .* are as production has them now; \d+ between not judged; 1 without/,
    ],
    ['purged', 'passed', /as production has them now; 20 rows deleted since/],
    ['changed', 'failed', /^2 rows before .* are not as in production now, in v: id 3, 4;/],
    ['touched', 'skipped', /^not settled: at is not as in production now in 2 rows: id 5, 6$/],
    [
      'planned',
      'passed',
      /as production has them now; \d+ rows of the copy ahead of their time, not judged: id/,
    ],
    ['local', 'passed', /as production has them now/],
    ['keyless', 'passed', /as production has them now/],
  ])('a copy of that time, %s: %s', (name, verdict, reason) => {
    expect(find('right', name)).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
  });

  test.skipIf(!isHere).each(decisive)('a copy of two seconds before, %s: rows are missing', (name) => {
    const { verdict, reason } = find('earlier', name);
    expect(verdict).toBe('failed');
    expect(reason).toMatch(/^\d+ rows of production before .* are missing from the copy/);
  });

  test.skipIf(!isHere).each(decisive)('a copy of three seconds after, %s: newer than asked', (name) => {
    const { verdict, reason } = find('later', name);
    expect(verdict).toBe('failed');
    expect(reason).toMatch(/^the copy is newer than asked: it has \d+ rows? from/);
  });

  test.skipIf(!isHere).each([
    ['right', 'passed', 0],
    ['earlier', 'failed', -2000],
    ['later', 'failed', 3000],
  ] as const)('where the rows of a copy end, %s: %s, and known within 150 ms', (copy, verdict, ms) => {
    const check = find(copy, 'restored time');
    expect(check.verdict).toBe(verdict);
    const asked = Date.parse(worlds.get(machine)?.asked ?? '');
    expect(Math.abs(Date.parse(String(check.actual)) - asked - ms)).toBeLessThan(150);
  });
});
