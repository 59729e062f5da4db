import type { Ranges, Reader } from '../shared/database/port.ts';
import type { Table } from '../shared/database/tables.ts';
import { chooseRanges, coarseRequest, readInPieces } from '../shared/rows/reading.ts';
import { measureAll, type Row, showSeconds, timeSeconds } from './measure.ts';
import { type BenchPostgres, findBenchTable, makeOrders, startBenchPostgres } from './postgres-bench.ts';

/** One side of a full checksum, as a drill reads it: choose the ranges, then hash every row. */
const hashAll = async (reader: Reader, table: Table, content: 'values' | 'keys'): Promise<void> => {
  await hashRanges(reader, table, content, await chooseRanges(reader, table));
};

const hashRanges = (reader: Reader, table: Table, content: 'values' | 'keys', ranges: Ranges) =>
  readInPieces(reader, table, coarseRequest(content, ranges));

/** As common tools for comparing tables do. */
const md5 = `select sum(('x' || substr(md5(t::text), 1, 16))::bit(64)::bigint) from orders t`;

const record = 'select bit_xor(hash_record_extended(t, 0)) from orders t';

/** A full checksum of a PostgreSQL table, beside a count of the same rows and a hash of the rows' texts. */
export const benchChecksum = async (rows = 3_000_000, rounds = 7): Promise<Row[]> => {
  const postgres = await startBenchPostgres();
  try {
    await makeOrders(postgres, 'orders', rows);
    const onOneCore = await compareChecksum(postgres, rows, rounds, 0);
    return [...onOneCore, ...(await compareChecksum(postgres, rows, rounds, 2))];
  } finally {
    await postgres.stop();
  }
};

/** @param workers how many parallel workers a statement may use */
const compareChecksum = async (
  { client, open }: BenchPostgres,
  rows: number,
  rounds: number,
  workers: number,
): Promise<Row[]> => {
  await client.query(`alter system set max_parallel_workers_per_gather = ${workers}`);
  await client.query('select pg_reload_conf()');
  const reader = await open(1);
  const table = await findBenchTable(reader, 'orders');
  const countHeap = async (): Promise<number> => {
    await client.query('set enable_indexonlyscan = off');
    const seconds = await timeSeconds(() => client.query('select count(*) from orders'));
    await client.query('reset enable_indexonlyscan');
    return seconds;
  };
  const seen = await measureAll(rounds, {
    values: () => timeSeconds(() => hashAll(reader, table, 'values')),
    keys: () => timeSeconds(() => hashAll(reader, table, 'keys')),
    count: () => timeSeconds(() => client.query('select count(*) from orders')),
    heap: countHeap,
    md5: () => timeSeconds(() => client.query(md5)),
    record: () => timeSeconds(() => client.query(record)),
  });
  await reader.close();
  const cores = workers === 0 ? 'one core' : 'all cores';
  const row = (what: string, ours: number, other: number, otherName: string): Row => ({
    name: `${what} of ${rows / 1e6} million rows, ${cores}`,
    ours: showSeconds(ours),
    other: `${showSeconds(other)} ${otherName}`,
    ratio: other / ours,
    note: `${(ours / other).toFixed(2)} times its time, median of ${rounds}`,
  });
  return [
    row('full checksum', seen.values, seen.count, 'count(*)'),
    row('full checksum', seen.values, seen.heap, 'count(*) without an index'),
    row('full checksum', seen.values, seen.md5, "sum of md5 of the rows' texts"),
    row('full checksum', seen.values, seen.record, 'hash_record_extended alone, without ranges'),
    row('keys', seen.keys, seen.count, 'count(*)'),
  ];
};

const sampling = { ranges: 8, rows: 1000 };

/** A sampled checksum of a large table beside one of a table ten times smaller. */
export const benchSampled = async (rows = 10_000_000, rounds = 15): Promise<Row[]> => {
  const postgres = await startBenchPostgres();
  try {
    await makeOrders(postgres, 'small', rows / 10);
    await makeOrders(postgres, 'large', rows);
    const reader = await postgres.open(1);
    const [small, large] = [await findBenchTable(reader, 'small'), await findBenchTable(reader, 'large')];
    let seed = 0;
    const sample = (table: Table) =>
      timeSeconds(async () => {
        seed += 1;
        const samples = await reader.chooseSamples(table, { ...sampling, seed });
        await hashRanges(reader, table, 'values', { kind: 'samples', samples });
      });
    const seen = await measureAll(rounds, { ours: () => sample(large), other: () => sample(small) });
    await reader.close();
    return [
      {
        name: `sampled checksum of ${rows / 1e6} million rows`,
        ours: showSeconds(seen.ours),
        other: `${showSeconds(seen.other)} for ${rows / 1e7} million`,
        ratio: seen.other / seen.ours,
        note: `${(seen.ours / seen.other).toFixed(2)} times its time, median of ${rounds}`,
      },
    ];
  } finally {
    await postgres.stop();
  }
};
