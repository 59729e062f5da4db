import * as z from 'zod';
import type { RewindDocument, RewindEnd } from '../rewind/document.ts';
import { common, headOf, instant } from './job-head.ts';

export type RewindEntry = Pick<
  RewindDocument,
  'id' | 'job' | 'plan' | 'source' | 'dryRun' | 'verdict' | 'outcome' | 'startedAt' | 'endedAt'
> & {
  failure: { phase: string; error: string } | null;
  /** The time reached, or else the one asked for. */
  restoreTo: string | null;
  /** Production as it was before, which stands. */
  clone: string | null;
  reason: string | null;
  /** As of a recovery. */
  report: string;
};

const rewindEnds = ['ready', 'blocked', 'rewound', 'other-time', 'failed'] as const satisfies RewindEnd[];

export const rewindEntry = z.looseObject({
  ...common,
  job: z.literal('rewind'),
  verdict: z.enum(['passed', 'failed']),
  outcome: z.enum(rewindEnds),
  restoreTo: instant.nullable(),
  clone: z.string().nullable(),
}) satisfies z.ZodType<RewindEntry>;

export const toRewindEntry = (rewind: RewindDocument, folder: string): RewindEntry => ({
  ...headOf(rewind, folder),
  job: rewind.job,
  verdict: rewind.verdict,
  outcome: rewind.outcome,
  restoreTo: rewind.restore.reached ?? rewind.restore.restoreTo,
  clone: rewind.clone?.identifier ?? null,
});
