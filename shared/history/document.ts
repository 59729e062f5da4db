import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { DrillResult } from '../drill/document.ts';
import type { Objective } from '../drill/objectives.ts';
import { DrillError } from '../errors.ts';
import { listProblems } from '../problems.ts';
import { countVerdicts } from '../truth/checks.ts';

/** Public and versioned: index.json, every drill that was filed, the newest first. */
export type History = { schema: 'aurora-drills/index/1'; drills: HistoryEntry[] };

/** One drill, as the history tells it; the rest stands in its result. Instants: ISO 8601, UTC. */
export type HistoryEntry = Pick<
  DrillResult,
  'drillId' | 'plan' | 'source' | 'dryRun' | 'verdict' | 'startedAt' | 'endedAt'
> & {
  failure: { phase: string; error: string } | null;
  restoreTo: string | null;
  rto: Objective;
  rpo: Objective;
  checks: { passed: number; failed: number; skipped: number };
  teardown: DrillResult['teardown']['status'];
  /** Path of the report, relative to the index. result.json stands beside it. */
  report: string;
};

const instant = z.iso.datetime();

const objective = z.looseObject({
  seconds: z.number().nullable(),
  objectiveSeconds: z.number().nullable(),
  met: z.boolean().nullable(),
});

const count = z.int().nonnegative();

// Loose, so that what a later version has added is kept when this one writes the index.
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
  rto: objective,
  rpo: objective,
  checks: z.looseObject({ passed: count, failed: count, skipped: count }),
  teardown: z.enum(['completed', 'failed', 'not-needed']),
  report: z.string().min(1),
}) satisfies z.ZodType<HistoryEntry>;

const history = z.looseObject({
  schema: z.literal('aurora-drills/index/1'),
  drills: z.array(entry),
}) satisfies z.ZodType<History>;

/** Where the history stands among the reports. */
export const indexKey = 'index.json';

export const emptyHistory: History = { schema: 'aurora-drills/index/1', drills: [] };

const maxProblems = 3;

/**
 * Reads an index, whatever keys later versions have added. One that is not ours must never be written over.
 * @param name what the text is called in messages
 * @throws DrillError ReportNotFiled
 */
export const parseHistory = (text: string, name = 'index.json'): History => {
  const seen = parseJson(text, name);
  const parsed = history.safeParse(seen);
  if (parsed.success) return parsed.data;
  const problems = listProblems(parsed.error, seen).split('\n').slice(0, maxProblems);
  throw refuse(name, `\n${problems.join('\n')}`);
};

const parseJson = (text: string, name: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse(name, (error as Error).message);
  }
};

const refuse = (name: string, problem: string): DrillError =>
  new DrillError('ReportNotFiled', `${name} is not a history of drills: ${problem}`, {
    hint: `it was not overwritten: put an earlier version of ${name} back, as docs/history.md says; the next drill then goes on with it`,
  });

/** The text of index.json. */
export const formatHistory = (whole: History): string => `${JSON.stringify(whole)}\n`;

/** @param folder where the report of this drill stands, relative to the index */
export const toEntry = (result: DrillResult, folder: string): HistoryEntry => {
  const { failure } = result;
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
    rto: result.rto,
    rpo: result.rpo,
    checks: countVerdicts(result.checks),
    teardown: result.teardown.status,
    report: `${folder}/report.html`,
  };
};

/**
 * The history with this drill in its place, instead of whatever it had of the same drill. A drill is told by where its
 * report stands: of thousands of ids of eight digits, two may be the same one day.
 * @returns the very history that was given when it holds this entry already, unchanged
 */
export const addEntry = (before: History, added: HistoryEntry): History => {
  const old = before.drills.find(({ report }) => report === added.report);
  if (isDeepStrictEqual(old, added)) return before;
  const others = before.drills.filter((drill) => drill !== old);
  const next = others.findIndex((drill) => isNewer(added, drill));
  return { ...before, drills: others.toSpliced(next < 0 ? others.length : next, 0, added) };
};

/** Compared as instants, since their texts may differ in precision; the id decides between drills of one instant. */
const isNewer = (a: HistoryEntry, b: HistoryEntry): boolean => {
  const later = Date.parse(a.startedAt) - Date.parse(b.startedAt);
  return later > 0 || (later === 0 && a.drillId < b.drillId);
};

/** Of each plan that has any, its last drill that passed. A dry run restores nothing, so it proves nothing. */
export const lastPasses = ({ drills }: History): Map<string, HistoryEntry> => {
  const passes = new Map<string, HistoryEntry>();
  for (const drill of drills) {
    if (drill.plan === null || drill.dryRun || drill.verdict === 'failed') continue;
    if (!passes.has(drill.plan)) passes.set(drill.plan, drill);
  }
  return passes;
};
