import {
  CreateDBInstanceCommand,
  type DBCluster,
  type DBInstance,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  paginateDescribeDBInstances,
  RDSClient,
  RestoreDBClusterToPointInTimeCommand,
  type Tag,
} from '@aws-sdk/client-rds';
import type { Aurora, Cluster, Instance } from './aurora.ts';
import { fromAwsError } from './aws-errors.ts';
import { DrillError, isDrillError } from './errors.ts';
import { toIso } from './instants.ts';

/** Amazon RDS behind the Aurora port. The only file that imports the RDS client. */
export const rdsAurora = (client = new RDSClient({})): Aurora => ({
  findCluster: async (identifier) => {
    try {
      const answer = await asking(`describe cluster ${identifier}`, () =>
        client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: identifier })),
      );
      const [cluster] = answer.DBClusters ?? [];
      return cluster && toCluster(cluster);
    } catch (error) {
      if (isDrillError(error, 'ClusterNotFound')) return undefined;
      throw error;
    }
  },

  listInstances: (clusterIdentifier) =>
    asking(`list the instances of ${clusterIdentifier}`, async () => {
      const instances: Instance[] = [];
      const filter = { Name: 'db-cluster-id', Values: [clusterIdentifier] };
      for await (const page of paginateDescribeDBInstances({ client }, { Filters: [filter] })) {
        instances.push(...(page.DBInstances ?? []).map(toInstance));
      }
      return instances;
    }),

  restoreCluster: async (request) => {
    const { source, target, restoreTo, capacity } = request;
    await asking(`restore ${target} from ${source} to ${restoreTo}`, () =>
      client.send(
        new RestoreDBClusterToPointInTimeCommand({
          SourceDBClusterIdentifier: source,
          DBClusterIdentifier: target,
          RestoreToTime: new Date(restoreTo),
          Port: request.port,
          DBSubnetGroupName: request.subnetGroup ?? undefined,
          VpcSecurityGroupIds: request.securityGroups,
          DBClusterParameterGroupName: request.parameterGroup ?? undefined,
          // Two pages of AWS disagree on the default, and without it the reader cannot sign in.
          EnableIAMDatabaseAuthentication: true,
          DeletionProtection: false,
          // Inherited from the source otherwise; a copy that lives an hour needs the least there is.
          BackupRetentionPeriod: 1,
          ...(capacity && {
            ServerlessV2ScalingConfiguration: { MinCapacity: capacity.min, MaxCapacity: capacity.max },
          }),
          // Left out, Aurora would copy the source's tags, and the copy would look like production (aurora-pitr).
          Tags: toTags(request.tags),
        }),
      ),
    );
  },

  addWriter: async ({ cluster, identifier, engine, instanceClass, parameterGroup, tags }) => {
    await asking(`add instance ${identifier} to ${cluster}`, () =>
      client.send(
        new CreateDBInstanceCommand({
          DBClusterIdentifier: cluster,
          DBInstanceIdentifier: identifier,
          Engine: engine,
          DBInstanceClass: instanceClass,
          DBParameterGroupName: parameterGroup ?? undefined,
          PubliclyAccessible: false,
          Tags: toTags(tags),
        }),
      ),
    );
  },

  // A member of a cluster has no final snapshot to skip (AWS CLI, examples of delete-db-instance).
  deleteInstance: async (identifier) => {
    await asking(`delete instance ${identifier}`, () =>
      client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: identifier })),
    );
  },

  deleteCluster: async (identifier) => {
    await asking(`delete cluster ${identifier}`, () =>
      client.send(
        new DeleteDBClusterCommand({
          DBClusterIdentifier: identifier,
          SkipFinalSnapshot: true,
          DeleteAutomatedBackups: true,
        }),
      ),
    );
  },
});

const asking = async <Answer>(operation: string, ask: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await ask();
  } catch (error) {
    throw fromAwsError(operation, error);
  }
};

const toCluster = (cluster: DBCluster): Cluster => {
  const { ServerlessV2ScalingConfiguration: scaling } = cluster;
  return {
    identifier: present(cluster.DBClusterIdentifier, 'DBClusterIdentifier'),
    engine: present(cluster.Engine, 'Engine'),
    engineVersion: cluster.EngineVersion ?? 'unknown',
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
    capacity:
      scaling?.MinCapacity !== undefined && scaling.MaxCapacity !== undefined
        ? { min: scaling.MinCapacity, max: scaling.MaxCapacity }
        : null,
    writer: cluster.DBClusterMembers?.find((member) => member.IsClusterWriter)?.DBInstanceIdentifier ?? null,
    tags: Object.fromEntries((cluster.TagList ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
  };
};

const toInstance = (instance: DBInstance): Instance => ({
  identifier: present(instance.DBInstanceIdentifier, 'DBInstanceIdentifier'),
  status: present(instance.DBInstanceStatus, 'DBInstanceStatus'),
  instanceClass: present(instance.DBInstanceClass, 'DBInstanceClass'),
  parameterGroup: instance.DBParameterGroups?.[0]?.DBParameterGroupName ?? null,
});

const toTags = (tags: Record<string, string>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const toInstant = (date: Date | undefined): string | null => (date === undefined ? null : toIso(date));

/** RDS's types make every member optional; one that a drill cannot do without must not be guessed. */
const present = <Value>(value: Value | undefined, member: string): Value => {
  if (value === undefined) throw new DrillError('UnreadableAnswer', `RDS answered without ${member}`);
  return value;
};
