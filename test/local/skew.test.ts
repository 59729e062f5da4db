import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BinlogPlace, readPlace } from '../../local/servers/binlog-archive.ts';
import type { RestorePoint } from '../../local/servers/cluster.ts';
import { mysqlEngine } from '../../local/sources/mysql.ts';
import { postgresEngine } from '../../local/sources/postgres.ts';
import type { CheckResult } from '../../shared/truth/checks.ts';
import { type Captured, startDrilledSource } from './drilled-source.ts';
import { repeat } from './hostile/writers.ts';
import { hasMariadb } from './mariadb.ts';
import { until } from './world.ts';

const bracketMs = 2000;
/** Of the copy against the instant asked for, in milliseconds. */
const inside = [0, -50, 500, -1000, 2000, -2000];
const outside = [5000, -5000];
/** How long the writers write before a baseline, and after its instant. */
const marginMs = 6000;

const timeOf = (checks: readonly CheckResult[]) => checks.filter(({ name }) => name === 'restored time');
const failedOf = (checks: readonly CheckResult[]) =>
  checks.filter(({ verdict }) => verdict === 'failed').map(({ name }) => name);

type Skewed = {
  captured: Captured;
  /** Restores to so many milliseconds after the instant. @returns how many it really was, and the findings */
  restore(ms: number): Promise<{ reallyMs: number; checks: CheckResult[] }>;
  close(): Promise<void>;
};

const whileWriting = async <Answer>(
  write: () => Promise<unknown>,
  use: () => Promise<Answer>,
): Promise<Answer> => {
  const stop = repeat(async () => {
    await write();
    await sleep(10);
  });
  try {
    return await use();
  } finally {
    await stop();
  }
};

const onPostgres = async (): Promise<Skewed> => {
  const engine = postgresEngine(async (client) => {
    await client.query('create table a (id bigserial primary key, v int); create table b as select * from a');
  });
  const world = await startDrilledSource('postgres', engine, { bracketMs });
  const writer = await world.source.connect();
  const write = () =>
    writer.query('with one as (insert into a (v) values (1) returning *) insert into b select * from one');
  const captured = await whileWriting(write, async () => {
    await sleep(marginMs);
    const found = await world.capture();
    const latest = Date.parse(found.bracket.instant) + marginMs;
    await until(
      async () => world.source.latestRestorableTime(),
      (time) => Date.parse(time) > latest,
    );
    return found;
  });
  await writer.end();
  return {
    captured,
    restore: async (ms) => {
      const restoreTo = new Date(Date.parse(captured.bracket.instant) + ms).toISOString();
      return {
        reallyMs: ms,
        checks: await world.restore(captured, null, { kind: 'point-in-time', restoreTo }),
      };
    },
    close: world.close,
  };
};

/** MariaDB restores to a whole second, but to any place in its log. */
const onMariadb = async (): Promise<Skewed> => {
  const engine = mysqlEngine(async ({ connection }) => {
    await connection.query('create table a (id bigint auto_increment primary key, v int) engine = InnoDB');
    await connection.query('create table b (id bigint auto_increment primary key, v int) engine = InnoDB');
  });
  const world = await startDrilledSource('mysql', engine, { bracketMs });
  const [writer, looker] = [await world.source.connect(), await world.source.connect()];
  const places: { atMs: number; place: BinlogPlace }[] = [];
  const write = async () => {
    await writer.query('insert into a (v) values (1)');
    await writer.query('insert into b (v) values (1)');
    places.push({ place: await readPlace(looker), atMs: Date.now() });
  };
  const captured = await whileWriting(write, async () => {
    await sleep(marginMs);
    const found = await world.capture();
    await until(
      async () => Date.now(),
      (now) => now > Date.parse(found.bracket.instant) + marginMs,
    );
    return found;
  });
  await world.source.markPlace();
  await Promise.all([writer.end(), looker.end()]);
  return {
    captured,
    restore: async (ms) => {
      const zero = Date.parse(captured.bracket.instant);
      const found = places.find(({ atMs }) => atMs >= zero + ms);
      if (found === undefined) throw new Error(`nothing was written ${ms} ms after the instant`);
      const place = { archive: world.source.archive, point: { kind: 'clone', place: found.place } };
      const point: RestorePoint = { kind: 'clone', place };
      return { reallyMs: found.atMs - zero, checks: await world.restore(captured, null, point) };
    },
    close: world.close,
  };
};

const machines: [string, boolean, () => Promise<Skewed>][] = [
  ['PostgreSQL', true, onPostgres],
  ['MariaDB', hasMariadb, onMariadb],
];

const worlds = new Map<string, Skewed>();
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

describe.each(machines)('copies of another time than asked for: %s', (name, isHere) => {
  const restore = async (ms: number) => {
    const world = worlds.get(name);
    if (world === undefined) throw new Error(`${name} was not started`);
    const { reallyMs, checks } = await world.restore(ms);
    const placedMs =
      Date.parse(String(timeOf(checks)[0]?.actual)) - Date.parse(world.captured.bracket.instant);
    const [, seconds = 0] = /give or take ([\d.]+) s/.exec(timeOf(checks)[0]?.reason ?? '') ?? [];
    return { checks, placedMs, errorMs: Math.abs(placedMs - reallyMs), tolerance: 1000 * Number(seconds) };
  };

  test.skipIf(!isHere).each(inside)('%i ms: passes, and is measured within 100 ms', async (ms) => {
    const { checks, errorMs, tolerance } = await restore(ms);
    expect(failedOf(checks)).toEqual([]);
    // On a machine that is busy with other things, looks are farther apart, and say so.
    expect(errorMs).toBeLessThanOrEqual(Math.max(100, tolerance + 20));
  });

  test.skipIf(!isHere).each(outside)('%i ms: fails with one finding', async (ms) => {
    const { checks, placedMs } = await restore(ms);
    expect(failedOf(checks)).toEqual(['restored time']);
    expect(timeOf(checks)[0]?.reason).toContain('restored to another time than asked');
    // Nobody looked at production then: its rate of before tells roughly.
    expect(Math.sign(placedMs)).toBe(Math.sign(ms));
    expect(Math.abs(placedMs)).toBeGreaterThan(bracketMs);
  });
});
