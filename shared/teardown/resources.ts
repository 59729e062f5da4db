import { targetNames } from '../job/names.ts';
import { findJob, type JobState } from '../job/state.ts';
import { findGoneAt } from './gone.ts';

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

/** Everything that the job made, and what its teardown found in the cluster it had made. */
export const listResources = (state: JobState): Resource[] => {
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

/** The same of a job that takes no snapshot. */
export const listClusterResources = (
  state: JobState,
): (Omit<Resource, 'kind'> & { kind: 'cluster' | 'instance' })[] =>
  listResources(state).flatMap((one) => (one.kind === 'snapshot' ? [] : [{ ...one, kind: one.kind }]));

const kindOf = (name: string, state: JobState): Resource['kind'] => {
  const job = findJob(state);
  if (job === undefined) return 'instance';
  const { cluster, snapshot } = targetNames(job.source.identifier, job.id);
  if (name === snapshot) return 'snapshot';
  return name === cluster ? 'cluster' : 'instance';
};
