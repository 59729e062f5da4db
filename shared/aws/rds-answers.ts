import type {
  DBCluster,
  DBClusterSnapshot,
  DBInstance,
  Parameter as RdsParameter,
  ServerlessV2ScalingConfigurationInfo,
  Tag,
} from '@aws-sdk/client-rds';
import type { Capacity, Cluster, ClusterList, Instance, Parameter, Snapshot } from '../aurora/port.ts';
import { DrillError, describeError } from '../errors.ts';
import { toIso } from '../instants.ts';
import { toClusterSettings, toInstanceSettings } from './rds-settings.ts';

/** What RDS answers, in our words. */
export const toCluster = (cluster: DBCluster): Cluster => {
  const { ServerlessV2ScalingConfiguration: scaling } = cluster;
  return {
    identifier: present(cluster.DBClusterIdentifier, 'DBClusterIdentifier'),
    resourceId: cluster.DbClusterResourceId ?? null,
    engine: present(cluster.Engine, 'Engine'),
    engineVersion: cluster.EngineVersion ?? 'unknown',
    engineMode: cluster.EngineMode ?? null,
    isLimitless: cluster.ClusterScalabilityType === 'limitless',
    isInVpc: cluster.VPCNetworkingEnabled ?? true,
    status: present(cluster.Status, 'Status'),
    createdAt: toInstant(cluster.ClusterCreateTime),
    endpoint: cluster.Endpoint ?? null,
    readerEndpoint: cluster.ReaderEndpoint ?? null,
    port: present(cluster.Port, 'Port'),
    earliestRestorableTime: toInstant(cluster.EarliestRestorableTime),
    latestRestorableTime: toInstant(cluster.LatestRestorableTime),
    subnetGroup: cluster.DBSubnetGroup ?? null,
    securityGroups: (cluster.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId: id }) => id ?? []),
    parameterGroup: cluster.DBClusterParameterGroup ?? null,
    capacity: toCapacity(scaling),
    storageType: cluster.StorageType ?? null,
    lifecycleSupport: cluster.EngineLifecycleSupport ?? null,
    networkType: cluster.NetworkType ?? null,
    writer: cluster.DBClusterMembers?.find((member) => member.IsClusterWriter)?.DBInstanceIdentifier ?? null,
    // 0 means that Backtrack is off (API, DBCluster).
    backtrack: cluster.BacktrackWindow
      ? { targetSeconds: cluster.BacktrackWindow, earliestTime: toInstant(cluster.EarliestBacktrackTime) }
      : null,
    isProtected: cluster.DeletionProtection ?? false,
    tags: toTags(cluster.TagList),
    cloneGroup: cluster.CloneGroupId ?? null,
    masterUser: cluster.MasterUsername ?? null,
    isPasswordPending: cluster.PendingModifiedValues?.MasterUserPassword !== undefined,
    pending: toPending(cluster),
    unrebooted: (cluster.DBClusterMembers ?? []).flatMap(
      ({ DBInstanceIdentifier: name, DBClusterParameterGroupStatus: status }) =>
        name !== undefined && status === 'pending-reboot' ? [name] : [],
    ),
    settings: toClusterSettings(cluster),
    replication: {
      from: cluster.ReplicationSourceIdentifier ?? null,
      to: cluster.ReadReplicaIdentifiers ?? [],
    },
    arn: cluster.DBClusterArn ?? null,
    encryption: toEncryption(cluster),
  };
};

/** What else RDS calls pending is under way, whatever the window. */
const toPending = ({ PendingModifiedValues: pending = {} }: DBCluster): string[] =>
  Object.entries(pending).flatMap(([name, value]) =>
    value === undefined || underWay.includes(name) ? [] : [name],
  );

const underWay = ['MasterUserPassword', 'PendingCloudwatchLogsExports'];

/** One page of a listing. A cluster that cannot be read is named, and does not hide the others. */
export const toClusterList = (clusters: DBCluster[]): ClusterList => {
  const list: ClusterList = { clusters: [], unreadable: [] };
  for (const cluster of clusters) {
    try {
      list.clusters.push(toCluster(cluster));
    } catch (error) {
      const name = cluster.DBClusterIdentifier ?? 'a cluster without identifier';
      list.unreadable.push({ cluster: name, reason: describeError(error) });
    }
  }
  return list;
};

/** None for a snapshot that does not say whose it is: it proves nothing for any cluster. */
export const toSnapshots = (snapshot: DBClusterSnapshot): Snapshot[] =>
  snapshot.DBClusterIdentifier === undefined
    ? []
    : [
        {
          identifier: snapshot.DBClusterSnapshotIdentifier ?? '',
          cluster: snapshot.DBClusterIdentifier,
          clusterResourceId: snapshot.DbClusterResourceId ?? null,
          type: snapshot.SnapshotType ?? 'unknown',
          status: snapshot.Status ?? 'unknown',
          createdAt: toInstant(snapshot.SnapshotCreateTime),
          isCopy: Boolean(snapshot.SourceDBClusterSnapshotArn),
          engine: snapshot.Engine ?? 'unknown',
          engineVersion: snapshot.EngineVersion ?? 'unknown',
          tags: toTags(snapshot.TagList),
          arn: snapshot.DBClusterSnapshotArn ?? null,
          encryption: toEncryption(snapshot),
          copiedFrom: snapshot.SourceDBClusterSnapshotArn || null,
        },
      ];

export const toInstance = (instance: DBInstance): Instance => ({
  identifier: present(instance.DBInstanceIdentifier, 'DBInstanceIdentifier'),
  cluster: instance.DBClusterIdentifier ?? null,
  status: present(instance.DBInstanceStatus, 'DBInstanceStatus'),
  instanceClass: present(instance.DBInstanceClass, 'DBInstanceClass'),
  parameterGroup: instance.DBParameterGroups?.[0]?.DBParameterGroupName ?? null,
  zone: instance.AvailabilityZone ?? null,
  endpoint: instance.Endpoint?.Address ?? null,
  settings: toInstanceSettings(instance),
});

/** Of the values RDS says whose they are: user, system or engine-default (API, Parameter). */
export const toParameters = (parameters: RdsParameter[]): Parameter[] =>
  parameters.flatMap(({ ParameterName: name, ParameterValue: value, Source }) =>
    name === undefined || value === undefined ? [] : [{ name, value, isSet: Source === 'user' }],
  );

export const toTags = (tags: Tag[] = []): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));

export const toInstant = (date: Date | undefined): string | null => (date === undefined ? null : toIso(date));

/** The SDK's types make every member optional. A drill never guesses one that it needs. */
export const present = <Value>(value: Value | undefined, member: string): Value => {
  if (value === undefined) throw new DrillError('UnreadableAnswer', `RDS answered without ${member}`);
  return value;
};

/** StorageEncrypted is false also where a key of AWS encrypts (API, DBCluster), so it decides only where the type is not told. */
const toEncryption = ({
  StorageEncryptionType: type,
  StorageEncrypted: hasKey,
}: Pick<DBCluster, 'StorageEncryptionType' | 'StorageEncrypted'>): string | null => {
  if (type !== undefined || hasKey === undefined) return type ?? null;
  return hasKey ? 'sse-kms' : 'none';
};

/** Only a cluster that may go down to 0 pauses (API, ServerlessV2ScalingConfiguration). */
const toCapacity = ({
  MinCapacity: min,
  MaxCapacity: max,
  SecondsUntilAutoPause: autoPauseSeconds,
}: ServerlessV2ScalingConfigurationInfo = {}): Capacity | null => {
  if (min === undefined || max === undefined) return null;
  return { min, max, ...(min === 0 && autoPauseSeconds !== undefined && { autoPauseSeconds }) };
};
