import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Instance } from '../shared/aurora.ts';
import type { Fault } from './faults.ts';
import {
  findFreePort,
  makeServerFolder,
  type Postgres,
  type RunningServer,
  startServer,
} from './postgres-server.ts';
import { connectAsOwner, type Source } from './source.ts';
import { recoverTo } from './wal-archive.ts';

/** The servers and folders behind a restored cluster. Its work goes on in the background, one piece after the other. */
export type RestoredCluster = {
  cluster: Cluster;
  instances: Map<string, Instance>;
  recover(restoreTo: string): void;
  startInstance(instance: Instance): void;
  stopInstance(identifier: string): void;
  /** Stops and removes everything, then says so. */
  remove(onGone: () => void): void;
};

export type RestoredClusterOptions = {
  postgres: Postgres;
  source: Source;
  database: string;
  password: string;
  fault: Fault | null;
  /** How long each creation and deletion takes at least, so that its pending status is seen. */
  pendingMs: number;
  /** Told what RDS would publish as an event: why a cluster or an instance failed. */
  onEvent: (text: string) => void;
};

/** @param cluster its status and port change as the work goes on */
export const createRestoredCluster = (cluster: Cluster, options: RestoredClusterOptions): RestoredCluster => {
  const { postgres, source, database, password, fault, pendingMs, onEvent } = options;
  const folder = join(postgres.keeper.folder, cluster.identifier);
  const data = join(folder, 'data');
  const instances = new Map<string, Instance>();
  let server: RunningServer | null = null;
  let work: Promise<void> = Promise.resolve();

  const enqueue = (piece: () => Promise<void>, onEnd: (error: Error | null) => void = () => {}): void => {
    const run = async (): Promise<Error | null> => {
      const [error] = await Promise.all([
        piece().then(
          () => null,
          (thrown: Error) => thrown,
        ),
        sleep(pendingMs),
      ]);
      if (error !== null) onEvent(`${cluster.identifier}: ${error.message}`);
      return error;
    };
    work = work.then(run).then(onEnd);
  };

  /** Ends a creation; a deletion that was asked for meanwhile stands. */
  const settle = (what: { status: string }, done: string, failed: string) => (error: Error | null) => {
    if (what.status === 'creating') what.status = error === null ? done : failed;
  };

  const stop = async (): Promise<void> => {
    await server?.stop();
    server = null;
  };

  const recover = async (restoreTo: string): Promise<void> => {
    await makeServerFolder(postgres, cluster.identifier);
    // Two clusters on one address cannot share the source's port, which is what Aurora would give.
    cluster.port = await findFreePort();
    const segments = fault?.hasEmptyArchive ? folder : source.archive.segments;
    await recoverTo(postgres, { ...source.archive, segments }, restoreTo, data);
  };

  const start = async (): Promise<void> => {
    if (server !== null) return;
    server = await startServer(postgres, data, cluster.port);
    if (fault?.damage === undefined) return;
    const client = await connectAsOwner(cluster.port, database, password);
    await fault.damage(client);
    await client.end();
  };

  return {
    cluster,
    instances,
    recover: (restoreTo) => {
      // Recovery that does not reach its target is what Aurora calls an incompatible restore.
      if (!fault?.isStuck) {
        enqueue(() => recover(restoreTo), settle(cluster, 'available', 'incompatible-restore'));
      }
    },
    startInstance: (instance) => enqueue(start, settle(instance, 'available', 'failed')),
    stopInstance: (identifier) =>
      enqueue(async () => {
        if (instances.size === 1) await stop();
        instances.delete(identifier);
      }),
    remove: (onGone) =>
      enqueue(async () => {
        await stop();
        await rm(folder, { recursive: true, force: true });
        onGone();
      }),
  };
};
