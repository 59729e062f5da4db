import * as z from 'zod';
import type { ExtractDocument } from '../extraction/document.ts';
import type { RecoveryDocument } from '../recovery/document.ts';
import type { RehearsalDocument } from '../rehearsal/document.ts';
import type { RewindDocument } from '../rewind/document.ts';

/** What the entries of all jobs have. */
type JobHead = Pick<RecoveryDocument, 'id' | 'plan' | 'source' | 'dryRun' | 'startedAt' | 'endedAt'> & {
  failure: { phase: string; error: string } | null;
  reason: string | null;
  report: string;
};

export const instant = z.iso.datetime();
export const count = z.int().nonnegative();
export const teardown = z.enum(['completed', 'failed', 'not-needed', 'pending']);

export const common = {
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

/** @param folder of the page, relative to the index */
export const headOf = (
  document: RecoveryDocument | RehearsalDocument | ExtractDocument | RewindDocument,
  folder: string,
): JobHead => {
  const { id, plan, source, dryRun, startedAt, endedAt, failure, trigger } = document;
  return {
    id,
    plan,
    source,
    dryRun,
    startedAt,
    endedAt,
    failure: failure && { phase: failure.phase, error: failure.error },
    reason: trigger.reason,
    report: `${folder}/report.html`,
  };
};
