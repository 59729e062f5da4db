import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { bundleAsForLambda, readNodeOptions } from './as-in-lambda.ts';
import type { FoundRows } from './find-rows.ts';
import { diffByMd5, type Md5Side } from './md5-bisection.ts';
import { measureAll, type Row, runScript, showSeconds, timeSeconds } from './measure.ts';
import { type BenchPostgres, makeOrders, startBenchPostgres } from './postgres-bench.ts';

/** How many rows differ in all, and which rows come to differ, of a table of this many. */
const stepsOf = (rows: number): { differing: number; where: string }[] => [
  { differing: 0, where: 'false' },
  { differing: 10, where: `id % ${rows / 10} = 7` },
  { differing: 30_000, where: `id % ${rows / 30_000} = 7 and id % ${rows / 10} <> 7` },
  { differing: rows / 2, where: `id % 2 = 1 and id % ${rows / 30_000} <> 7` },
];

const columns = ['customer_id', 'status', 'amount', 'placed_at', 'note', 'reference'];

/** All keys that differ between two databases, beside the method of reladiff: an md5 of each row, and bisection. */
export const benchDifference = async (rows = 3_000_000, rounds = 3): Promise<Row[]> => {
  const postgres = await startBenchPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'aurora-drills-difference-'));
  try {
    const module = await bundleAsForLambda('find-rows.ts', folder);
    const copy = await copyOrders(postgres, rows);
    const sides: [Md5Side, Md5Side] = [
      { client: postgres.client, table: 'orders', columns },
      { client: copy, table: 'orders', columns },
    ];
    const measured: Row[] = [];
    for (const { differing, where } of stepsOf(rows)) {
      await copy.query(`update orders set amount = amount + 1 where ${where}`);
      await copy.query('vacuum analyze orders');
      measured.push(await compare(postgres, module, sides, { rows, differing, rounds }));
    }
    await copy.end();
    return measured;
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true });
  }
};

const copyOrders = async (postgres: BenchPostgres, rows: number): Promise<pg.Client> => {
  await postgres.client.query('create database copy');
  const { host, port, user } = postgres.address;
  const client = new pg.Client({ host, port, user, password: postgres.password, database: 'copy' });
  await client.connect();
  await makeOrders(postgres, 'orders', rows);
  await makeOrders({ ...postgres, client }, 'orders', rows);
  return client;
};

const compare = async (
  { address, password }: BenchPostgres,
  module: string,
  sides: [Md5Side, Md5Side],
  { rows, differing, rounds }: { rows: number; differing: number; rounds: number },
): Promise<Row> => {
  const order = JSON.stringify({ addresses: [address, { ...address, database: 'copy' }], password });
  const env = { NODE_OPTIONS: await readNodeOptions('VerifyRestore') };
  let mb = 0;
  const seen = await measureAll(rounds, {
    ours: async () => {
      const found = JSON.parse(await runScript(module, [order], env)) as FoundRows;
      assertAll('we', found.keys, differing);
      mb = Math.max(mb, found.mb);
      return found.seconds;
    },
    other: () => timeSeconds(async () => assertAll('md5', (await diffByMd5(...sides)).length, differing)),
  });
  return {
    name: `keys of ${differing.toLocaleString('en-US')} rows that differ, of ${rows / 1e6} million`,
    ours: showSeconds(seen.ours),
    other: `${showSeconds(seen.other)} md5 and bisection`,
    ratio: seen.other / seen.ours,
    note: `${mb.toFixed(0)} MB at most, of 150 wanted; median of ${rounds}`,
  };
};

const assertAll = (who: string, keys: number, differing: number): void => {
  if (keys !== differing) throw new Error(`${who} found ${keys} keys, and ${differing} differ`);
};
