import * as z from 'zod';
import { DrillError } from '../errors.ts';
import { toIso } from '../instants.ts';
import { listProblems } from '../problems.ts';

/** What started a sweep. */
export type SweepTrigger =
  | { kind: 'schedule' }
  | { kind: 'by-hand'; isDryRun: boolean }
  | { kind: 'status'; execution: ChangedExecution };

/** An execution whose status has changed; `error` and `cause` are those of the state machine, if it gave any. */
export type ChangedExecution = {
  arn: string;
  name: string;
  status: (typeof statuses)[number];
  /** What somebody typed; null if the event lacks it: Step Functions drops large inputs. */
  input: string | null;
  /** ISO 8601; null if the event lacks it. */
  startedAt: string | null;
  error: string | null;
  cause: string | null;
};

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'] as const;

/** Source: Step Functions guide, "Automating Step Functions event delivery with EventBridge". */
const statusChange = z.looseObject({
  source: z.literal('aws.states'),
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.looseObject({
    executionArn: z.string().min(1),
    name: z.string().min(1),
    status: z.enum(statuses),
    input: z.string().nullish(),
    // Milliseconds, as many as a date can have. A strange one must keep no sweep and no message back.
    startDate: z.int().nonnegative().max(8.64e15).nullable().catch(null),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});

const byHand = z.strictObject({ dryRun: z.boolean().optional() });

/**
 * Reads what the sweeper was called with: by its schedule, by a status event of Step Functions, or by hand.
 * @throws DrillError InvalidInput
 */
export const readSweepTrigger = (event: unknown): SweepTrigger => {
  const source = typeof event === 'object' && event !== null && 'source' in event ? event.source : undefined;
  if (source === 'aws.scheduler') return { kind: 'schedule' };
  if (source === undefined) return { kind: 'by-hand', isDryRun: parse(byHand, event).dryRun ?? false };
  const { executionArn, name, status, input, startDate, error, cause } = parse(statusChange, event).detail;
  return {
    kind: 'status',
    execution: {
      arn: executionArn,
      name,
      status,
      input: input ?? null,
      startedAt: startDate === null ? null : toIso(new Date(startDate)),
      error: error ?? null,
      cause: cause ?? null,
    },
  };
};

const parse = <Schema extends z.ZodType>(schema: Schema, event: unknown): z.infer<Schema> => {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new DrillError('InvalidInput', `this does not start a sweep:\n${listProblems(parsed.error, event)}`, {
    hint: 'call the sweeper with {} or {"dryRun": true}; its schedule and its rule do the rest',
  });
};
