import {
  type RehearsalOptions,
  type RehearsalWorld,
  startRehearsal,
} from '../../../local/machine/rehearse.ts';
import type { RehearsalDocument } from '../../../shared/rehearsal/document.ts';
import { makeReach } from '../../functions/rehearse/fake-clone.ts';
import { type ModelWorld, makeModelWorld } from '../model-world.ts';

/** The model of Aurora, clones that can be reached, and what was filed. */
export type RehearsalModel = Omit<ModelWorld, 'world'> & {
  world: RehearsalWorld;
  filed: RehearsalDocument[];
  /** What was done in all clones. */
  seen: ReturnType<typeof makeReach>['seen'];
};

type Clone = Parameters<typeof makeReach>[0];

/** @param clone what is unlike the last writer that was made, which ran every statement at once */
export const makeRehearsalModel = (clone: Clone = {}): RehearsalModel => {
  const model = makeModelWorld();
  const filed: RehearsalDocument[] = [];
  const lastWriter = () =>
    model.changes.findLast((change) => change.startsWith('addWriter '))?.split(' ')[1] ?? null;
  const { reach, seen } = makeReach({ nameOf: lastWriter, ...clone });
  return {
    ...model,
    filed,
    seen,
    world: { ...model.world, reach, file: async (rehearsal) => void filed.push(rehearsal) },
  };
};

/** A script that every limit allows. */
export const harmless = ["set lock_timeout = '200ms'", 'alter table users add column locale text'];

/** Runs one rehearsal to its end. */
export const rehearseOnce = async (
  { world }: Pick<RehearsalModel, 'world'>,
  name: string,
  options: Partial<RehearsalOptions> = {},
) =>
  (
    await startRehearsal({
      name,
      input: { change: harmless, contenderSeconds: 0 },
      waitMs: 1,
      world,
      ...options,
    })
  ).finished;
