import { setTimeout as sleep } from 'node:timers/promises';
import { isAfter } from '../../shared/instants.ts';
import type { Fault } from '../faults/catalog.ts';
import type { ClusterServers, RestorePoint } from '../servers/cluster.ts';
import type { EngineName } from '../servers/engine-name.ts';
import type { Keeper } from '../servers/keeper.ts';
import type { WriteLoad } from './write-load.ts';

/** The production cluster of this machine: a real server that archives its log, as Aurora's storage does. */
export type Source = {
  port: number;
  archive: { earliestRestorableTime: string };
  /** Moves on while the source runs. */
  latestRestorableTime(): string;
  createdAt: string;
  /** When each of its automated snapshots was taken, the first one at its start. */
  snapshotTimes: string[];
  takeSnapshot(): Promise<void>;
  /** The place in the log where it ends now, once everything before it can be restored: what a clone is made to. */
  markPlace(): Promise<unknown>;
  /** From then on the log is no longer archived, and the latest restorable time stands still. */
  stopArchiving(): Promise<void>;
  isArchiving(): boolean;
  /** Keeps writing to the sample database. */
  startWriteLoad(): Promise<WriteLoad>;
  /** What will run behind a cluster restored from this source. @param identifier names its folder */
  makeServers(identifier: string, fault: Fault | null): ClusterServers;
};

export type SourceOptions = { keeper: Keeper; database: string; readerUser: string; password: string };

/** A kind of server that can be drilled here, with what its database is filled with. */
export type Engine<Here extends Source = Source> = {
  name: EngineName;
  /** Starts a source and fills its database; it is backed up for the first time after that. */
  startSource(options: SourceOptions): Promise<Here>;
};

/** The base backups of a source, each the whole of one snapshot. @param first what all restores to an instant begin with */
export const keepBases = (first: string) => {
  const bases = new Map<string, string>();
  const snapshotTimes: string[] = [];
  const add = (base: string): void => {
    const takenAt = new Date().toISOString();
    bases.set(takenAt, base);
    snapshotTimes.push(takenAt);
  };
  add(first);
  const find = (point: RestorePoint): string => {
    const base = point.kind === 'snapshot' ? bases.get(point.takenAt) : first;
    if (base === undefined) throw new Error('there is no base backup of this snapshot');
    return base;
  };
  return { snapshotTimes, add, find };
};

export type Archiving = Pick<Source, 'latestRestorableTime' | 'isArchiving'> & { stop(): Promise<void> };

/** How often the log is archived: Aurora's LatestRestorableTime moves too, some minutes behind. */
const archiveEveryMs = 500;
/** How long after a whole second it is archived: a log then ends right behind the transactions of the second before. */
const afterSecondMs = 5;

/**
 * Archives a source's log again and again, from now on.
 * @param archiveUntilNow returns the second up to which everything is archived
 */
export const keepArchiving = async (
  archiveUntilNow: () => Promise<string>,
  earliestRestorableTime: string,
): Promise<Archiving> => {
  let latest = await archiveUntilNow();
  // A window that ends before it begins would be no window; Aurora's is never seen so young.
  while (!isAfter(latest, earliestRestorableTime)) {
    await sleep(100);
    latest = await archiveUntilNow();
  }
  let isArchiving = true;
  const archiving = (async () => {
    while (isArchiving) {
      await sleep(archiveEveryMs - (Date.now() % archiveEveryMs) + afterSecondMs);
      if (isArchiving) latest = await archiveUntilNow();
    }
  })();
  // A source that dies takes its connection along; the drill then sees a LatestRestorableTime that stands still.
  archiving.catch(() => {});
  return {
    latestRestorableTime: () => latest,
    isArchiving: () => isArchiving,
    stop: async () => {
      isArchiving = false;
      await archiving.catch(() => {});
    },
  };
};
