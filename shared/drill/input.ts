import * as z from 'zod';
import { DrillError } from '../errors.ts';
import { listProblems } from '../problems.ts';

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

/** What the Step Functions console puts there before anybody types. */
const consoleDefault = 'Insert your JSON here';

/**
 * Reads the input of an execution, as an engineer typed it.
 * @throws DrillError InvalidInput that names every problem and the keys there are
 */
export const parseExecutionInput = (input: unknown): ExecutionInput => {
  const seen = isConsoleDefault(input) ? {} : input;
  const parsed = executionInput.safeParse(seen);
  if (parsed.success) return parsed.data;
  throw new DrillError('InvalidInput', `the execution input is wrong:\n${listProblems(parsed.error, seen)}`, {
    hint: `use an object with any of the keys ${Object.keys(executionInput.shape).join(', ')}, as in {"plan": "prod-aurora-main", "dryRun": true}`,
  });
};

const isConsoleDefault = (input: unknown): boolean =>
  typeof input === 'object' &&
  input !== null &&
  Object.keys(input).length === 1 &&
  (input as { Comment?: unknown }).Comment === consoleDefault;
