import * as z from 'zod';
import type { ExtractDocument } from '../extraction/document.ts';
import { sumRows } from '../extraction/words.ts';
import type { RecoveryDocument } from '../recovery/document.ts';
import type { RehearsalDocument } from '../rehearsal/document.ts';
import { longestBlocked } from '../rehearsal/figures.ts';
import { verdicts } from '../rehearsal/verdict.ts';
import { common, count, headOf, instant, teardown } from './job-head.ts';
import { type RewindEntry, rewindEntry } from './rewind-entry.ts';

/**
 * Another job than a drill in the history, told apart by `job`; its document has the rest. Instants: ISO 8601, UTC. It proves
 * nothing about backups, so drills and their monitors do not look at it.
 */
export type JobEntry = RecoveryEntry | RehearsalEntry | ExtractEntry | RewindEntry;

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

export type ExtractEntry = Pick<
  ExtractDocument,
  'id' | 'job' | 'plan' | 'source' | 'dryRun' | 'verdict' | 'startedAt' | 'endedAt'
> & {
  failure: { phase: string; error: string } | null;
  /** The time reached, or else the one asked for. */
  restoreTo: string | null;
  sandbox: string | null;
  /** That was made in the sandbox, whole or not, and stays there. */
  schema: string | null;
  tables: number;
  rows: number;
  teardown: ExtractDocument['teardown']['status'];
  reason: string | null;
  /** As of a recovery. */
  report: string;
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
  teardown,
}) satisfies z.ZodType<RehearsalEntry>;

const extractEntry = z.looseObject({
  ...common,
  job: z.literal('extract'),
  verdict: z.enum(['passed', 'failed']),
  restoreTo: instant.nullable(),
  sandbox: z.string().nullable(),
  schema: z.string().nullable(),
  tables: count,
  rows: count,
  teardown,
}) satisfies z.ZodType<ExtractEntry>;

export const jobEntry = z.discriminatedUnion('job', [
  recoveryEntry,
  rehearsalEntry,
  extractEntry,
  rewindEntry,
]);

export const toJobEntry = (recovery: RecoveryDocument, folder: string): RecoveryEntry => ({
  ...headOf(recovery, folder),
  job: recovery.job,
  verdict: recovery.verdict,
  restoreTo: recovery.restore.reached ?? recovery.restore.restoreTo,
  cluster: recovery.cluster?.identifier ?? null,
  usableAfterSeconds: recovery.usableAfterSeconds,
});

export const toRehearsalEntry = (rehearsal: RehearsalDocument, folder: string): RehearsalEntry => {
  const { job, verdict, measured, findings, teardown } = rehearsal;
  const longest = (side: 'blockedRead' | 'blockedWrite') =>
    measured && Math.max(0, ...measured.statements.map((statement) => longestBlocked(statement, side)));
  return {
    ...headOf(rehearsal, folder),
    job,
    verdict,
    statements: measured?.statements.length ?? 0,
    findings: findings.length,
    blockedReadMs: longest('blockedRead'),
    blockedWriteMs: longest('blockedWrite'),
    teardown: teardown.status,
  };
};

export const toExtractEntry = (extract: ExtractDocument, folder: string): ExtractEntry => {
  const { job, verdict, restore, sandbox, tables, teardown } = extract;
  return {
    ...headOf(extract, folder),
    job,
    verdict,
    restoreTo: restore.reached ?? restore.restoreTo,
    sandbox: sandbox?.name ?? null,
    schema: sandbox === null || sandbox.state === 'not made' ? null : sandbox.schema,
    tables: tables.length,
    rows: sumRows(tables),
    teardown: teardown.status,
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

/** What a recovery and a rewind make stays. */
const isPending = (entry: JobEntry): boolean => 'teardown' in entry && entry.teardown === 'pending';
