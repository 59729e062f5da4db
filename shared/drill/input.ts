import * as z from 'zod';
import { readTypedInput } from '../job/typed-input.ts';

const executionInput = z.strictObject({
  plan: z.string().min(1).optional(),
  restoreTo: z.iso
    .datetime({
      offset: true,
      precision: 0,
      error: 'expected an instant in whole seconds, as 2026-11-19T02:13:00Z',
    })
    .optional(),
  reason: z.string().min(1).max(500).optional(),
  dryRun: z.boolean().optional(),
});

export type ExecutionInput = z.infer<typeof executionInput>;

/**
 * Reads the input of an execution, as an engineer typed it.
 * @throws DrillError InvalidInput that names every problem and the keys there are
 */
export const parseExecutionInput = (input: unknown): ExecutionInput =>
  readTypedInput(executionInput, input, '{"plan": "prod-aurora-main", "dryRun": true}');
