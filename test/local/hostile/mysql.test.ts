import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mysqlEngine } from '../../../local/sources/mysql.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { startDrilledSource } from '../drilled-source.ts';
import { hasMariadb } from '../mariadb.ts';
import { drillUnderWriters, repeat } from './writers.ts';

const numbers = (most: number): string => `select seq, seq from seq_1_to_${most}`;
const create = (name: string): string => `create table ${name} (id int primary key, v int) engine = InnoDB`;

/**
 * `quiet` and `told` stand still beside the writers, so they have to be verified in every drill. Each has columns that no
 * other table has: of tables with the same columns, two may have been swapped.
 */
const setUp = [
  ...['quiet', 'staging', 'instant', 'copied', 'swap_a', 'swap_b', 'told'].map(create),
  `create table parted (id int primary key, v int) engine = InnoDB
     partition by range (id) (partition p0 values less than (100), partition p1 values less than (200))`,
  `insert into quiet ${numbers(500)}`,
  'alter table quiet add column only_here int default 1',
  'alter table told add column also_here varchar(10)',
  `insert into told select seq, seq, 'told' from seq_1_to_50`,
  `insert into instant ${numbers(500)}`,
  `insert into copied ${numbers(500)}`,
  `insert into swap_a ${numbers(300)}`,
  `insert into swap_b ${numbers(200)}`,
  `insert into parted ${numbers(199)}`,
];

const swap = 'rename table swap_a to swap_c, swap_b to swap_a, swap_c to swap_b';
/** What was done is there for a moment. */
const stay = 'do sleep(0.1)';

/** Each is one round of one writer. */
const writers: Record<string, (round: number) => string[]> = {
  'a staging table is truncated and refilled': () => [
    'truncate staging',
    `insert into staging ${numbers(500)}`,
  ],
  'columns come and go, instantly': () => [
    'alter table instant add column extra int default 1, algorithm = instant',
    stay,
    'alter table instant drop column extra',
  ],
  'a table is copied': () => ['alter table copied engine = InnoDB, algorithm = copy'],
  'two tables are swapped, and swapped back': () => [swap, stay, swap],
  'partitions come and go': () => [
    'alter table parted add partition (partition p2 values less than (300))',
    'alter table parted drop partition p2',
    'alter table parted truncate partition p1',
    `insert into parted select seq, seq from seq_100_to_199`,
  ],
  'tables come and go': (round) => [create(`passing_${round % 3}`), stay, `drop table passing_${round % 3}`],
  'a table is dropped and made again': () => ['drop table if exists again', stay, create('again')],
  'events come and go': () => [
    'create event telling on schedule every 1 hour do delete from told',
    stay,
    'drop event telling',
  ],
};

const rounds = 10;

describe.skipIf(!hasMariadb)('ordinary hostile writers on MariaDB, all at once', () => {
  let world: Awaited<ReturnType<typeof start>>;
  const start = () =>
    startDrilledSource(
      'mysql',
      mysqlEngine(async ({ connection }) => {
        for (const sql of setUp) await connection.query(sql);
      }),
    );
  let drills: CheckResult[][] = [];
  let ends: PromiseSettledResult<void>[] = [];

  beforeAll(async () => {
    world = await start();
    const stops: (() => Promise<void>)[] = [];
    for (const write of Object.values(writers)) {
      const connection = await world.source.connect();
      const stop = repeat(async (round) => {
        for (const sql of write(round)) await connection.query(sql);
        // A copy replays all of it, so nobody writes without a pause.
        await connection.query('select sleep(0.5)');
      });
      stops.push(() => stop().finally(() => connection.end()));
    }
    ({ drills, ends } = await drillUnderWriters(world, rounds, stops));
  });
  afterAll(async () => {
    await world?.close();
  });

  test('every writer wrote until the last baseline was read', () => {
    expect(ends).toHaveLength(Object.keys(writers).length);
    expect(ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []))).toEqual([]);
  });

  test(`${rounds} drills: none fails`, () => {
    const failed = drills.flatMap((checks) => checks.filter(({ verdict }) => verdict === 'failed'));
    expect(failed.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([]);
  });

  test.each(['quiet', 'told'])('%s, which nobody writes to: verified in every drill', (table) => {
    const still = drills.map((checks) => checks.filter((check) => check.table === `app.${table}`));
    expect(still.map((checks) => checks.map(({ verdict }) => verdict))).toEqual(
      drills.map(() => ['passed', 'passed', 'passed']),
    );
  });

  const rewritten = 'truncated, rewrote or replaced';
  test.each(['staging', 'instant', 'copied', 'swap_a', 'swap_b', 'parted'])(
    '%s: its rows are skipped in some drill, and say why',
    (table) => {
      const rows = drills.flat().filter((check) => check.name === `rows app.${table}`);
      const skipped = rows.filter(({ verdict }) => verdict === 'skipped');
      expect(skipped.some(({ reason }) => reason.includes(rewritten))).toBe(true);
    },
  );

  test('no reading waited in vain for a lock, and none lost its snapshot', () => {
    const reasons = drills.flatMap((checks) => checks.map(({ reason }) => reason));
    expect(reasons.filter((reason) => /Lock wait timeout|snapshot/.test(reason))).toEqual([]);
  });
});
