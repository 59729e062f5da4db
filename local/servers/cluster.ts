import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addSeconds, isAfter } from '../../shared/instants.ts';
import type { Fault } from '../faults/catalog.ts';
import type { EngineName } from './engine-name.ts';
import type { RunningServer } from './process.ts';
import { findFreePort, makeServerFolder, type ServerUser } from './user.ts';

/** What a copy holds: the source at an instant, at a place in its log, or at the time of a snapshot. */
export type RestorePoint<Place = unknown> =
  | { kind: 'point-in-time'; restoreTo: string }
  | { kind: 'clone'; place: Place }
  /** `takenAt` is one of the source's snapshot times. */
  | { kind: 'snapshot'; takenAt: string };

/** The server behind one restored cluster. */
export type ClusterServers = {
  /** @returns the port that the cluster will answer on once it is started */
  recover(point: RestorePoint): Promise<number>;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Removes what recover made. */
  remove(): Promise<void>;
};

/** How an engine brings a source back. */
export type Recovery = {
  engine: EngineName;
  owner: ServerUser;
  earliestRestorableTime: string;
  /** Makes the data folder. @param log the folder to read the log from instead of the archive, or null */
  recover(point: RestorePoint, data: string, log: string | null): Promise<void>;
  startServer(data: string, port: number): Promise<RunningServer>;
  /** Damages the running copy as the fault says. */
  damage(fault: Fault, port: number): Promise<void>;
};

/** A server in its own folder. @param identifier names the folder */
export const clusterServers = (
  identifier: string,
  recovery: Recovery,
  fault: Fault | null,
): ClusterServers => {
  const { engine, owner, earliestRestorableTime } = recovery;
  const folder = join(owner.keeper.folder, identifier);
  const data = join(folder, 'data');
  let port = 0;
  let server: RunningServer | null = null;

  /** A fault may restore to an earlier instant than asked for. */
  const spoil = (point: RestorePoint): RestorePoint => {
    if (point.kind !== 'point-in-time') return point;
    const earlier = addSeconds(point.restoreTo, -(fault?.restoreEarlierSeconds ?? 0));
    const restoreTo = isAfter(earliestRestorableTime, earlier) ? earliestRestorableTime : earlier;
    return { kind: point.kind, restoreTo };
  };

  const stop = async (): Promise<void> => {
    await server?.stop();
    server = null;
  };

  return {
    recover: async (point) => {
      await makeServerFolder(owner, identifier);
      // Aurora would give the source's port, but two clusters on one address cannot share it.
      port = await findFreePort();
      await recovery.recover(spoil(point), data, fault?.hasEmptyArchive ? folder : null);
      await fault?.damageFiles?.[engine]?.(data);
      return port;
    },
    start: async () => {
      if (server !== null) return;
      server = await recovery.startServer(data, port);
      if (fault !== null) await recovery.damage(fault, port);
    },
    stop,
    remove: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
