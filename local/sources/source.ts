import { setTimeout as sleep } from 'node:timers/promises';
import { isAfter } from '../../shared/instants.ts';
import type { Fault } from '../faults/catalog.ts';
import type { ClusterServers, RestorePoint } from '../servers/cluster.ts';
import type { EngineName } from '../servers/engine-name.ts';
import type { Keeper } from '../servers/keeper.ts';
import type { EmptySandbox } from '../servers/sandbox-postgres.ts';
import type { WriteLoad } from './write-load.ts';

/** This machine's production cluster: a real server that archives its log, as Aurora's storage does. */
export type Source = {
  port: number;
  archive: { earliestRestorableTime: string };
  /** Advances while the source runs. */
  latestRestorableTime(): string;
  createdAt: string;
  /** When each snapshot was taken, the first one at the start. */
  snapshotTimes: string[];
  /** @returns when it was taken */
  takeSnapshot(): Promise<string>;
  /** Where the log ends now. On return everything before it can be restored. A clone is made to this place. */
  markPlace(): Promise<unknown>;
  /** Ends the archiving of the log, so that the latest restorable time stands still. */
  stopArchiving(): Promise<void>;
  isArchiving(): boolean;
  /** Runs statements as the owner would by mistake. @returns how many rows the last one changed */
  runAsOwner(sql: string): Promise<number>;
  /** Keeps writing to the sample database. */
  startWriteLoad(): Promise<WriteLoad>;
  /** Starts another server of this engine, where extracted tables can go. @returns its port */
  startSandbox(sandbox: EmptySandbox): Promise<number>;
  /** What Backtrack does. PostgreSQL has none. */
  rewinding?: Rewinding;
  /** The server behind a cluster that is restored from this source. @param identifier names its folder */
  makeServers(identifier: string, fault: Fault | null): ClusterServers;
};

/** From this instant on, in milliseconds, so much is logged. */
export type Rate = { from: number; perMs: number };

/** The source goes back in place. */
export type Rewinding = {
  /** In bytes, since the first base backup, in order. */
  listRates(): readonly Rate[];
  /** What was written after a rewind throws away the time between. */
  isReachable(to: string): Promise<boolean>;
  /**
   * Stops the server, recovers its own backup to the nearest consistent point, and starts it on the same port.
   * @returns when the server stopped, and the instant that was really reached
   * @throws Error when nothing could be recovered. The server runs again as it was
   */
  rewind(to: string, hasEmptyArchive: boolean): Promise<{ from: string; to: string }>;
};

export type SourceOptions = { keeper: Keeper; database: string; readerUser: string; password: string };

/** A kind of server that can be drilled here, with the content of its database. */
export type Engine<Here extends Source = Source> = {
  name: EngineName;
  /** Starts a source and fills its database. The first backup comes after that. */
  startSource(options: SourceOptions): Promise<Here>;
};

/** The base backups of a source, one for each snapshot. @param first every restore to an instant begins with this one */
export const keepBases = (first: string) => {
  const bases = new Map<string, string>();
  const snapshotTimes: string[] = [];
  const add = (base: string): string => {
    const takenAt = new Date().toISOString();
    bases.set(takenAt, base);
    snapshotTimes.push(takenAt);
    return takenAt;
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

/** How often the log is archived. Aurora's LatestRestorableTime also moves, some minutes behind. */
const archiveEveryMs = 500;
/** Archived this long after a whole second: a log then ends right after the transactions of the second before. */
const afterSecondMs = 5;

/**
 * Archives a source's log repeatedly from now on.
 * @param archiveUntilNow returns the second up to which everything is archived
 */
export const keepArchiving = async (
  archiveUntilNow: () => Promise<string>,
  earliestRestorableTime: string,
): Promise<Archiving> => {
  let latest = await archiveUntilNow();
  // A window must not end before it begins. Aurora's is never that young.
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
  // When a source dies, its connection goes too. The drill then sees a LatestRestorableTime that stands still.
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
