import * as z from 'zod';
import { pastTime } from '../job/past-time.ts';
import { readTypedInput } from '../job/typed-input.ts';
import { wishedTests } from '../recovery/input.ts';

const rewindInput = (startedAt: string) =>
  z
    .strictObject({
      plan: z.string().min(1).optional(),
      restoreTo: pastTime(startedAt).transform(refuseLatest),
      reason: z.string().min(1).max(500).optional(),
      tests: wishedTests.default('all'),
      confirm: z.string().trim().min(1).optional(),
      writesStopped: z.boolean().default(false),
    })
    .refine(({ confirm, writesStopped }) => confirm === undefined || writesStopped, {
      path: ['writesStopped'],
      message:
        'expected true beside confirm: stop what writes first, since what is written during a rewind is lost',
    });

/** The latest time is what production has. */
const refuseLatest = (instant: string | null, context: z.RefinementCtx): string => {
  if (instant !== null) return instant;
  context.addIssue({ code: 'custom', message: 'expected a past time: nothing is rewound to the latest one' });
  return z.NEVER;
};

/** `restoreTo`: ISO 8601, whole seconds. `confirm`: the code of a pre-flight; without it nothing is rewound. */
export type RewindInput = z.infer<ReturnType<typeof rewindInput>>;

/**
 * Reads the input of a rewind.
 * @param startedAt of the execution, ISO 8601
 * @throws DrillError InvalidInput that names every problem and the keys there are
 */
export const parseRewindInput = (input: unknown, startedAt: string): RewindInput =>
  readTypedInput(rewindInput(startedAt), input, '{"plan": "prod-mysql", "restoreTo": "10m ago"}');

/** What was asked for, as another start needs it again. */
export type Asked = {
  plan: string | null;
  restoreTo: string;
  reason: string | null;
  tests?: RewindInput['tests'];
};

/** The input of a rewind to that time: the pre-flight, or with its code the rewind itself. */
export const showRewindInput = (asked: Asked, code: string | null = null): string =>
  JSON.stringify({ ...listKeys(asked), ...(code !== null && { confirm: code, writesStopped: true }) });

/** The input of a recovery to that time, into a cluster of its own. */
export const showRecoverInput = (asked: Asked): string => JSON.stringify(listKeys(asked));

const listKeys = ({ plan, restoreTo, reason, tests = 'all' }: Asked): object => ({
  ...(plan !== null && { plan }),
  restoreTo,
  ...(tests !== 'all' && { tests }),
  ...(reason !== null && { reason }),
});

/** The code in what somebody typed, as far as it can be read; null if there is none. */
export const glanceAtCode = (input: unknown): string | null => {
  const { confirm } = (input ?? {}) as Record<string, unknown>;
  return typeof confirm === 'string' && confirm.trim() !== '' ? confirm.trim() : null;
};

/** A start without a code is the pre-flight, which makes nothing. An input that nobody can read may have had one. */
export const isPreflight = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && !Object.hasOwn(input, 'confirm');
