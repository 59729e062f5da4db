import * as z from 'zod';

/** What a rehearsed schema change may do to others, in a plan and in the input of a rehearsal. */

const blockedMs = z
  .int()
  .min(1)
  .max(3_600_000)
  .describe('milliseconds: a lock timeout in the script must be no longer either');

const limits = {
  blockedReadMs: blockedMs,
  blockedWriteMs: blockedMs,
  durationSeconds: z.number().positive().max(86_400).describe('of the whole change'),
  rewrites: z
    .enum(['never', 'allowed'])
    .describe('never: a change that writes a whole table anew is unsafe, however fast'),
};

/** Some of them; the others are as in the plan. */
export const someLimits = z.strictObject(limits).partial();

const allLimits = z.strictObject({
  blockedReadMs: limits.blockedReadMs.default(500),
  blockedWriteMs: limits.blockedWriteMs.default(1000),
  durationSeconds: limits.durationSeconds.default(600),
  rewrites: limits.rewrites.default('never'),
});

export type RehearsalLimits = z.infer<typeof allLimits>;

export const rehearse = z
  .strictObject({ limits: allLimits.prefault({}) })
  .describe('how long a schema change may block others before a rehearsal calls it unsafe');
