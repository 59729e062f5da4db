import { type RecoveryOptions, type RecoveryWorld, startRecovery } from '../../../local/machine/recover.ts';
import { toIso } from '../../../shared/instants.ts';
import type { RecoveryDocument } from '../../../shared/recovery/document.ts';
import { recoveredNames } from '../../../shared/recovery/names.ts';
import { type ModelWorld, makeModelWorld } from '../model-world.ts';

/** The model of Aurora, and what a recovery is given besides. */
export type RecoveryModel = Omit<ModelWorld, 'world'> & {
  world: RecoveryWorld;
  filed: RecoveryDocument[];
  /** A time in the restorable window, in whole seconds. */
  restoreTo: string;
};

export const makeRecoveryModel = (): RecoveryModel => {
  const { world, ...model } = makeModelWorld();
  const filed: RecoveryDocument[] = [];
  const { placeOf: _, file: __, teardownMinutes: ___, ...shared } = world;
  return {
    ...model,
    filed,
    restoreTo: toIso(new Date(Math.floor(Date.now() / 1000 - 600) * 1000)),
    world: {
      ...shared,
      placeOf: () => 'recoveries/report.html',
      file: async (recovery) => void filed.push(recovery),
      reports: { read: async () => null },
    },
  };
};

/** Runs one recovery to its end. */
export const recoverOnce = async (
  { world, restoreTo }: Pick<RecoveryModel, 'world' | 'restoreTo'>,
  name: string,
  options: Partial<RecoveryOptions> = {},
) => (await startRecovery({ name, input: { restoreTo }, waitMs: 1, world, ...options })).finished;

/** What a recovery of the model's source to this time makes. */
export const recoveredOf = (restoreTo: string) => recoveredNames('prod-shop', restoreTo);

const never = new Promise<never>(() => {});

/** Runs it as far as this task and no further: before its effect, or right after it. */
export const recoverUntil = async (
  { world }: Pick<RecoveryModel, 'world'>,
  name: string,
  input: object,
  stop: string,
  when: 'before' | 'after',
): Promise<void> => {
  const stopped = Promise.withResolvers<void>();
  void startRecovery({
    name,
    input,
    waitMs: 1,
    world,
    aroundTask: async (state, run) => {
      if (state !== stop) return run();
      if (when === 'after') await run();
      stopped.resolve();
      return never;
    },
  });
  await stopped.promise;
};
