import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pMap from 'p-map';
import { fileLocally, folderReports } from '../local/command/report-folder.ts';
import type { DrillResult } from '../shared/drill/document.ts';
import { emptyHistory, formatHistory, type History, toEntry } from '../shared/history/document.ts';
import { renderHistory } from '../shared/history/page.ts';
import { addProof, type ProofEntry } from '../shared/history/proofs.ts';
import type { FiledResult } from '../shared/history/source-posture.ts';
import { measureInTurn, type Row, showSeconds, timeSeconds } from './measure.ts';

const plans = 50;
const checksOfDrill = 40;
const filesAtOnce = 16;

/** Filing one drill into a year of 50 plans, beside making the same history from every result. */
export const benchHistory = async (drills = 2600, rounds = 5): Promise<Row[]> => {
  const root = await mkdtemp(join(tmpdir(), 'aurora-drills-history-'));
  try {
    const reports = folderReports(root);
    const results = Array.from({ length: drills }, (_, number) => makeResult(number));
    await pMap(
      results,
      (result) => reports.write(`${result.drillId}/result.json`, JSON.stringify(result, null, 2)),
      { concurrency: filesAtOnce },
    );
    await writeHistory(root, historyOf(results));
    const file = fileLocally(root);
    let number = drills;
    const { ours, other } = await measureInTurn(
      rounds,
      () => timeSeconds(() => file(makeResult(number++))),
      () => timeSeconds(async () => writeHistory(root, await readResults(root))),
    );
    const [page = 0, index = 0] = await Promise.all(
      ['index.html', 'index.json'].map((name) => sizeOf(root, name)),
    );
    return [
      {
        name: `one drill more in a history of ${drills}, with its own report`,
        ours: showSeconds(ours),
        other: `${showSeconds(other)} from all results, ${filesAtOnce} read at once`,
        ratio: other / ours,
        note: `median of ${rounds}; on a local disk, where reading costs next to nothing`,
      },
      {
        name: 'files looked at for it',
        ours: '2',
        other: `${drills + rounds} results`,
        ratio: (drills + rounds) / 2,
        note: `index.json ${showMegabytes(index)}, index.html ${showMegabytes(page)}`,
      },
    ];
  } finally {
    await rm(root, { recursive: true, force: true });
  }
};

const readResults = async (root: string): Promise<History> => {
  const names = (await readdir(root)).filter((name) => !name.startsWith('index.'));
  const results = await pMap(
    names,
    async (name) => JSON.parse(await readFile(join(root, name, 'result.json'), 'utf8')) as DrillResult,
    { concurrency: filesAtOnce },
  );
  return historyOf(results);
};

/** Made at once: adding drills one by one would be slow for no reason. */
const historyOf = (results: readonly DrillResult[]): History => ({
  ...emptyHistory,
  drills: results
    .map((result) => toEntry(result, result.drillId))
    .sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt)),
  proofs: [...results.reduce(addProof, [] as readonly ProofEntry[])],
});

const writeHistory = async (root: string, history: History): Promise<void> => {
  const reports = folderReports(root);
  await reports.write('index.json', formatHistory(history));
  await reports.write('index.html', renderHistory(history));
};

const sizeOf = async (root: string, name: string): Promise<number> =>
  (await readFile(join(root, name))).length;

const showMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

const weekMs = 7 * 86_400_000;

/** A weekly drill of one of the plans. Every twentieth fails. */
const makeResult = (number: number): FiledResult => {
  const start = Date.UTC(2026, 0, 5, 8) + Math.floor(number / plans) * weekMs + (number % plans) * 60_000;
  const at = (minutes: number) => new Date(start + minutes * 60_000 + 123).toISOString();
  const drillId = number.toString(16).padStart(8, '0');
  const plan = `prod-aurora-${number % plans}`;
  const hasFailed = number % 20 === 7;
  const verdict = hasFailed ? 'failed' : 'passed';
  const target = `drill-${plan}-${drillId}`;
  return {
    schema: 'aurora-drills/result/1',
    drillId,
    plan,
    source: plan,
    target,
    engine: 'aurora-postgresql',
    trigger: { kind: 'schedule', reason: null },
    dryRun: false,
    verdict,
    failure: hasFailed
      ? {
          phase: 'VerifyRestore',
          error: 'ChecksFailed',
          cause: 'rows public.orders: 12 fewer',
          hint: 'compare',
        }
      : null,
    otherFailures: [],
    restore: { kind: 'log', restoreTo: at(1), baseline: 'same-instant', snapshot: null },
    rto: { seconds: 1200 + (number % 37) * 10, objectiveSeconds: 3600, met: true },
    rpo: { seconds: 200 + (number % 41), objectiveSeconds: 600, met: true },
    phases: [{ name: 'PrepareDrill', startedAt: at(0), endedAt: at(1), seconds: 60 }],
    checks: Array.from({ length: checksOfDrill }, (_, index) => ({
      name: `rows public.table_${index}`,
      kind: 'rows',
      table: `public.table_${index}`,
      expected: 1_204_551,
      actual: 1_204_551,
      tolerance: 'auto',
      verdict: hasFailed && index === 0 ? 'failed' : 'passed',
      reason: 'the counts are equal; keys: all 1,204,551 rows verified',
      ...(!hasFailed && { whole: 'rows' as const }),
    })),
    sideEffects: { active: [], quiet: [], unknown: [] },
    teardown: { status: 'completed', deleted: [`${target}-writer`, target] },
    resources: [{ kind: 'cluster', name: target, createdAt: at(2), deletedAt: at(38) }],
    cost: {
      used: {
        instance: null,
        storageMinutes: 36,
        isIoOptimized: false,
        volume: { copyReads: 12_000, sourceReads: 30_000, bytes: 2 ** 36 },
        isStanding: false,
        undated: [],
        stateTransitions: 60,
        functionSeconds: 40,
        functionGiBSeconds: 12,
      },
      estimate: { low: 0.05, high: 0.83, currency: 'USD' },
      assumptions: [],
    },
    posture: null,
    startedAt: at(0),
    endedAt: at(40),
  };
};
