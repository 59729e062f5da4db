import * as z from 'zod';
import { readTypedInput } from '../job/typed-input.ts';
import { type RehearsalLimits, someLimits } from '../plan/rehearsal-limits.ts';

/** They stand in the input, and so in the log of the execution. */
export const maxInlineCharacters = 16_384;

const inline = z
  .array(z.string().min(1))
  .min(1)
  .refine(
    (texts) => texts.reduce((sum, { length }) => sum + length, 0) <= maxInlineCharacters,
    `expected ${maxInlineCharacters} characters of statements at most: put a longer script into S3`,
  );

/** A script in S3, read by its version and checked by its hash, so that nobody can change it in between. */
const stored = z.strictObject({
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected the name of an S3 bucket'),
  key: z.string().min(1).max(1024),
  versionId: z.string().min(1).max(1024),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits, as sha256sum prints them'),
});

const rehearseInput = z.strictObject({
  plan: z.string().min(1).optional(),
  change: z.union(
    [inline, stored],
    'expected a list of statements, or the bucket, key, versionId and sha256 of a script in S3',
  ),
  limits: someLimits.default({}),
  contenderSeconds: z.number().min(0).max(60).default(2),
  reason: z.string().min(1).max(500).optional(),
  dryRun: z.boolean().default(false),
});

export type RehearseInput = z.infer<typeof rehearseInput>;
export type StoredScript = z.infer<typeof stored>;

/**
 * Reads the input of a rehearsal.
 * @throws DrillError InvalidInput that names every problem and the keys there are
 */
export const parseRehearseInput = (input: unknown): RehearseInput =>
  readTypedInput(
    rehearseInput,
    input,
    '{"plan": "prod-aurora-main", "change": ["alter table users add column locale text"]}',
  );

/** The plan's limits, with those of the input in their place. */
export const chooseLimits = (
  ofPlan: RehearsalLimits,
  { limits }: Pick<RehearseInput, 'limits'>,
): RehearsalLimits => ({
  blockedReadMs: limits.blockedReadMs ?? ofPlan.blockedReadMs,
  blockedWriteMs: limits.blockedWriteMs ?? ofPlan.blockedWriteMs,
  durationSeconds: limits.durationSeconds ?? ofPlan.durationSeconds,
  rewrites: limits.rewrites ?? ofPlan.rewrites,
});
