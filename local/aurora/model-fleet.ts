import type { Aurora, Cluster, Instance, Parameter, Snapshot, Unreadable } from '../../shared/aurora/port.ts';
import type { PostureAurora } from '../../shared/posture/survey.ts';
import { refusal } from './refusal.ts';

/** A cluster that has no server: only what RDS would describe of it. */
export type ModelCluster = {
  cluster: Cluster;
  instances: Instance[];
  /** Of its parameter group. Null: nobody may read it. */
  parameters: Parameter[] | null;
  snapshots: Snapshot[];
  /** Identifiers of those that anybody may restore. */
  publicSnapshots: string[];
  /** Its snapshots in the other Region. */
  copies: Snapshot[];
};

/** `unreadable`: clusters whose description lacks something. */
export type ModelFleet = { members: ModelCluster[]; unreadable: Unreadable[] };

/** A fleet as its Region describes it. */
export const createModelFleet = ({ members, unreadable }: ModelFleet): PostureAurora => ({
  listClusters: async (identifiers) => {
    const isAsked = (identifier: string) => identifiers?.includes(identifier) ?? true;
    return {
      clusters: members.map(({ cluster }) => cluster).filter(({ identifier }) => isAsked(identifier)),
      unreadable: unreadable.filter(({ cluster }) => isAsked(cluster)),
    };
  },
  listRegionInstances: async function* () {
    yield { instances: members.flatMap(({ instances }) => instances), unreadable: [] };
  },
  listSnapshots: async function* (identifiers) {
    const snapshots = members.flatMap((member) => member.snapshots);
    yield snapshots.filter(({ cluster }) => identifiers.includes(cluster));
  },
  listPublicSnapshots: async function* (identifiers) {
    yield members.flatMap(({ snapshots, publicSnapshots }) =>
      snapshots.filter(
        ({ identifier, cluster }) => publicSnapshots.includes(identifier) && identifiers.includes(cluster),
      ),
    );
  },
  listClusterParameters: async (group) => {
    const member = members.find(({ cluster }) => cluster.parameterGroup === group);
    if (member?.parameters != null) return member.parameters;
    throw refusal(
      `describe cluster parameter group ${group}`,
      'AccessDenied',
      'User: arn:aws:iam::123456789012:role/aurora-drills-prod-posture is not authorized to perform: rds:DescribeDBClusterParameters',
    );
  },
});

/** The copies of a fleet's snapshots, as the other Region describes them. */
export const createModelCopies = ({ members }: ModelFleet): Pick<Aurora, 'listSnapshots'> => ({
  listSnapshots: async function* (identifiers) {
    const copies = members.flatMap((member) => member.copies);
    yield copies.filter(({ cluster }) => identifiers.includes(cluster));
  },
});
