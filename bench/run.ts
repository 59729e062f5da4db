import { writeFile } from 'node:fs/promises';
import { benchChecksum, benchSampled } from './checksum.ts';
import { benchColdStart } from './cold-start.ts';
import { benchCopying } from './copying.ts';
import { benchDifference } from './difference.ts';
import { benchHistory } from './history.ts';
import type { Row } from './measure.ts';
import { benchMemory } from './memory.ts';
import { benchMysqlChecksum } from './mysql-checksum.ts';
import { benchMysqlCopying } from './mysql-copying.ts';
import { type PackagedStack, packageStack } from './packaged-stack.ts';
import { benchPosture } from './posture.ts';
import { benchProbes } from './probes.ts';
import { benchSnapshotAge } from './snapshot-age.ts';
import { showRows } from './table.ts';
import { benchTables } from './tables.ts';

type Bench = (getStack: () => Promise<PackagedStack>) => Promise<Row[]>;

const benches: Record<string, Bench> = {
  checksum: () => benchChecksum(),
  sampled: () => benchSampled(),
  tables: () => benchTables(),
  'mysql-checksum': () => benchMysqlChecksum(),
  difference: () => benchDifference(),
  copying: () => benchCopying(),
  'mysql-copying': () => benchMysqlCopying(),
  memory: () => benchMemory(),
  history: () => benchHistory(),
  probes: () => benchProbes(),
  posture: () => benchPosture(),
  'snapshot-age': async (getStack) => benchSnapshotAge(await getStack()),
  'cold-start': async (getStack) => benchColdStart(await getStack()),
};

/** Runs the benches named, or all, one after the other. @returns the rows of one table */
const runBenches = async (names: string[]): Promise<Row[]> => {
  const unknown = names.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    throw new Error(`no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  }
  let stack: Promise<PackagedStack> | null = null;
  const getStack = (): Promise<PackagedStack> => {
    stack ??= packageStack();
    return stack;
  };
  try {
    const rows: Row[] = [];
    for (const [name, bench] of Object.entries(benches)) {
      if (names.length === 0 || names.includes(name)) rows.push(...(await bench(getStack)));
    }
    return rows;
  } finally {
    await ((await stack) as PackagedStack | null)?.remove();
  }
};

const rows = await runBenches(process.argv.slice(2));
console.log(showRows(rows));
await writeFile('bench-results.json', `${JSON.stringify({ at: new Date().toISOString(), rows }, null, 2)}\n`);
