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

/** A server's data folder, and its port on 127.0.0.1. */
export type ServerPlace = { data: string; port: number };

/** Unlike Aurora's, each reader here has a port of its own. */
export type LocalReader = { identifier: string; port: number };

/** The servers behind one restored cluster: its writer, and its readers. */
export type ClusterServers = {
  /** @returns the port that the cluster will answer on once it is started */
  recover(point: RestorePoint): Promise<number>;
  /** Starts the writer. @param instance the server says this name when it is asked who it is */
  start(instance: string): Promise<void>;
  /** Stops the writer. */
  stop(): Promise<void>;
  /** Of the owner, while the writer runs. Readers that are there already do not know it. */
  setPassword(password: string): Promise<void>;
  /** Resolves once the new reader answers. @throws Error when it cannot follow the writer */
  addReader(identifier: string): Promise<void>;
  /** Stops a reader and removes its folder. Does nothing when there is none. */
  removeReader(identifier: string): Promise<void>;
  /** Those that answer. */
  listReaders(): LocalReader[];
  /** Removes the readers, then what recover made. */
  remove(): Promise<void>;
};

/** How an engine brings a source back. */
export type Recovery = {
  engine: EngineName;
  owner: ServerUser;
  /** Of the owner, in the source. */
  password: string;
  earliestRestorableTime: string;
  /** Makes the data folder. @param log the folder to read the log from instead of the archive, or null */
  recover(point: RestorePoint, data: string, log: string | null): Promise<void>;
  startServer(data: string, port: number, instance: string): Promise<RunningServer>;
  /** Starts a read-only server that follows the running writer. Resolves once it answers. */
  startReader(writer: ServerPlace, reader: ServerPlace): Promise<RunningServer>;
  /** Signs in as the owner with the one password, and gives it another. */
  changePassword(port: number, from: string, to: string): Promise<void>;
  /** Damages the running copy as the fault says. */
  damage(fault: Fault, port: number): Promise<void>;
};

/** Servers below one folder. @param identifier names the folder */
export const clusterServers = (
  identifier: string,
  recovery: Recovery,
  fault: Fault | null,
): ClusterServers => {
  const { engine, owner, earliestRestorableTime } = recovery;
  let { password } = recovery;
  const folder = join(owner.keeper.folder, identifier);
  const data = join(folder, 'data');
  let port = 0;
  let server: RunningServer | null = null;
  const readers = new Map<string, LocalReader & { server: RunningServer }>();

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

  const folderOf = (reader: string): string => `reader-${reader}`;

  const addReader = async (reader: string): Promise<void> => {
    if (server === null)
      throw new Error(`the writer of ${identifier} does not run, so that no reader can follow it`);
    const place = { data: join(folder, folderOf(reader), 'data'), port: await findFreePort() };
    await makeServerFolder(owner, join(identifier, folderOf(reader)));
    const started = await recovery.startReader({ data, port }, place);
    readers.set(reader, { identifier: reader, port: place.port, server: started });
  };

  const removeReader = async (reader: string): Promise<void> => {
    await readers.get(reader)?.server.stop();
    readers.delete(reader);
    await rm(join(folder, folderOf(reader)), { recursive: true, force: true });
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
    start: async (instance) => {
      if (server !== null) return;
      server = await recovery.startServer(data, port, instance);
      if (fault !== null) await recovery.damage(fault, port);
    },
    stop,
    addReader,
    removeReader,
    listReaders: () => [...readers.values()].map(({ identifier, port }) => ({ identifier, port })),
    setPassword: async (next) => {
      await recovery.changePassword(port, password, next);
      password = next;
    },
    remove: async () => {
      await Promise.all([...readers.keys()].map(removeReader));
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
