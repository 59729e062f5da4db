import type { Unreadable } from './aurora.ts';
import { DrillError, isDrillError } from './errors.ts';
import { countOf, listSome } from './words.ts';

/** How many clusters a message names; the log of the run has no more. */
const maxNamed = 20;

/** What makes a run fail after it has published whatever it could. @param monitored how many clusters are watched */
export const incompleteError = (unreadable: readonly Unreadable[], monitored: number): DrillError => {
  const named = unreadable.map(({ cluster, reason }) => `${cluster} (${reason})`);
  const of = countOf(Math.max(monitored, unreadable.length), 'cluster');
  return new DrillError(
    'MonitorIncomplete',
    `${unreadable.length} of ${of} could not be dealt with: ${listSome(named, maxNamed)}`,
  );
};

/** What goes wrong with one cluster is told at the end, and does not keep the others waiting. */
export const collecting = async (
  cluster: string,
  unreadable: Unreadable[],
  work: () => Promise<void>,
): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!isDrillError(error)) throw error;
    unreadable.push({ cluster, reason: error.summary });
  }
};
