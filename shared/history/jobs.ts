import * as z from 'zod';
import type { RecoveryDocument } from '../recovery/document.ts';
import type { RehearsalDocument } from '../rehearsal/document.ts';
import { longestBlocked } from '../rehearsal/figures.ts';
import { verdicts } from '../rehearsal/verdict.ts';

/**
 * Another job than a drill in the history, told apart by `job`; its document has the rest. Instants: ISO 8601, UTC. It proves
 * nothing about backups, so drills and their monitors do not look at it.
 */
export type JobEntry = RecoveryEntry | RehearsalEntry;

export type RecoveryEntry = Pick<
  RecoveryDocument,
  'id' | 'job' | 'plan' | 'source' | 'dryRun' | 'verdict' | 'startedAt' | 'endedAt'
> & {
  failure: { phase: string; error: string } | null;
  /** The time reached, or else the one asked for. */
  restoreTo: string | null;
  /** What it made and left standing. */
  cluster: string | null;
  usableAfterSeconds: number | null;
  reason: string | null;
  /** Path of the page, relative to the index. result.json is in the same folder. */
  report: string;
};

export type RehearsalEntry = Pick<
  RehearsalDocument,
  'id' | 'job' | 'plan' | 'source' | 'dryRun' | 'verdict' | 'startedAt' | 'endedAt'
> & {
  failure: { phase: string; error: string } | null;
  statements: number;
  findings: number;
  /** The longest wait of any probe, of all statements; null if nothing was run. */
  blockedReadMs: number | null;
  blockedWriteMs: number | null;
  teardown: RehearsalDocument['teardown']['status'];
  reason: string | null;
  /** As of a recovery. */
  report: string;
};

const instant = z.iso.datetime();
const count = z.int().nonnegative();

const common = {
  id: z.string().min(1),
  plan: z.string().nullable(),
  source: z.string().nullable(),
  dryRun: z.boolean(),
  startedAt: instant,
  endedAt: instant,
  failure: z.looseObject({ phase: z.string(), error: z.string() }).nullable(),
  reason: z.string().nullable(),
  report: z.string().min(1),
};

// Loose: keys that a later version added must survive when this one writes the index.
const recoveryEntry = z.looseObject({
  ...common,
  job: z.literal('recover'),
  verdict: z.enum(['passed', 'failed']),
  restoreTo: instant.nullable(),
  cluster: z.string().nullable(),
  usableAfterSeconds: z.number().nullable(),
}) satisfies z.ZodType<RecoveryEntry>;

const rehearsalEntry = z.looseObject({
  ...common,
  job: z.literal('rehearse'),
  verdict: z.enum(verdicts),
  statements: count,
  findings: count,
  blockedReadMs: z.number().nullable(),
  blockedWriteMs: z.number().nullable(),
  teardown: z.enum(['completed', 'failed', 'not-needed', 'pending']),
}) satisfies z.ZodType<RehearsalEntry>;

export const jobEntry = z.discriminatedUnion('job', [recoveryEntry, rehearsalEntry]);

/** @param folder of the page, relative to the index */
export const toJobEntry = (recovery: RecoveryDocument, folder: string): RecoveryEntry => {
  const { id, job, plan, source, dryRun, verdict, failure, restore, cluster, startedAt, endedAt } = recovery;
  return {
    id,
    job,
    plan,
    source,
    dryRun,
    verdict,
    startedAt,
    endedAt,
    failure: failure && { phase: failure.phase, error: failure.error },
    restoreTo: restore.reached ?? restore.restoreTo,
    cluster: cluster?.identifier ?? null,
    usableAfterSeconds: recovery.usableAfterSeconds,
    reason: recovery.trigger.reason,
    report: `${folder}/report.html`,
  };
};

/** @param folder of the page, relative to the index */
export const toRehearsalEntry = (rehearsal: RehearsalDocument, folder: string): RehearsalEntry => {
  const { id, job, plan, source, dryRun, verdict, failure, measured, startedAt, endedAt } = rehearsal;
  const longest = (side: 'blockedRead' | 'blockedWrite') =>
    measured && Math.max(0, ...measured.statements.map((statement) => longestBlocked(statement, side)));
  return {
    id,
    job,
    plan,
    source,
    dryRun,
    verdict,
    startedAt,
    endedAt,
    failure: failure && { phase: failure.phase, error: failure.error },
    statements: measured?.statements.length ?? 0,
    findings: rehearsal.findings.length,
    blockedReadMs: longest('blockedRead'),
    blockedWriteMs: longest('blockedWrite'),
    teardown: rehearsal.teardown.status,
    reason: rehearsal.trigger.reason,
    report: `${folder}/report.html`,
  };
};

/** The entries with this one in its place, replacing an earlier one of the same job. The newest first. */
export const addJob = (before: readonly JobEntry[], added: JobEntry): JobEntry[] => {
  const old = before.find(({ report }) => report === added.report);
  // A filing from before the teardown that comes late.
  const isLate = isPending(added) && old !== undefined && !isPending(old);
  return [...before.filter((job) => job !== old), isLate ? old : added].toSorted(
    (one, other) => Date.parse(other.startedAt) - Date.parse(one.startedAt) || (one.id < other.id ? -1 : 1),
  );
};

const isPending = (entry: JobEntry): boolean => entry.job === 'rehearse' && entry.teardown === 'pending';
