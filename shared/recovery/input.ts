import * as z from 'zod';
import { pastTime } from '../job/past-time.ts';
import { glanceAtInput, readTypedInput } from '../job/typed-input.ts';
import { wishedReaders } from '../plan/clusters.ts';

/** How a cluster is brought back. `auto`: by the best way that leaves production alone. */
export const wishedMechanisms = ['auto', 'point-in-time', 'snapshot', 'clone'] as const;
export type WishedMechanism = (typeof wishedMechanisms)[number];

/** As many as the source has, or a number. */
export type WishedReaders = z.infer<typeof wishedReaders>;

export const wishedTests = z.union(
  [z.string().min(1), z.array(z.string().min(1)).min(1)],
  'expected all, none, the name of a test of the plan, or a list of names',
);

const recoverInput = (startedAt: string) =>
  z.strictObject({
    plan: z.string().min(1).optional(),
    restoreTo: pastTime(startedAt),
    reason: z.string().min(1).max(500).optional(),
    mechanism: z.enum(wishedMechanisms).default('auto'),
    readers: wishedReaders.optional(),
    tests: wishedTests.default('all'),
    dryRun: z.boolean().default(false),
  });

/** `restoreTo`: ISO 8601, whole seconds; null for the latest time that the backups reach. `readers`: as in the plan if undefined. */
export type RecoverInput = z.infer<ReturnType<typeof recoverInput>>;

/**
 * Reads the input of a recovery, as somebody typed it at 3 a.m.
 * @param startedAt of the execution, ISO 8601
 * @throws DrillError InvalidInput that names every problem and the keys there are
 */
export const parseRecoverInput = (input: unknown, startedAt: string): RecoverInput =>
  readTypedInput(recoverInput(startedAt), input, '{"plan": "prod-aurora-main", "restoreTo": "10m ago"}');

/** What somebody typed beyond the plan, the time and the reason: another start of the same recovery needs it too. */
export type Wish = Partial<Pick<RecoverInput, 'mechanism' | 'readers' | 'tests'>>;

export type Typed = {
  plan: string | null;
  reason: string | null;
  dryRun: boolean;
  restoreTo: string | null;
  wish: Wish;
};

/** What somebody typed, each key by itself as far as it can be read: for a recovery that failed before it knew more. */
export const readTyped = (input: unknown, startedAt: string): Typed => {
  const typed = (typeof input === 'object' ? input : null) ?? {};
  const { shape } = recoverInput(startedAt);
  const read = <Key extends keyof RecoverInput>(key: Key): RecoverInput[Key] | undefined =>
    Object.hasOwn(typed, key)
      ? (shape[key].safeParse(typed[key as never]).data as RecoverInput[Key] | undefined)
      : undefined;
  const [mechanism, readers, tests] = [read('mechanism'), read('readers'), read('tests')];
  return {
    ...glanceAtInput(input),
    restoreTo: read('restoreTo') ?? null,
    wish: {
      ...(mechanism !== undefined && { mechanism }),
      ...(readers !== undefined && { readers }),
      ...(tests !== undefined && { tests }),
    },
  };
};
