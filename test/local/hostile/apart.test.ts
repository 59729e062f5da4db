import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faults } from '../../../local/faults/catalog.ts';
import type { EngineName } from '../../../local/servers/engine-name.ts';
import { mysqlEngine } from '../../../local/sources/mysql.ts';
import { postgresEngine } from '../../../local/sources/postgres.ts';
import type { Engine, Source } from '../../../local/sources/source.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { type Captured, startDrilledSource } from '../drilled-source.ts';
import { hasMariadb } from '../mariadb.ts';
import { repeat } from './writers.ts';

type Client = { query(sql: string): Promise<unknown>; end(): Promise<void> };
type Connecting = Source & { connect(): Promise<Client> };

type Hostile = { engine: EngineName; source: Engine<Connecting>; writers: ((round: number) => string[])[] };

const postgres: Hostile = {
  engine: 'postgres',
  source: postgresEngine(async (client) => {
    await client.query(`
      create table quiet (id int primary key, v int, note text);
      insert into quiet select n, n, 'still ' || n from generate_series(1, 25000) n;
      create index quiet_v on quiet (v);
      create table busy (id bigint generated always as identity primary key, v int);
      insert into busy (v) select n from generate_series(1, 20000) n;
      create table queue (id bigint generated always as identity primary key, v int);
      create table toggled (id int primary key, is_on bool);
      insert into toggled select n, false from generate_series(1, 300) n;
      create table reborn (id int primary key, v int);
      insert into reborn select n, n from generate_series(1, 200) n;
      create table staging (id int primary key, v int);
      create table columned (id int primary key, v int);
      insert into columned select n, n from generate_series(1, 500) n;
      create table keyless (v int);
      insert into keyless select n % 10 from generate_series(1, 500) n;
      create view seen as select 1 as a`);
  }),
  writers: [
    (round) => [
      'insert into busy (v) select 1 from generate_series(1, 5)',
      `update busy set v = v + 1 where id = ${1 + ((round * 7919) % 20_000)}`,
      `delete from busy where id = ${1 + ((round * 104_729) % 20_000)}`,
    ],
    () => [
      'insert into queue (v) select 1 from generate_series(1, 5)',
      'select pg_sleep(0.05)',
      'delete from queue',
    ],
    (round) => [
      `update toggled set is_on = true where id = ${1 + (round % 300)}`,
      'select pg_sleep(0.05)',
      `update toggled set is_on = false where id = ${1 + (round % 300)}`,
    ],
    (round) => [
      `delete from reborn where id = ${1 + (round % 200)}`,
      `insert into reborn values (${1 + (round % 200)}, ${1 + (round % 200)})`,
    ],
    () => ['begin; truncate staging; insert into staging select n, n from generate_series(1, 500) n; commit'],
    () => [
      'alter table columned add column extra int',
      'select pg_sleep(0.05)',
      'alter table columned drop column extra',
    ],
    (round) => [`create table passing_${round % 3} (a int)`, `drop table passing_${round % 3}`],
    (round) => [
      `insert into keyless values (${round % 10})`,
      `delete from keyless where ctid = (select min(ctid) from keyless)`,
    ],
    () => [
      'create or replace view seen as select 2 as a',
      'select pg_sleep(0.05)',
      'create or replace view seen as select 1 as a',
    ],
  ],
};

const sleepMysql = 'do sleep(0.05)';
const mysql: Hostile = {
  engine: 'mysql',
  source: mysqlEngine(async ({ connection }) => {
    for (const sql of [
      'create table quiet (id int primary key, v int, note varchar(20), key quiet_v (v)) engine = InnoDB',
      `insert into quiet select seq, seq, concat('still ', seq) from seq_1_to_5000`,
      'create table busy (id bigint auto_increment primary key, v int) engine = InnoDB',
      'insert into busy (v) select seq from seq_1_to_4000',
      'create table queue (id bigint auto_increment primary key, w int, x int) engine = InnoDB',
      'insert into queue (w) values (1)',
      'create table columned (id int primary key, c int, d int, e int) engine = InnoDB',
      'insert into columned select seq, seq, 1, 1 from seq_1_to_500',
      'create table logged (id bigint auto_increment primary key, y int) engine = InnoDB',
      'create table keyless (k int, l int) engine = InnoDB',
      'insert into keyless select seq % 10, 1 from seq_1_to_500',
      'create view seen as select 1 as a',
    ])
      await connection.query(sql);
  }),
  writers: [
    (round) => [
      'insert into busy (v) values (1), (2), (3)',
      'insert into logged (y) values (1)',
      `update busy set v = v + 1 where id = ${1 + ((round * 7919) % 4000)}`,
      `delete from busy where id = ${1 + ((round * 104_729) % 4000)}`,
    ],
    () => ['insert into queue (w) values (1), (2), (3), (4)', sleepMysql, 'delete from queue where id > 1'],
    () => ['alter table columned add column extra int', sleepMysql, 'alter table columned drop column extra'],
    (round) => [
      `create table passing_${round % 3} (a int, b int) engine = InnoDB`,
      sleepMysql,
      `drop table passing_${round % 3}`,
    ],
    (round) => [`insert into keyless values (${round + 10}, 2)`],
    () => [
      'create or replace view seen as select 2 as a',
      sleepMysql,
      'create or replace view seen as select 1 as a',
    ],
  ],
};

const rounds = 2;

/** Each fault, and the first check that has to find it. */
const expected = {
  'lost-rows': 'rows',
  'swapped-rows': 'checksum',
};

const namesOf = (checks: CheckResult[]) =>
  checks.flatMap(({ name, verdict, reason }) => (verdict === 'failed' ? [`${name}: ${reason}`] : []));

describe.each([postgres, ...(hasMariadb ? [mysql] : [])])(
  '$engine, read before and after a snapshot is taken, while hostile writers write',
  ({ engine, source, writers }) => {
    let world: Awaited<ReturnType<typeof startDrilledSource<Connecting>>>;
    let captured: Captured[] = [];

    beforeAll(async () => {
      world = await startDrilledSource(engine, source);
      const clients = await Promise.all(writers.map(() => world.source.connect()));
      const stops = writers.map((write, index) =>
        repeat(async (round) => {
          for (const sql of write(round)) await clients[index]?.query(sql);
          await sleep(100);
        }),
      );
      const apart = Array.from({ length: rounds }, (_, round) => world.captureApart(2000 + 500 * round));
      captured = await Promise.all(apart);
      await Promise.all(stops.map((stop) => stop()));
      await Promise.all(clients.map((client) => client.end()));
    });
    afterAll(async () => {
      await world?.close();
    });

    test('copies of instants in between: no check fails, and what stood still is verified', async () => {
      const drills: CheckResult[][] = [];
      for (const one of captured) drills.push(await world.restore(one, null));
      expect(drills.flatMap(namesOf)).toEqual([]);
      const still = drills.map((checks) => checks.filter(({ table }) => table?.endsWith('.quiet')));
      expect(still.map((checks) => checks.map(({ verdict }) => verdict))).toEqual(
        captured.map(() => ['passed', 'passed', 'passed']),
      );
      const busy = drills.flat().filter(({ name }) => /^(rows|checksum) .*\.(busy|queue)$/.test(name));
      expect(busy.map(({ verdict }) => verdict)).toContain('passed');
    });

    test.each(Object.entries(expected))('a copy with the fault %s: "%s" fails', async (name, check) => {
      const fault = faults.find((one) => one.name === name);
      const [first] = captured;
      if (fault === undefined || first === undefined) throw new Error('there is nothing to restore');
      expect(namesOf(await world.restore(first, fault))[0]).toMatch(new RegExp(`^${check} ?`));
    });
  },
);
