import { DrillError, isDrillError } from '../errors.ts';
import { countOf, listSome } from '../words.ts';
import type { Unreadable } from './port.ts';

/** A message names this many clusters, and counts the rest. */
const maxNamed = 20;

/** "2 of 300 clusters could not be dealt with", which, and why. @param done how many were dealt with */
export const describeIncomplete = (failed: readonly Unreadable[], done: number): string => {
  const named = failed.map(({ cluster, reason }) => `${cluster} (${reason})`);
  const all = countOf(failed.length + done, 'cluster');
  return `${failed.length} of ${all} could not be dealt with: ${listSome(named, maxNamed)}`;
};

/** A monitor fails with this after it has published what it could. */
export const incompleteError = (failed: readonly Unreadable[], done: number): DrillError =>
  new DrillError('MonitorIncomplete', describeIncomplete(failed, done));

/** Notes a failure of one cluster for the end of the run, so that the others still get their turn. */
export const collectFailure = async (
  cluster: string,
  failed: Unreadable[],
  work: () => Promise<void>,
): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!isDrillError(error)) throw error;
    failed.push({ cluster, reason: error.summary });
  }
};
