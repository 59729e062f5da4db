import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Instance, QuotasLeft } from '../../shared/aurora/port.ts';
import type { Fault } from '../faults/catalog.ts';
import type { ClusterServers, RestorePoint } from '../servers/cluster.ts';

/** A restored cluster, and the work behind its statuses: in the background, one piece after the other. */
export type RestoredCluster = {
  cluster: Cluster;
  instances: Map<string, Instance>;
  recover(point: RestorePoint): void;
  startInstance(instance: Instance): void;
  stopInstance(identifier: string): void;
  /** Gives its master user another password. */
  resetPassword(password: string): void;
  /** Stops and removes everything, then calls `onGone`. */
  remove(onGone: () => void): void;
};

/** RDS: 40 of each in a Region by default. One cluster and two instances are the source's. */
const quota = 40;

export const countLeft = (restored: readonly Pick<RestoredCluster, 'instances'>[]): QuotasLeft => ({
  clusters: quota - 1 - restored.length,
  instances: quota - 2 - restored.reduce((sum, { instances }) => sum + instances.size, 0),
});

export type RestoredClusterOptions = {
  makeServers: (identifier: string) => ClusterServers;
  fault: Fault | null;
  /** The least time of a creation or deletion, in milliseconds, so that its pending status is seen. */
  pendingMs: number;
  /** Gets what RDS would publish as an event: why a cluster or an instance failed. */
  onEvent: (text: string) => void;
};

/** @param cluster its status and port change during the work */
export const createRestoredCluster = (cluster: Cluster, options: RestoredClusterOptions): RestoredCluster => {
  const { makeServers, fault, pendingMs, onEvent } = options;
  const servers = makeServers(cluster.identifier);
  const instances = new Map<string, Instance>();
  let work: Promise<void> = Promise.resolve();

  const enqueue = (
    piece: () => Promise<void>,
    onEnd: (error: Error | null) => void = () => {},
    about = cluster.identifier,
  ): void => {
    const run = async (): Promise<Error | null> => {
      const [error] = await Promise.all([
        piece().then(
          () => null,
          (thrown: Error) => thrown,
        ),
        sleep(pendingMs),
      ]);
      if (error !== null) onEvent(`${about}: ${error.message}`);
      return error;
    };
    work = work.then(run).then(onEnd);
  };

  /** Ends a creation, unless a deletion was asked for in the meantime. */
  const settle = (what: { status: string }, done: string, failed: string) => (error: Error | null) => {
    if (what.status === 'creating') what.status = error === null ? done : failed;
  };

  return {
    cluster,
    instances,
    recover: (point) => {
      if (fault?.isStuck) return;
      const recover = async () => {
        cluster.port = await servers.recover(point);
      };
      // Aurora calls a recovery that misses its target an incompatible restore.
      enqueue(recover, settle(cluster, 'available', 'incompatible-restore'));
    },
    startInstance: (instance) => {
      const { identifier } = instance;
      if (identifier === cluster.writer) {
        const start = () => servers.start(identifier);
        enqueue(start, settle(instance, fault?.writerStatus ?? 'available', 'failed'));
      } else {
        enqueue(() => servers.addReader(identifier), settle(instance, 'available', 'failed'), identifier);
      }
    },
    stopInstance: (identifier) =>
      enqueue(async () => {
        await servers.removeReader(identifier);
        // The writer's server runs until the last one goes, as if a reader had become the writer.
        if (instances.size === 1) {
          cluster.writer = null;
          await servers.stop();
        }
        instances.delete(identifier);
      }),
    resetPassword: (password) => {
      cluster.status = 'resetting-master-credentials';
      enqueue(
        () => servers.setPassword(password),
        (error) => {
          if (cluster.status !== 'deleting') cluster.status = error === null ? 'available' : 'failed';
        },
      );
    },
    remove: (onGone) =>
      enqueue(async () => {
        await servers.remove();
        onGone();
      }),
  };
};
