import * as z from 'zod';
import type { RecoveryDocument } from '../recovery/document.ts';

/**
 * Another job than a drill in the history, told apart by `job`; its document has the rest. Instants: ISO 8601, UTC. It proves
 * nothing about backups, so drills and their monitors do not look at it.
 */
export type JobEntry = Pick<
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

const instant = z.iso.datetime();

/** Loose: keys that a later version added must survive when this one writes the index. */
export const jobEntry = z.looseObject({
  id: z.string().min(1),
  job: z.literal('recover'),
  plan: z.string().nullable(),
  source: z.string().nullable(),
  dryRun: z.boolean(),
  verdict: z.enum(['passed', 'failed']),
  startedAt: instant,
  endedAt: instant,
  failure: z.looseObject({ phase: z.string(), error: z.string() }).nullable(),
  restoreTo: instant.nullable(),
  cluster: z.string().nullable(),
  usableAfterSeconds: z.number().nullable(),
  reason: z.string().nullable(),
  report: z.string().min(1),
}) satisfies z.ZodType<JobEntry>;

/** @param folder of the page, relative to the index */
export const toJobEntry = (recovery: RecoveryDocument, folder: string): JobEntry => {
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

/** The entries with this one in its place, replacing an earlier one of the same job. The newest first. */
export const addJob = (before: readonly JobEntry[], added: JobEntry): JobEntry[] =>
  [...before.filter(({ report }) => report !== added.report), added].toSorted(
    (one, other) => Date.parse(other.startedAt) - Date.parse(one.startedAt) || (one.id < other.id ? -1 : 1),
  );
