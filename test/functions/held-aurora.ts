import type { Aurora, Cluster, Instance, Snapshot } from '../../shared/aurora/port.ts';
import { DrillError, type ErrorName } from '../../shared/errors.ts';
import { makeAurora } from './fakes.ts';

/** A cluster and its instances, as Aurora holds them. */
export type Held = { cluster: Cluster; instances: Instance[] };

export const isNamed =
  (name: string) =>
  ({ identifier }: { identifier: string }): boolean =>
    identifier === name;

type Change = (held: Held, name: string) => ErrorName | undefined;

/**
 * Clusters in memory, refusing what RDS refuses.
 * @param onChange told of every requested change, even a refused one, and of its cluster
 */
export const makeHeldAurora = (
  fleet: Held[],
  onChange: (verb: string, name: string, cluster: string | null) => void,
  snapshots: Snapshot[] = [],
): Aurora => {
  const find = (name: string) => fleet.find(({ cluster }) => cluster.identifier === name);
  const asks = (verb: string, change: Change) => async (name: string) => {
    const held = fleet.find((each) => [each.cluster, ...each.instances].some(isNamed(name)));
    onChange(verb, name, held?.cluster.identifier ?? null);
    const refusal = held === undefined ? 'ClusterNotFound' : change(held, name);
    if (refusal !== undefined) throw new DrillError(refusal, `refused to ${verb} ${name}`);
  };
  const set = (to: Cluster | Instance | undefined, changes: object) => void Object.assign(to ?? {}, changes);
  const wrong = 'InvalidClusterState';
  return makeAurora({
    listClusters: async () => ({
      clusters: structuredClone(fleet.map(({ cluster }) => cluster)),
      unreadable: [],
    }),
    findCluster: async (name) => structuredClone(find(name)?.cluster),
    listInstances: async (name) => structuredClone(find(name)?.instances ?? []),
    listManualSnapshots: async function* () {
      yield structuredClone(snapshots.filter(({ type }) => type === 'manual'));
    },
    findSnapshot: async (name) => structuredClone(snapshots.find(isNamed(name))),
    deleteSnapshot: async (name) => {
      onChange('deleteSnapshot', name, null);
      const snapshot = snapshots.find(isNamed(name));
      if (snapshot === undefined) throw new DrillError('SnapshotNotFound', `there is no ${name}`);
      if (['creating', 'deleting'].includes(snapshot.status))
        throw new DrillError(wrong, `${name} is ${snapshot.status}`);
      snapshot.status = 'deleting';
    },
    startCluster: asks('startCluster', ({ cluster }) =>
      cluster.status === 'stopped' ? set(cluster, { status: 'starting' }) : wrong,
    ),
    liftProtection: asks('liftProtection', ({ cluster }) =>
      set(cluster, { isProtected: false, status: 'modifying' }),
    ),
    deleteInstance: asks('deleteInstance', ({ cluster, instances }, name) => {
      const instance = instances.find(isNamed(name));
      const isHeld = cluster.status === 'stopped' || instance?.status === 'creating';
      return isHeld ? wrong : set(instance, { status: 'deleting' });
    }),
    deleteCluster: asks('deleteCluster', ({ cluster, instances }) => {
      if (cluster.isProtected || cluster.status === 'modifying') return 'RequestRefused';
      const isHeld = cluster.status === 'stopped' || instances.some(({ status }) => status !== 'deleting');
      return isHeld ? wrong : set(cluster, { status: 'deleting' });
    }),
  });
};

/** Some minutes later, for clusters that may change. The others stay exactly as they are. */
export const passTime = (fleet: Held[], mayChange: (cluster: Cluster) => boolean = () => true): void => {
  for (const held of fleet.splice(0)) {
    const { cluster } = held;
    if (mayChange(cluster)) {
      held.instances = held.instances.filter(({ status }) => status !== 'deleting');
      for (const one of held.instances) if (one.status === 'creating') one.status = 'available';
      if (['starting', 'modifying'].includes(cluster.status)) cluster.status = 'available';
      if (cluster.status === 'deleting' && held.instances.length === 0) continue;
    }
    fleet.push(held);
  }
};
