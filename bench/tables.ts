import type { Reader } from '../shared/database/port.ts';
import { countTable } from '../shared/rows/reading.ts';
import { measureAll, type Row, showSeconds, timeSeconds } from './measure.ts';
import { findBenchTable, makeOrders, startBenchPostgres } from './postgres-bench.ts';

const tables = 8;

/** Counts equal tables with two sessions, with one, and with bare statements. */
export const benchTables = async (rows = 1_000_000, rounds = 9): Promise<Row[]> => {
  const postgres = await startBenchPostgres();
  try {
    const { client } = postgres;
    const names = Array.from({ length: tables }, (_, index) => `orders_${index}`);
    // A statement that uses both cores would hide the effect of a second session.
    for (const name of names) await makeOrders(postgres, name, rows, 'with (parallel_workers = 0)');
    const [one, two] = [await postgres.open(1), await postgres.open(2)];
    const countWith = async (reader: Reader) => {
      const found = await Promise.all(names.map((name) => findBenchTable(reader, name)));
      return () => timeSeconds(() => Promise.all(found.map((table) => countTable(reader, table))));
    };
    const bare = () =>
      timeSeconds(async () => {
        for (const name of names) await client.query(`select count(*) from only public.${name}`);
      });
    const seen = await measureAll(rounds, { one: await countWith(one), two: await countWith(two), bare });
    await Promise.all([one.close(), two.close()]);
    const name = `counting ${tables} tables of ${rows / 1e6} million rows`;
    return [
      {
        name: `${name}, two sessions`,
        ours: showSeconds(seen.two),
        other: `${showSeconds(seen.one)} with one session`,
        ratio: seen.one / seen.two,
        note: `${(seen.two / seen.one).toFixed(2)} of its time, median of ${rounds}`,
      },
      {
        name: `${name}, one session`,
        ours: showSeconds(seen.one),
        other: `${showSeconds(seen.bare)} the bare statements`,
        ratio: seen.bare / seen.one,
        note: `${((seen.one / seen.bare - 1) * 100).toFixed(1)} % more, median of ${rounds}`,
      },
    ];
  } finally {
    await postgres.stop();
  }
};
