import * as z from 'zod';
import { DrillError } from '../errors.ts';
import { listProblems } from '../problems.ts';

const price = z.number().min(0);

/** config/prices.json: on-demand list prices of one Region, before tax and discounts, and a size for want of a better one. */
const prices = z.strictObject({
  asOf: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/, 'expected a month or a day, as 2026-06'),
  region: z.string().min(1),
  currency: z.string().length(3),
  /** Aurora Serverless v2, one Aurora capacity unit (ACU) for an hour. */
  acuHour: price,
  /** By instance class. */
  instanceHours: z.record(z.string().startsWith('db.'), price),
  storageGiBMonth: price,
  /** Aurora Standard: a million read requests. */
  millionReads: price,
  /** Aurora I/O-Optimized, where requests cost nothing. */
  ioOptimized: z.strictObject({
    acuHour: price,
    instanceHours: z.record(z.string().startsWith('db.'), price),
    storageGiBMonth: price,
  }),
  /** Where CloudWatch does not tell the size. */
  assumedStorageGiB: price,
  thousandStateTransitions: price,
  functionGiBSecond: price,
});

export type Prices = z.infer<typeof prices>;

/** Checks a table of prices, which a user may have changed. @throws DrillError InvalidSetting */
export const parsePrices = (table: unknown): Prices => {
  const parsed = prices.safeParse(table);
  if (parsed.success) return parsed.data;
  const message = `config/prices.json is not a table of prices:\n${listProblems(parsed.error, table)}`;
  throw new DrillError('InvalidSetting', message, {
    hint: 'correct config/prices.json; deploy again if it is deployed',
  });
};
