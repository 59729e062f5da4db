import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { postgresProbing } from '../shared/probing/postgres/server.ts';
import { measureChange } from '../shared/probing/run.ts';
import { measureAll, median, type Row } from './measure.ts';
import { type BenchPostgres, makeOrders, startBenchPostgres } from './postgres-bench.ts';

const table = 'public.orders';

/**
 * How many rows a busy backend writes with the table under probes and without, and how much of the machine the backends of the
 * probes take. Both count the time of the processor, and not of the clock: others may use this machine too.
 */
export const benchProbes = async (rows = 100_000, rounds = 15, seconds = 1): Promise<Row[]> => {
  const postgres = await startBenchPostgres();
  try {
    await makeOrders(postgres, 'orders', rows);
    const load = await startWriting(postgres, rows);
    const busy: number[] = [];
    const countWrites = async (): Promise<number> => {
      const before = [await load.countWrites(), await readCpuMs(postgres, 'writer')] as const;
      const probesBefore = await readCpuMs(postgres, 'aurora-drills');
      await sleep(seconds * 1000);
      busy.push(((await readCpuMs(postgres, 'aurora-drills')) - probesBefore) / seconds);
      const cpuMs = (await readCpuMs(postgres, 'writer')) - before[1];
      return ((await load.countWrites()) - before[0]) / (cpuMs / 1000);
    };
    const seen = await measureAll(rounds, {
      bare: countWrites,
      probed: () => underProbes(postgres, seconds, countWrites),
    });
    await load.stop();
    const cores = availableParallelism();
    // Every other one without probes.
    const cpuMs = median(busy.filter((_, index) => index % 2 === 1));
    return [
      {
        name: 'writes of one backend as fast as it can, its table under the probes of a rehearsal',
        ours: `${Math.round(seen.probed)} a second`,
        other: `${Math.round(seen.bare)} without probes`,
        ratio: seen.probed / seen.bare,
        note: `${((1 - seen.probed / seen.bare) * 100).toFixed(1)} % fewer in a second of its processor, median of ${rounds}`,
      },
      {
        name: 'time of the processor that the backends of the probes take',
        ours: `${cpuMs.toFixed(0)} ms a second`,
        other: `${cores * 1000} ms that ${cores} cores have`,
        ratio: (cores * 1000) / cpuMs,
        note: `${((cpuMs / cores / 1000) * 100).toFixed(1)} % for one table, median of ${rounds}`,
      },
    ];
  } finally {
    await postgres.stop();
  }
};

/** Measures while a change that does nothing is rehearsed. */
const underProbes = async (
  { address, password }: BenchPostgres,
  seconds: number,
  measure: () => Promise<number>,
): Promise<number> => {
  const target = { ...address, ip: address.host };
  const server = await postgresProbing(async () => ({ password, ssl: false })).open(target);
  const beginMs = 300;
  const sql = `select pg_sleep(${seconds + (2 * beginMs) / 1000})`;
  const statements = [{ number: 1, line: 1, sql, isInTransaction: false, tables: [table] }];
  try {
    const rehearsal = measureChange(
      server,
      { statements, lockTimeoutMs: null },
      {
        contenderSeconds: 0,
        deadlineMs: 600_000,
        nowMs: () => performance.now(),
        sleep: (ms) => sleep(ms),
      },
    );
    await sleep(beginMs);
    const answer = await measure();
    await rehearsal;
    return answer;
  } finally {
    await server.close();
  }
};

/** What the sessions of this name have used of the processors. Linux counts it in hundredths of a second. */
const readCpuMs = async ({ client }: BenchPostgres, name: string): Promise<number> => {
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity where application_name = '${name}'`,
  );
  const ticks = rows.map(async ({ pid }) => {
    const afterName = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
    return Number(afterName[11]) + Number(afterName[12]);
  });
  return (await Promise.all(ticks)).reduce((sum, one) => sum + one, 0) * 10;
};

/** Writes as fast as one backend can, inside the server and in memory: far more than an application does. */
const startWriting = async (
  { client, address: { host, port, user, database }, password }: BenchPostgres,
  rows: number,
): Promise<{ countWrites(): Promise<number>; stop(): Promise<void> }> => {
  const writer = new pg.Client({ host, port, user, password, database });
  writer.on('error', () => {});
  await writer.connect();
  await client.query('create sequence written');
  await writer.query(`set application_name = 'writer'`);
  const writing = writer.query(`
    do $$ declare number bigint; begin
      loop
        number := nextval('written');
        update ${table} set amount = amount + 1 where id = 1 + number * 7919 % ${rows};
        commit;
      end loop;
    end $$`);
  const ended = writing.catch(() => {});
  return {
    countWrites: async () =>
      Number((await client.query<{ last: string }>('select last_value as last from written')).rows[0]?.last),
    stop: async () => {
      await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'writer'`,
      );
      await ended;
      await writer.end().catch(() => {});
    },
  };
};
