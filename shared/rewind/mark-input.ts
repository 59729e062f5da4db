import * as z from 'zod';
import { readTypedInput } from '../job/typed-input.ts';

const markInput = z.strictObject({
  plan: z.string().min(1).optional(),
  reason: z.string().min(1).max(500).optional(),
  snapshot: z.boolean().default(true),
  expiresDays: z.int().min(1).max(365).default(14),
});

/** `snapshot`: take a safety copy. `expiresDays`: until when somebody may need it. */
export type MarkInput = z.infer<typeof markInput>;

/** Reads the input of a mark. @throws DrillError InvalidInput that names every problem and the keys there are */
export const parseMarkInput = (input: unknown): MarkInput =>
  readTypedInput(markInput, input, '{"plan": "prod-mysql", "reason": "before migration 42"}');
