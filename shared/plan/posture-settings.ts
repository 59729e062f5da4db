import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { maxTagKeyLength } from '../job/tag-values.ts';
import { postureRules } from './posture.ts';

/** What a plan says of the settings that its source should have. */

/** All Regions have such a name: us-east-1, ap-southeast-2, us-gov-west-1, cn-north-1. */
export const regionPattern = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

const expectedReason = 'expected why the source may fail this rule';

const waiver = z.strictObject({
  reason: z.string(expectedReason).trim().min(1, expectedReason),
  until: z
    .union(
      [z.iso.date(), z.iso.datetime()],
      'expected an end in UTC: a day, which counts as a whole, such as 2026-12-31, or 2026-12-31T12:00:00Z',
    )
    .describe('the last day on which the rule may fail, or an instant, in UTC'),
  by: z.string().trim().min(1, 'expected a name, or no by at all').optional().describe('who has said so'),
});

export type Waiver = z.infer<typeof waiver>;

const refuseUnknown = ({ code }: { code: string }): string | undefined =>
  code === 'unrecognized_keys' ? `expected a rule, one of ${postureRules.join(', ')}` : undefined;

const hours = z.number().positive();

export const posture = z
  .strictObject({
    retentionDays: z
      .int()
      .min(1)
      .max(35)
      .default(35)
      .describe('how long RDS keeps automated backups, at least'),
    copyRegion: z
      .string()
      .regex(regionPattern, 'expected a Region such as eu-central-1')
      .optional()
      .describe('another Region that has to have a copy of a snapshot of the source'),
    copyMaxAgeHours: hours
      .default(48)
      .describe('how old the newest copy there may be: as old as what it is a copy of'),
    coverageDays: z.int().min(1).default(90).describe('how long ago drills may have verified a table'),
    requiredTags: z
      .array(z.string().min(1).max(maxTagKeyLength))
      .default([])
      .describe('keys of tags that the source has to have'),
    snapshotAgeHours: hours.default(26).describe('how old the newest snapshot may be'),
    // AWS Backup begins a daily job within 8 hours unless told otherwise, on one day sooner than on another.
    awsBackupAgeHours: hours
      .default(34)
      .describe('how old the newest snapshot of AWS Backup may be, where it has ever made one'),
    lagMinutes: z.number().positive().default(30).describe('how far the restorable time may be behind'),
    waive: z
      .partialRecord(z.enum(postureRules), waiver, { error: refuseUnknown })
      .default({})
      .describe('rules that the source may fail, each with a reason and an end'),
  })
  .describe(
    'what is expected of the settings of the source; every cluster without it is held to the defaults',
  );

export type PostureSettings = z.infer<typeof posture>;

export const defaultPosture: PostureSettings = posture.parse({});

type Judged = { source: string; posture?: PostureSettings | undefined };

/** Refuses a second plan that asks something else of the same source: a cluster is judged once. */
export const refuseOtherPosture = (
  plans: Record<string, Judged>,
  context: z.core.$RefinementCtx<Record<string, Judged>>,
): void => {
  const first = new Map<string, { name: string; posture: PostureSettings }>();
  for (const [name, { source, posture }] of Object.entries(plans)) {
    if (posture === undefined) continue;
    const other = first.get(source.toLowerCase());
    if (other === undefined) first.set(source.toLowerCase(), { name, posture });
    else if (!isDeepStrictEqual(other.posture, posture))
      context.addIssue({
        code: 'custom',
        path: [name, 'posture'],
        message: `expected the posture of plan ${other.name}, which has the same source ${source}, or none here`,
      });
  }
};
