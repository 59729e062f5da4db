import { writeFile } from 'node:fs/promises';
import { benchColdStart } from './cold-start.ts';
import type { Row } from './measure.ts';
import { type PackagedStack, packageStack } from './packaged-stack.ts';
import { benchSnapshotAge } from './snapshot-age.ts';

const benches: Record<string, (stack: PackagedStack) => Promise<Row[]>> = {
  'snapshot-age': benchSnapshotAge,
  'cold-start': benchColdStart,
};

/** Runs the benches named, or all, one after the other. @returns the rows of one table */
const runBenches = async (names: string[]): Promise<Row[]> => {
  const unknown = names.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    throw new Error(`no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  }
  const stack = await packageStack();
  try {
    const rows: Row[] = [];
    for (const [name, bench] of Object.entries(benches)) {
      if (names.length === 0 || names.includes(name)) rows.push(...(await bench(stack)));
    }
    return rows;
  } finally {
    await stack.remove();
  }
};

const rows = await runBenches(process.argv.slice(2));
const table = rows.map(({ name, ours, other, ratio, note }) => ({
  what: name,
  ours,
  'compared with': other,
  ratio: ratio === null ? '' : ratio.toFixed(2),
  note,
}));
console.table(table);
await writeFile('bench-results.json', `${JSON.stringify({ at: new Date().toISOString(), rows }, null, 2)}\n`);
