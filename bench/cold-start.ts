import { measureInTurn, type Row, runScript } from './measure.ts';
import type { PackagedStack } from './packaged-stack.ts';

const load = async (module: string): Promise<number> => Number(await runScript('cold-start.mjs', [module]));

/** How long each monitor's bundle takes to load until its handler is there, beside the whole unbundled SDK clients. */
export const benchColdStart = async (stack: PackagedStack, rounds = 10): Promise<Row[]> => {
  const unbundled = new URL('unbundled.mjs', import.meta.url).pathname;
  const rows: Row[] = [];
  for (const name of ['SnapshotAge', 'BacktrackWindow']) {
    const bundle = await stack.unpack(name);
    const { ours, other } = await measureInTurn(
      rounds,
      () => load(bundle),
      () => load(unbundled),
    );
    rows.push({
      name: `cold start of ${name}`,
      ours: `${ours.toFixed(0)} ms`,
      other: `${other.toFixed(0)} ms unbundled clients`,
      ratio: other / ours,
      note: `median of ${rounds}; zip ${Math.round((stack.zipBytes.get(name) ?? 0) / 1000)} KB`,
    });
  }
  return rows;
};
