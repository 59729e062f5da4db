import type { BacktrackSettings } from '../../../local/aurora/backtracks.ts';
import { type RewindOptions, type RewindWorld, startRewind } from '../../../local/machine/rewind.ts';
import { addSeconds, toIso, toWholeSecond } from '../../../shared/instants.ts';
import type { RewindDocument } from '../../../shared/rewind/document.ts';
import { type ModelWorld, makeModelWorld } from '../model-world.ts';

/** The model of Aurora with Backtrack, and what a rewind is given besides. */
export type RewindModel = Omit<ModelWorld, 'world'> & {
  world: RewindWorld;
  filed: RewindDocument[];
  /** A time in the Backtrack window, in whole seconds. */
  to: string;
};

export const makeRewindModel = (settings: Partial<BacktrackSettings> = {}): RewindModel => {
  const { world, ...model } = makeModelWorld('log', { targetSeconds: 7200, ...settings });
  const filed: RewindDocument[] = [];
  const { placeOf: _, file: __, teardownMinutes: ___, ...shared } = world;
  return {
    ...model,
    filed,
    to: toWholeSecond(addSeconds(toIso(model.now()), -600)),
    world: {
      ...shared,
      placeOf: () => 'rewinds/report.html',
      file: async (rewind) => void filed.push(rewind),
      readPlans: async () => (await shared.readPlans()).replace(/(source: .*)/, '$1\n    rewind: allowed'),
      watch: async () => {},
    },
  };
};

/** Runs one start to its end. */
export const rewindOnce = async (
  { world, to }: Pick<RewindModel, 'world' | 'to'>,
  name: string,
  options: Partial<RewindOptions> = {},
) => (await startRewind({ name, input: { restoreTo: to }, waitMs: 1, world, ...options })).finished;

/** The input that the pre-flight answers with. */
export const confirmOnce = async (model: Pick<RewindModel, 'world' | 'to'>): Promise<object> => {
  const { result } = await rewindOnce(model, 'local-preflight');
  return JSON.parse(result.next.confirmed ?? 'null');
};

/** How often production was asked to go back. */
export const countCalls = ({ changes }: Pick<RewindModel, 'changes'>): number =>
  changes.filter((change) => change.startsWith('backtrackCluster ')).length;

const never = new Promise<never>(() => {});

/** Runs it as far as this task and no further: before its effect, or right after it. */
export const rewindUntil = async (
  { world }: Pick<RewindModel, 'world'>,
  name: string,
  input: object,
  stop: string,
  when: 'before' | 'after',
): Promise<void> => {
  const stopped = Promise.withResolvers<void>();
  void startRewind({
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
