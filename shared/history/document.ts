import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { SeenRewind } from '../aurora/backtracks.ts';
import type { DrillResult } from '../drill/document.ts';
import type { Objective } from '../drill/objectives.ts';
import { DrillError } from '../errors.ts';
import { parseDocument } from '../problems.ts';
import { countVerdicts } from '../truth/checks.ts';
import { type JobEntry, jobEntry } from './jobs.ts';
import { type ProofEntry, proofEntry } from './proofs.ts';
import { seenRewind } from './seen-rewinds.ts';

/** Public and versioned: index.json, every drill that was filed, the newest first. */
export type History = {
  schema: 'aurora-drills/index/1';
  drills: HistoryEntry[];
  /** Jobs of other kinds, the newest first. Left out as long as there is none. */
  jobs?: JobEntry[] | undefined;
  /** Every rewind of a watched cluster, whoever asked for it, the newest first. Left out as long as there is none. */
  rewinds?: SeenRewind[] | undefined;
  /** What the drills of each plan have shown of its tables. Left out as long as there is none. */
  proofs?: ProofEntry[] | undefined;
};

/** A snapshot that a drill restored from; others restored from the log. */
const snapshotOrigins = [
  'newest-snapshot',
  'fresh-snapshot',
] as const satisfies DrillResult['restore']['kind'][];

type SnapshotOrigin = (typeof snapshotOrigins)[number];

/** One drill in the history; its result has the rest. Instants: ISO 8601, UTC. */
export type HistoryEntry = Pick<
  DrillResult,
  'drillId' | 'plan' | 'source' | 'dryRun' | 'verdict' | 'startedAt' | 'endedAt'
> & {
  failure: { phase: string; error: string } | null;
  restoreTo: string | null;
  /** What it restored from. Left out for the log. */
  restoredFrom?: SnapshotOrigin | undefined;
  rto: Objective;
  rpo: Objective;
  checks: { passed: number; failed: number; skipped: number };
  teardown: DrillResult['teardown']['status'];
  /** Path of the report, relative to the index. result.json is in the same folder. */
  report: string;
};

const instant = z.iso.datetime();

const objective = z.looseObject({
  seconds: z.number().nullable(),
  objectiveSeconds: z.number().nullable(),
  met: z.boolean().nullable(),
});

const count = z.int().nonnegative();

// Loose: keys that a later version added must survive when this one writes the index.
const entry = z.looseObject({
  drillId: z.string().min(1),
  plan: z.string().nullable(),
  source: z.string().nullable(),
  dryRun: z.boolean(),
  verdict: z.enum(['passed', 'failed']),
  startedAt: instant,
  endedAt: instant,
  failure: z.looseObject({ phase: z.string(), error: z.string() }).nullable(),
  restoreTo: instant.nullable(),
  restoredFrom: z.enum(snapshotOrigins).optional(),
  rto: objective,
  rpo: objective,
  checks: z.looseObject({ passed: count, failed: count, skipped: count }),
  teardown: z.enum(['completed', 'failed', 'not-needed', 'pending']),
  report: z.string().min(1),
}) satisfies z.ZodType<HistoryEntry>;

const history = z.looseObject({
  schema: z.literal('aurora-drills/index/1'),
  drills: z.array(entry),
  jobs: z.array(jobEntry).optional(),
  rewinds: z.array(seenRewind).optional(),
  proofs: z.array(proofEntry).optional(),
}) satisfies z.ZodType<History>;

export const indexKey = 'index.json';

export const emptyHistory: History = { schema: 'aurora-drills/index/1', drills: [] };

/**
 * Reads an index, with any keys that later versions added. One that is not ours must never be overwritten.
 * @param name what messages call the text
 * @throws DrillError ReportNotFiled
 */
export const parseHistory = (text: string, name = 'index.json'): History => {
  const parsed = parseDocument(history, text);
  if ('value' in parsed) return parsed.value;
  throw new DrillError('ReportNotFiled', `${name} is not a history of drills: ${parsed.problem}`, {
    hint: `it was not overwritten; put back an earlier version of ${name} as docs/history.md says, and the next drill adds to it`,
  });
};

export const formatHistory = (whole: History): string => `${JSON.stringify(whole)}\n`;

/** @param folder of the report, relative to the index */
export const toEntry = (result: DrillResult, folder: string): HistoryEntry => {
  const { failure } = result;
  const restoredFrom = snapshotOrigins.find((origin) => origin === result.restore.kind);
  return {
    drillId: result.drillId,
    plan: result.plan,
    source: result.source,
    dryRun: result.dryRun,
    verdict: result.verdict,
    startedAt: result.startedAt,
    endedAt: result.endedAt,
    failure: failure && { phase: failure.phase, error: failure.error },
    restoreTo: result.restore.restoreTo,
    ...(restoredFrom !== undefined && { restoredFrom }),
    rto: result.rto,
    rpo: result.rpo,
    checks: countVerdicts(result.checks),
    teardown: result.teardown.status,
    report: `${folder}/report.html`,
  };
};

/**
 * The history with this drill in its place, replacing an earlier entry of the same drill. The path of the report
 * identifies a drill: among thousands of ids of eight digits, two may be the same.
 * @returns the same object when it holds this entry already
 */
export const addEntry = (before: History, added: HistoryEntry): History => {
  const old = before.drills.find(({ report }) => report === added.report);
  if (isDeepStrictEqual(old, added)) return before;
  // A filing from before the teardown that comes late.
  if (old !== undefined && old.teardown !== 'pending' && added.teardown === 'pending') return before;
  const others = before.drills.filter((drill) => drill !== old);
  const next = others.findIndex((drill) => isNewer(added, drill));
  return { ...before, drills: others.toSpliced(next < 0 ? others.length : next, 0, added) };
};

/** Compared as instants, because texts may differ in precision. The id decides between drills of one instant. */
const isNewer = (a: HistoryEntry, b: HistoryEntry): boolean => {
  const later = Date.parse(a.startedAt) - Date.parse(b.startedAt);
  return later > 0 || (later === 0 && a.drillId < b.drillId);
};

/** The last drill of each plan that passed. A dry run restores nothing, so it proves nothing. */
export const lastPasses = ({ drills }: History): Map<string, HistoryEntry> => {
  const passes = new Map<string, HistoryEntry>();
  for (const drill of drills) {
    if (drill.plan === null || drill.dryRun || drill.verdict === 'failed') continue;
    if (!passes.has(drill.plan)) passes.set(drill.plan, drill);
  }
  return passes;
};
