import { targetNames } from '../job/names.ts';
import { findGoneAt } from '../teardown/gone.ts';
import type { DrillState } from './state.ts';

/**
 * `createdAt`: when it was requested; null if somebody else did, or if the answer was lost. `deletedAt`: when it was
 * first seen gone; null if nobody has seen that.
 */
export type Resource = {
  kind: 'cluster' | 'instance' | 'snapshot';
  name: string;
  createdAt: string | null;
  deletedAt: string | null;
};

/** Everything that the drill made, and what its teardown found in the cluster it had made. */
export const listResources = (state: DrillState): Resource[] => {
  const { TakeSnapshot: taken, RestoreCluster: restore, AddWriter: writer } = state;
  const { resources = [] } = state.CheckTeardown ?? state.TearDown ?? {};
  const made = [taken?.snapshot, restore?.cluster, writer?.instance].filter((name) => name !== undefined);
  // The teardown lists the cluster last. Here it comes first, as it was made first.
  const names = new Set([...made, ...resources.toReversed()]);
  const createdAt = new Map([
    [taken?.snapshot, taken?.requestedAt],
    [restore?.cluster, restore?.requestedAt],
    [writer?.instance, writer?.startedAt],
  ]);
  return [...names].map((name) => ({
    kind: kindOf(name, state),
    name,
    createdAt: createdAt.get(name) ?? null,
    deletedAt: findGoneAt(state, name),
  }));
};

const kindOf = (name: string, { PrepareDrill: drill }: DrillState): Resource['kind'] => {
  if (drill === undefined) return 'instance';
  const { cluster, snapshot } = targetNames(drill.source.identifier, drill.id);
  if (name === snapshot) return 'snapshot';
  return name === cluster ? 'cluster' : 'instance';
};
