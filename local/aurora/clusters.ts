import type { Aurora, Cluster, Instance } from '../../shared/aurora/port.ts';
import { type Clock, toIso } from '../../shared/instants.ts';
import type { EngineName } from '../servers/engine-name.ts';
import type { Source } from '../sources/source.ts';
import { type BacktrackSettings, createBacktracks } from './backtracks.ts';
import {
  binlogFormat,
  blankCluster,
  localParameters,
  restoredSettings,
  sourceInstances,
} from './descriptions.ts';
import { assertStatus, refusal } from './refusal.ts';
import { findPoint } from './restore-point.ts';
import {
  countLeft,
  createRestoredCluster,
  type RestoredCluster,
  type RestoredClusterOptions,
} from './restored-cluster.ts';
import { createSnapshots } from './snapshots.ts';

/**
 * Aurora on this machine: the same verbs, statuses and refusals, over servers that really recover. It leaves out what a
 * drill does not see: networks, parameter groups, encryption, capacity.
 */
export type LocalAuroraOptions = RestoredClusterOptions & {
  /** PostgreSQL by default. */
  engine?: EngineName;
  sourceIdentifier: string;
  /** What it holds, but not what happens to it. */
  source: Omit<
    Source,
    'stopArchiving' | 'isArchiving' | 'runAsOwner' | 'startWriteLoad' | 'startSandbox' | 'makeServers'
  >;
  /** Left out: Backtrack is off. */
  backtrack?: BacktrackSettings | undefined;
  now: Clock;
};

export const createLocalAurora = (options: LocalAuroraOptions): Aurora => {
  const { engine = 'postgres', source, sourceIdentifier, backtrack: settings = null, now } = options;
  const restored = new Map<string, RestoredCluster>();
  const { describe, ...backtrackVerbs } = createBacktracks({ ...options, settings });

  const sourceCluster = (): Cluster => ({
    ...blankCluster(engine, sourceIdentifier, source.port),
    ...describe(),
    earliestRestorableTime: source.archive.earliestRestorableTime,
    latestRestorableTime: source.latestRestorableTime(),
    writer: `${sourceIdentifier}-1`,
  });

  const listAll = (): Cluster[] => [
    sourceCluster(),
    ...structuredClone([...restored.values()].map(({ cluster }) => cluster)),
  ];

  const getRestored = (what: string, identifier: string): RestoredCluster => {
    const found = restored.get(identifier);
    if (found !== undefined) return found;
    throw refusal(what, 'DBClusterNotFoundFault', `DBCluster ${identifier} not found`);
  };

  const assertFree = (what: string, identifier: string): void => {
    if (identifier !== sourceIdentifier && !restored.has(identifier)) return;
    throw refusal(what, 'DBClusterAlreadyExistsFault', `DB Cluster ${identifier} already exists`);
  };

  const { findTime, ...snapshotVerbs } = createSnapshots({
    source,
    describe: sourceCluster,
    pendingMs: options.pendingMs,
    onEvent: options.onEvent,
  });

  return {
    ...snapshotVerbs,
    ...backtrackVerbs,

    findCluster: async (identifier) =>
      identifier === sourceIdentifier ? sourceCluster() : structuredClone(restored.get(identifier)?.cluster),

    listClusters: async (identifiers) => ({
      clusters: listAll().filter(({ identifier }) => identifiers?.includes(identifier) ?? true),
      unreadable: [],
    }),

    findClusterOf: async (instance) =>
      sourceInstances(sourceIdentifier, describe().status).some(({ identifier }) => identifier === instance)
        ? sourceIdentifier
        : [...restored.values()].find(({ instances }) => instances.has(instance))?.cluster.identifier,

    listInstances: async (identifier) =>
      identifier === sourceIdentifier
        ? sourceInstances(sourceIdentifier, describe().status)
        : structuredClone([...(restored.get(identifier)?.instances.values() ?? [])]),

    listClusterParameters: async () =>
      settings === null ? localParameters : [...localParameters, binlogFormat(settings)],
    // Of an instance, nothing is set.
    listInstanceParameters: async () => [],

    readQuotas: async () => countLeft([...restored.values()]),

    // The source of this machine is never deleted.
    listRetainedBackups: async () => [],

    restoreCluster: async (request) => {
      const { target, tags } = request;
      const what = `restore ${target}`;
      assertFree(what, target);
      const point = await findPoint(what, request, source, sourceCluster(), findTime);
      // Somebody may have taken the name while the place in the log was marked.
      assertFree(what, target);
      const cluster = {
        ...blankCluster(engine, target, source.port),
        tags,
        createdAt: toIso(now()),
        isProtected: request.kept !== undefined,
        settings: restoredSettings(request.kept),
      };
      const made = createRestoredCluster(cluster, options);
      restored.set(target, made);
      made.recover(point);
    },

    addWriter: async ({ cluster: identifier, identifier: name, instanceClass, parameterGroup }) => {
      const what = `add instance ${name} to ${identifier}`;
      const local = getRestored(what, identifier);
      if ([...restored.values()].some(({ instances }) => instances.has(name))) {
        throw refusal(what, 'DBInstanceAlreadyExistsFault', `DB instance ${name} already exists`);
      }
      assertStatus(what, local.cluster, 'available');
      const instance: Instance = {
        identifier: name,
        cluster: identifier,
        status: 'creating',
        instanceClass,
        parameterGroup,
      };
      local.instances.set(name, instance);
      local.cluster.writer ??= name;
      local.startInstance(instance);
    },

    startCluster: async (identifier) => {
      const what = `start cluster ${identifier}`;
      const local = getRestored(what, identifier);
      assertStatus(what, local.cluster, 'stopped');
      local.cluster.status = 'available';
    },

    liftProtection: async (identifier) => {
      getRestored(`modify cluster ${identifier}`, identifier).cluster.isProtected = false;
    },

    setMasterPassword: async ({ identifier, password }) => {
      const what = `modify cluster ${identifier}`;
      const local = getRestored(what, identifier);
      assertStatus(what, local.cluster, 'available');
      local.resetPassword(password);
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
      local.stopInstance(name);
    },

    deleteCluster: async (identifier) => {
      const what = `delete cluster ${identifier}`;
      if (identifier === sourceIdentifier || restored.get(identifier)?.cluster.isProtected) {
        const answer = 'Cannot delete protected Cluster, disable protection first';
        throw refusal(what, 'InvalidParameterCombination', answer);
      }
      const local = getRestored(what, identifier);
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
      local.remove(() => restored.delete(identifier));
    },
  };
};
