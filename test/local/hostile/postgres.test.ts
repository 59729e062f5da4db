import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresEngine } from '../../../local/sources/postgres.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { startDrilledSource } from '../drilled-source.ts';
import { drillUnderWriters, repeat } from './writers.ts';

/** What stands still beside the writers: it has to be verified in every drill. */
const quiet =
  'create table quiet as select n as id, n as v from generate_series(1, 500) n; alter table quiet add primary key (id);';

const setUp = `${quiet}
  create table staging (id int primary key, v int);
  create table ddl (id int primary key, v int);
  insert into ddl select n, n from generate_series(1, 2000) n;
  create table columned as select * from ddl;
  create table renamed_a (id int primary key, v int);
  insert into renamed_a select n, n from generate_series(1, 300) n;
  create table rotated (id int, v int) partition by range (id);
  create table rotated_1 partition of rotated for values from (0) to (100);
  create table rotated_2 partition of rotated for values from (100) to (200);
  insert into rotated select n, n from generate_series(0, 199) n;
  create table rewritten (id int primary key, v int);
  insert into rewritten select n, n from generate_series(1, 2000) n;
  create table queue (id bigint generated always as identity primary key, v int);
  create table reborn (id int primary key, v int);
  insert into reborn select n, n from generate_series(1, 200) n;
  create table keys (id int primary key, v int);
  insert into keys select n * 2, n from generate_series(1, 200) n;
  create table bursts (id bigint generated always as identity primary key, v int);
  create materialized view counted as select count(*) from ddl;
  create sequence tickets;
  create sequence restarted;
  create table numbered (id bigint generated always as identity, v int);`;

/** Each is one round of one writer; a round is one or several statements, each its own transaction. */
const writers: Record<string, (round: number) => string[]> = {
  'a staging table is truncated and refilled in one transaction': () => [
    'begin; truncate staging; insert into staging select n, n from generate_series(1, 2000) n; commit',
  ],
  'indexes come and go, concurrently and not': () => [
    'create index ddl_v on ddl (v)',
    'drop index ddl_v',
    'create index concurrently ddl_w on ddl (v)',
    'drop index concurrently ddl_w',
  ],
  'tables come and go': (round) => [
    `create table passing_${round % 3} as select 1 as a`,
    `drop table passing_${round % 3}`,
  ],
  'columns come and go': () => [
    'alter table columned add column extra int default 1',
    'alter table columned drop column extra',
  ],
  'a table is renamed to and fro': () => [
    'alter table renamed_a rename to renamed_b',
    'alter table renamed_b rename to renamed_a',
  ],
  'partitions are detached and attached': () => [
    'alter table rotated detach partition rotated_2',
    'alter table rotated attach partition rotated_2 for values from (100) to (200)',
  ],
  'tables are rewritten': () => [
    'vacuum full rewritten',
    'cluster rewritten using rewritten_pkey',
    'reindex table rewritten',
  ],
  'rows come and go, as in a queue': () => [
    'insert into queue (v) select 1 from generate_series(1, 5)',
    'delete from queue',
  ],
  'rows are deleted and written again': (round) => [
    `delete from reborn where id = ${1 + (round % 200)}`,
    `insert into reborn values (${1 + (round % 200)}, ${1 + (round % 200)})`,
  ],
  'keys change and change back': (round) => [
    `update keys set id = id + 1 where id = ${2 + 2 * (round % 200)}`,
    `update keys set id = id - 1 where id = ${3 + 2 * (round % 200)}`,
  ],
  'sequences are used, rolled back, restarted, altered and set back': (round) => [
    `begin; select nextval('tickets') from generate_series(1, 40); rollback`,
    `select nextval('tickets') from generate_series(1, 40)`,
    `alter sequence restarted restart with ${1 + (round % 7)} increment ${1 + (round % 2)}`,
    `select nextval('restarted') from generate_series(1, 5)`,
    'insert into numbered (v) select 1 from generate_series(1, 3)',
    'truncate numbered restart identity',
  ],
  'bursts in savepoints, a prepared look, and a refresh': () => [
    'begin; savepoint a; insert into bursts (v) select 1 from generate_series(1, 200); rollback to a; insert into bursts (v) values (2); release a; commit',
    'begin isolation level serializable; select count(*) from bursts; insert into bursts (v) values (3); commit',
    'refresh materialized view counted',
  ],
};

const rounds = 10;

describe('ordinary hostile writers on PostgreSQL, all at once', () => {
  let world: Awaited<ReturnType<typeof start>>;
  const start = () =>
    startDrilledSource(
      'postgres',
      postgresEngine(async (client) => void (await client.query(setUp))),
      { bracketMs: 1000 },
    );
  let drills: CheckResult[][] = [];
  let ends: PromiseSettledResult<void>[] = [];

  beforeAll(async () => {
    world = await start();
    const stops: (() => Promise<void>)[] = [];
    for (const write of Object.values(writers)) {
      const client = await world.source.connect();
      const stop = repeat(async (round) => {
        for (const sql of write(round)) await client.query(sql);
        // A copy replays all of it, so nobody writes without a pause.
        await client.query('select pg_sleep(0.1)');
      });
      stops.push(() => stop().finally(() => client.end()));
    }
    ({ drills, ends } = await drillUnderWriters(world, rounds, stops));
  });
  afterAll(async () => {
    await world?.close();
  });

  test('every writer wrote until the last baseline was read', () => {
    expect(ends).toHaveLength(Object.keys(writers).length);
    const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    expect(reasons.map(({ message, detail }) => `${message}: ${detail}`)).toEqual([]);
  });

  test(`${rounds} drills: none fails`, () => {
    const failed = drills.flatMap((checks) => checks.filter(({ verdict }) => verdict === 'failed'));
    expect(failed.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([]);
  });

  test('the table that nobody writes to: verified in every drill', () => {
    const still = drills.map((checks) => checks.filter(({ table }) => table === 'public.quiet'));
    expect(still.map((checks) => checks.map(({ verdict }) => verdict))).toEqual(
      drills.map(() => ['passed', 'passed', 'passed']),
    );
  });

  test('a sequence that only goes on: judged in every drill, and not one that is restarted', () => {
    const positions = drills.flat().filter(({ name }) => name === 'positions');
    expect(positions.map(({ verdict }) => verdict)).toEqual(drills.map(() => 'passed'));
    expect(positions.some(({ reason }) => reason.includes('public.restarted'))).toBe(true);
    expect(positions.some(({ reason }) => reason.includes('public.tickets'))).toBe(false);
  });

  test.each([
    ['staging', 'rows', 'truncated, rewrote or replaced'],
    ['rotated', 'rows', 'truncated, rewrote or replaced'],
  ])('%s: its %s are skipped in some drill, and say why', (table, kind, reason) => {
    const found = drills.flat().filter((check) => check.table === `public.${table}` && check.kind === kind);
    const skipped = found.filter(({ verdict }) => verdict === 'skipped');
    expect(skipped.some((check) => check.reason.includes(reason))).toBe(true);
  });
});
