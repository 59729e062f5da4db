import { DrillError, isDrillError } from '../errors.ts';
import { countOf, listSome } from '../words.ts';
import type { Unreadable } from './port.ts';

/** How many clusters a message names; beyond that only their number. */
const maxNamed = 20;

/** "2 of 300 clusters could not be dealt with", which, and why. @param done how many were dealt with */
export const describeIncomplete = (failed: readonly Unreadable[], done: number): string => {
  const named = failed.map(({ cluster, reason }) => `${cluster} (${reason})`);
  const all = countOf(failed.length + done, 'cluster');
  return `${failed.length} of ${all} could not be dealt with: ${listSome(named, maxNamed)}`;
};

/** What makes a monitor fail after it has published whatever it could. */
export const incompleteError = (failed: readonly Unreadable[], done: number): DrillError =>
  new DrillError('MonitorIncomplete', describeIncomplete(failed, done));

/** What goes wrong with one cluster is noted for the end of the run, and does not keep it from the others. */
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
