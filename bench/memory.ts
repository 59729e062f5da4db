import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleAsForLambda, readNodeOptions } from './as-in-lambda.ts';
import { type Row, runScript, showSeconds } from './measure.ts';
import { makeOrders, startBenchPostgres } from './postgres-bench.ts';
import type { ReadCheck } from './read-table.ts';

type Run = { baselineMb: number; verificationMb: number; seconds: number; checks: ReadCheck[] };

/** Rows changed in each round, all over the table, so that every range must be read bucket by bucket. */
const changesPerRound = 50;
const roundEveryMs = 50;

/** Both functions that read a large table under writes, each in its own process, bundled as for Lambda. */
export const benchMemory = async (rows = 10_000_000): Promise<Row[]> => {
  const postgres = await startBenchPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'aurora-drills-memory-'));
  try {
    const { client, address, password } = postgres;
    await makeOrders(postgres, 'orders', rows);
    const module = await bundleAsForLambda('read-table.ts', folder);
    let isOver = false;
    const writing = (async () => {
      while (!isOver) {
        await client.query(
          `update orders set customer_id = customer_id + 1
            where id in (select (random() * ${rows - 1})::bigint + 1 from generate_series(1, ${changesPerRound}))`,
        );
        await sleep(roundEveryMs);
      }
    })();
    const printed = await runScript(module, [JSON.stringify({ address, password })], {
      NODE_OPTIONS: await readNodeOptions('CaptureBaseline'),
    });
    isOver = true;
    await writing;
    const { baselineMb, verificationMb, seconds, checks } = JSON.parse(printed) as Run;
    const said = checks.map(({ kind, verdict, reason }) => `${kind} ${verdict}: ${reason}`);
    const note = [...said, `${showSeconds(seconds)} in all`].join('; ');
    const row = (what: string, mb: number): Row => ({
      name: `memory of ${what}, ${rows / 1e6} million rows, about 1,000 changes a second`,
      ours: `${mb.toFixed(0)} MB at most`,
      other: '150 MB wanted',
      ratio: 150 / mb,
      note,
    });
    return [row('CaptureBaseline', baselineMb), row('VerifyRestore', verificationMb)];
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
};
