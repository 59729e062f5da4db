import type { Backtrack, Backtracking, BlueGreen, ClusterEvent } from '../aurora/backtracks.ts';
import type { Cluster, Parameter } from '../aurora/port.ts';
import type { Known } from '../known.ts';

/** What decides whether a cluster can be rewound. Instants: ISO 8601. */
export type RewindFacts = {
  source: RewindSource;
  /** All rewinds so far, whoever asked for them. */
  backtracks: Known<Backtracking[]>;
  /** In place, as far back as Backtrack can reach. */
  upgrades: Known<ClusterEvent[]>;
  /** Those that this cluster is in. */
  blueGreens: Known<BlueGreen[]>;
  binlog: Known<Binlog>;
  /** Only the server can tell. */
  activity: Known<Activity>;
};

/** Null: RDS does not say; of `backtrack`: it is off; of the others: there is none. */
export type RewindSource = Pick<
  Cluster,
  'identifier' | 'resourceId' | 'engine' | 'engineVersion' | 'engineMode' | 'status' | 'createdAt'
> & {
  backtrack: Backtrack | null;
  isServerlessV2: boolean;
  globalCluster: string | null;
  replicatesFrom: string | null;
  replicas: string[];
};

/** `consumers`: who reads it now; null if nobody was asked. A parameter group tells what the server should have. */
export type Binlog = { isOn: boolean; seenBy: 'server' | 'parameter group'; consumers: string[] | null };

/** Of the last minute. */
export type Activity = { writesPerSecond: number; connections: number };

export const describeSource = (cluster: Cluster): RewindSource => ({
  identifier: cluster.identifier,
  resourceId: cluster.resourceId,
  engine: cluster.engine,
  engineVersion: cluster.engineVersion,
  engineMode: cluster.engineMode,
  status: cluster.status,
  createdAt: cluster.createdAt,
  backtrack: cluster.backtrack,
  isServerlessV2: cluster.capacity !== null,
  globalCluster: cluster.settings?.globalCluster ?? null,
  replicatesFrom: cluster.replication?.from ?? null,
  replicas: cluster.replication?.to ?? [],
});

/**
 * RDS-EVENT-0173, 0176 and 0290 by their texts, since DescribeEvents does not answer ids (Aurora User Guide,
 * USER_Events.Messages). An upgrade that is available, that begins or that cannot be made is none.
 */
const upgraded = /\bhas been (upgraded|patched)\b|\bpatching\b.*\bcompleted\b/i;

export const listUpgrades = (events: readonly ClusterEvent[]): ClusterEvent[] =>
  events.filter(({ message }) => upgraded.test(message));

export const listBlueGreensOf = (cluster: string, all: readonly BlueGreen[]): BlueGreen[] =>
  all.filter(({ source, target }) => source === cluster || target === cluster);

/** What the cluster parameter group says of the binary log: OFF is the default of Aurora MySQL. */
export const readBinlog = (parameters: readonly Parameter[]): Known<Binlog> => {
  const format = parameters.find(({ name }) => name === 'binlog_format')?.value;
  return format === undefined
    ? { unknown: 'the cluster parameter group does not tell binlog_format' }
    : { value: { isOn: format.toUpperCase() !== 'OFF', seenBy: 'parameter group', consumers: null } };
};
