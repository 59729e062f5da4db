import type * as z from 'zod';
import { DrillError } from '../errors.ts';
import { listProblems } from '../problems.ts';
import { planNamePattern } from './names.ts';

/** What the Step Functions console puts there before anybody types. */
const consoleDefault = 'Insert your JSON here';

/**
 * Reads the input of an execution, as an engineer typed it. The console's own text counts as {}.
 * @param example an input that is right, for the hint
 * @throws DrillError InvalidInput that names every problem and the keys there are
 */
export const readTypedInput = <Input extends z.ZodObject>(
  schema: Input,
  input: unknown,
  example: string,
): z.infer<Input> => {
  const seen = isConsoleDefault(input) ? {} : input;
  const parsed = schema.safeParse(seen);
  if (parsed.success) return parsed.data;
  throw new DrillError('InvalidInput', `the execution input is wrong:\n${listProblems(parsed.error, seen)}`, {
    hint: `use an object with any of the keys ${Object.keys(schema.shape).join(', ')}, as in ${example}`,
  });
};

const isConsoleDefault = (input: unknown): boolean =>
  typeof input === 'object' &&
  input !== null &&
  Object.keys(input).length === 1 &&
  (input as { Comment?: unknown }).Comment === consoleDefault;

/** What somebody typed, as far as it can be read, of a job that failed before it knew more. */
export const glanceAtInput = (
  input: unknown,
): { plan: string | null; reason: string | null; dryRun: boolean } => {
  const { plan, reason, dryRun } = (input ?? {}) as Record<string, unknown>;
  return {
    plan: typeof plan === 'string' && planNamePattern.test(plan) ? plan : null,
    reason: typeof reason === 'string' ? reason : null,
    dryRun: dryRun === true,
  };
};
