import { setTimeout as sleep } from 'node:timers/promises';
import type { Aurora, Cluster, Instance } from '../shared/aurora.ts';
import { fromAwsError } from '../shared/aws-errors.ts';
import { isAfter } from '../shared/instants.ts';
import type { Fault } from './faults.ts';
import {
  findFreePort,
  makeServerFolder,
  type Postgres,
  type RunningServer,
  runAsServer,
  startServer,
} from './postgres-server.ts';
import { connectAsOwner, type Source } from './source.ts';
import { recoverTo } from './wal-archive.ts';

/**
 * Aurora on this machine: the same verbs, statuses and refusals, over PostgreSQL servers that really recover.
 * What it leaves out is what a drill does not see: networks, parameter groups, encryption, capacity.
 */
export type LocalAuroraOptions = {
  postgres: Postgres;
  source: Source;
  sourceIdentifier: string;
  database: string;
  password: string;
  fault: Fault | null;
  /** How long each creation and deletion takes at least, so that its pending status is seen. */
  pendingMs: number;
  /** Told what RDS would publish as an event: why a cluster or an instance failed. */
  onEvent: (text: string) => void;
};

type LocalCluster = {
  cluster: Cluster;
  instances: Map<string, Instance>;
  folder: string;
  server: RunningServer | null;
  /** What goes on in the background; a deletion waits for it. */
  work: Promise<void>;
};

const engine = 'aurora-postgresql';

export const createLocalAurora = (options: LocalAuroraOptions): Aurora => {
  const { postgres, source, sourceIdentifier, database, password, fault, pendingMs, onEvent } = options;
  const restored = new Map<string, LocalCluster>();

  const sourceCluster = (): Cluster => ({
    ...blankCluster(sourceIdentifier, source.port),
    status: 'available',
    createdAt: source.createdAt,
    earliestRestorableTime: source.archive.earliestRestorableTime,
    latestRestorableTime: source.latestRestorableTime(),
    writer: `${sourceIdentifier}-1`,
  });

  const sourceInstance = (): Instance => ({
    identifier: `${sourceIdentifier}-1`,
    status: 'available',
    instanceClass: 'db.serverless',
    parameterGroup: null,
  });

  const recover = async (local: LocalCluster, restoreTo: string): Promise<void> => {
    try {
      const data = `${local.folder}/data`;
      const segments = fault?.hasEmptyArchive ? local.folder : source.archive.segments;
      await Promise.all([
        recoverTo(postgres, { ...source.archive, segments }, restoreTo, data),
        sleep(pendingMs),
      ]);
      if (local.cluster.status === 'creating') local.cluster.status = 'available';
    } catch (error) {
      // Recovery that does not reach its target is what Aurora calls an incompatible restore.
      onEvent(`${local.cluster.identifier}: ${(error as Error).message}`);
      if (local.cluster.status === 'creating') local.cluster.status = 'incompatible-restore';
    }
  };

  const startInstance = async (local: LocalCluster, instance: Instance): Promise<void> => {
    const { port } = local.cluster;
    try {
      if (local.server === null) {
        const [server] = await Promise.all([
          startServer(postgres, `${local.folder}/data`, port),
          sleep(pendingMs),
        ]);
        local.server = server;
        await applyDamage(port);
      }
      if (instance.status === 'creating') instance.status = 'available';
    } catch (error) {
      onEvent(`${instance.identifier}: ${(error as Error).message}`);
      instance.status = 'failed';
    }
  };

  const applyDamage = async (port: number): Promise<void> => {
    if (fault?.damage === undefined) return;
    const client = await connectAsOwner(port, database, password);
    await fault.damage(client);
    await client.end();
  };

  const remove = async (local: LocalCluster): Promise<void> => {
    await local.work;
    await Promise.all([local.server?.stop(), sleep(pendingMs)]);
    await runAsServer(postgres, 'rm', ['-rf', `${local.folder}/data`]);
    restored.delete(local.cluster.identifier);
  };

  return {
    findCluster: async (identifier) =>
      identifier === sourceIdentifier ? sourceCluster() : structuredClone(restored.get(identifier)?.cluster),

    listInstances: async (identifier) =>
      identifier === sourceIdentifier
        ? [sourceInstance()]
        : structuredClone([...(restored.get(identifier)?.instances.values() ?? [])]),

    restoreCluster: async ({ source: from, target, restoreTo, tags }) => {
      const what = `restore ${target} from ${from}`;
      if (from !== sourceIdentifier)
        throw refusal(what, 'DBClusterNotFoundFault', `DBCluster ${from} not found`);
      if (target === sourceIdentifier || restored.has(target)) {
        throw refusal(what, 'DBClusterAlreadyExistsFault', `DB Cluster ${target} already exists`);
      }
      assertRestorable(what, restoreTo, sourceCluster());
      const folder = await makeServerFolder(postgres, target);
      // Two clusters on one address cannot share the source's port, which is what Aurora would give.
      const cluster = {
        ...blankCluster(target, await findFreePort()),
        tags,
        createdAt: new Date().toISOString(),
      };
      const local: LocalCluster = {
        cluster,
        instances: new Map(),
        folder,
        server: null,
        work: Promise.resolve(),
      };
      restored.set(target, local);
      if (!fault?.isStuck) local.work = recover(local, restoreTo);
    },

    addWriter: async ({ cluster: identifier, identifier: name, instanceClass }) => {
      const what = `add instance ${name} to ${identifier}`;
      const local = restored.get(identifier);
      if (local === undefined)
        throw refusal(what, 'DBClusterNotFoundFault', `DBCluster ${identifier} not found`);
      if ([...restored.values()].some(({ instances }) => instances.has(name))) {
        throw refusal(what, 'DBInstanceAlreadyExistsFault', `DB instance ${name} already exists`);
      }
      if (local.cluster.status !== 'available') {
        throw refusal(
          what,
          'InvalidDBClusterStateFault',
          `the cluster is ${local.cluster.status}, not available`,
        );
      }
      const instance: Instance = {
        identifier: name,
        status: 'creating',
        instanceClass,
        parameterGroup: null,
      };
      local.instances.set(name, instance);
      local.cluster.writer ??= name;
      local.work = local.work.then(() => startInstance(local, instance));
    },

    deleteInstance: async (name) => {
      const what = `delete instance ${name}`;
      const local = [...restored.values()].find(({ instances }) => instances.has(name));
      const instance = local?.instances.get(name);
      if (local === undefined || instance === undefined) {
        throw refusal(what, 'DBInstanceNotFound', `DB instance ${name} not found`);
      }
      if (instance.status === 'deleting') {
        throw refusal(what, 'InvalidDBInstanceState', `Instance ${name} is already being deleted`);
      }
      instance.status = 'deleting';
      local.work = local.work.then(async () => {
        await sleep(pendingMs);
        if (local.instances.size === 1) await local.server?.stop();
        if (local.instances.size === 1) local.server = null;
        local.instances.delete(name);
      });
    },

    deleteCluster: async (identifier) => {
      const what = `delete cluster ${identifier}`;
      if (identifier === sourceIdentifier) {
        throw refusal(
          what,
          'InvalidParameterCombination',
          'Cannot delete protected Cluster, disable protection first',
        );
      }
      const local = restored.get(identifier);
      if (local === undefined)
        throw refusal(what, 'DBClusterNotFoundFault', `DBCluster ${identifier} not found`);
      if (local.cluster.status === 'deleting') {
        throw refusal(what, 'InvalidDBClusterStateFault', 'the cluster is already being deleted');
      }
      if ([...local.instances.values()].some(({ status }) => status !== 'deleting')) {
        throw refusal(
          what,
          'InvalidDBClusterStateFault',
          'Cluster cannot be deleted, it still contains DB instances',
        );
      }
      local.cluster.status = 'deleting';
      local.work = remove(local);
    },
  };
};

const blankCluster = (identifier: string, port: number): Cluster => ({
  identifier,
  engine,
  engineVersion: '18',
  status: 'creating',
  createdAt: null,
  endpoint: '127.0.0.1',
  readerEndpoint: '127.0.0.1',
  port,
  // Null until a cluster's own restore completes; what is restored here is never backed up itself.
  earliestRestorableTime: null,
  latestRestorableTime: null,
  subnetGroup: null,
  securityGroups: [],
  parameterGroup: null,
  capacity: null,
  writer: null,
  tags: {},
});

/** The bounds of RestoreToTime, and the two answers beyond them, as RDS gives them. */
const assertRestorable = (what: string, restoreTo: string, source: Cluster): void => {
  const { earliestRestorableTime: earliest, latestRestorableTime: latest } = source;
  if (earliest === null || isAfter(earliest, restoreTo)) {
    throw refusal(what, 'InvalidParameterValue', `cannot be restored to a time earlier than ${earliest}`);
  }
  if (latest === null || !isAfter(latest, restoreTo)) {
    throw refusal(what, 'InvalidParameterValue', `cannot be restored to a time later than ${latest}`);
  }
};

/** Refuses as RDS would, through the same translation as its real answers. */
const refusal = (what: string, name: string, message: string): Error =>
  fromAwsError(what, Object.assign(new Error(message), { name }));
