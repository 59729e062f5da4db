import * as z from 'zod';
import { drillTags } from '../job/names.ts';
import { restoreOrigins } from '../job/origin.ts';
import { maxTagKeyLength, maxTags, maxTagValueLength, tagPattern } from '../job/tag-values.ts';

/** What a plan says of the clusters that are made: a copy that is torn down, and a recovered one that stays. */

const capacity = z
  .strictObject({ min: z.number().min(0).max(256), max: z.number().min(1).max(256) })
  .refine(({ min, max }) => min <= max, 'expected min to be at most max')
  .describe('Aurora Serverless v2 capacity, in ACUs');

const ownTags = Object.keys(drillTags).length;

const tagKey = z
  .string()
  .min(1)
  .max(maxTagKeyLength)
  .regex(tagPattern, 'expected a tag key of letters, digits, spaces and _ . : / = + - @')
  .refine(
    (key) => !/^(aws|rds|aurora-drills|aurora-recovered):/i.test(key),
    'expected a tag key that does not begin with aws:, rds:, aurora-drills: or aurora-recovered:, which are not yours to give',
  );

const tagValue = z
  .string()
  .max(maxTagValueLength)
  .regex(tagPattern, 'expected a tag value of letters, digits, spaces and _ . : / = + - @');

const tags = z
  .record(tagKey, tagValue)
  .refine(
    (all) => Object.keys(all).length <= maxTags - ownTags,
    `expected at most ${maxTags - ownTags} tags: RDS takes ${maxTags}, and ${ownTags} are a drill's own`,
  )
  .describe("your own tags, for the copy and its instance; the source's are not taken over");

const instanceClass = z
  .string()
  .regex(/^db\.[a-z0-9.-]+$/, 'expected an instance class such as db.serverless');

export const restore = z
  .strictObject({
    from: z
      .enum(restoreOrigins)
      .describe(
        'log (the default): to an instant; newest-snapshot: the newest backup there is; fresh-snapshot: one that the drill takes, and deletes in the end',
      ),
    subnetGroup: z.string().min(1),
    securityGroups: z
      .array(z.string().regex(/^sg-[0-9a-f]+$/, 'expected a security group id: sg-...'))
      .min(1),
    port: z.int().min(1150).max(65535),
    clusterParameterGroup: z.string().min(1),
    instanceParameterGroup: z.string().min(1),
    instanceClass,
    capacity,
    tags,
  })
  .partial()
  .describe('where and how the copy is restored; what is left out is taken from the source');

/** RDS: a cluster has at most 15 readers. */
const maxReaders = 15;

const expectedReaders = `expected same, or a number from 0 to ${maxReaders}`;

/** How many readers a recovered cluster gets. */
export const wishedReaders = z.union(
  [z.literal('same'), z.int(expectedReaders).min(0, expectedReaders).max(maxReaders, expectedReaders)],
  expectedReaders,
);

export const recover = z
  .strictObject({
    readers: wishedReaders
      .default('same')
      .describe('same: as many as the source has, autoscaled ones left out; or a number'),
    instanceClass: instanceClass.optional().describe("of every instance; the source's, if left out"),
    tags: tags.optional(),
  })
  .describe('what a recovered cluster, which stays, gets beyond what the source has');
