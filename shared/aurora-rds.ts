import {
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  paginateDescribeDBClusterSnapshots,
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  RDSClient,
  RestoreDBClusterToPointInTimeCommand,
  type Tag,
} from '@aws-sdk/client-rds';
import type { Aurora, ClusterList, Instance } from './aurora.ts';
import { fromAwsError } from './aws-errors.ts';
import { isDrillError } from './errors.ts';
import { toCluster, toClusterList, toInstance, toSnapshots } from './rds-answers.ts';
import { listSome } from './words.ts';

/** RDS: the largest pages there are. */
const pageSize = 100;

/** The same API describes Neptune, DocumentDB and Multi-AZ clusters of RDS. */
const auroraEngines = { Name: 'engine', Values: ['aurora-mysql', 'aurora-postgresql'] };

const clusterFilter = (identifiers: readonly string[]) => ({
  Name: 'db-cluster-id',
  Values: [...identifiers],
});

/** For callers that nobody retries: throttled calls are repeated by the SDK, with growing pauses and jitter. */
export const patientRdsAurora = (): Aurora => rdsAurora(new RDSClient({ maxAttempts: 10 }));

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

  listClusters: (identifiers) =>
    asking('list the clusters', async () => {
      const filters = [auroraEngines, ...(identifiers ? [clusterFilter(identifiers)] : [])];
      const list: ClusterList = { clusters: [], unreadable: [] };
      for await (const page of paginateDescribeDBClusters({ client, pageSize }, { Filters: filters })) {
        const { clusters, unreadable } = toClusterList(page.DBClusters ?? []);
        list.clusters.push(...clusters);
        list.unreadable.push(...unreadable);
      }
      return list;
    }),

  findClusterOf: async (instanceIdentifier) => {
    try {
      const answer = await asking(`describe instance ${instanceIdentifier}`, () =>
        client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: instanceIdentifier })),
      );
      return answer.DBInstances?.[0]?.DBClusterIdentifier;
    } catch (error) {
      if (isDrillError(error, 'ClusterNotFound')) return undefined;
      throw error;
    }
  },

  // Without a snapshot type the answer has automated and manual ones (API); those of AWS Backup are among the manual
  // ones, as far as is known.
  listSnapshots: async function* (clusterIdentifiers) {
    try {
      const request = { Filters: [clusterFilter(clusterIdentifiers)] };
      for await (const page of paginateDescribeDBClusterSnapshots({ client, pageSize }, request)) {
        yield (page.DBClusterSnapshots ?? []).flatMap(toSnapshots);
      }
    } catch (error) {
      throw fromAwsError(`list the snapshots of ${listSome(clusterIdentifiers, 3)}`, error);
    }
  },

  listInstances: (clusterIdentifier) =>
    asking(`list the instances of ${clusterIdentifier}`, async () => {
      const instances: Instance[] = [];
      const request = { Filters: [clusterFilter([clusterIdentifier])] };
      for await (const page of paginateDescribeDBInstances({ client }, request)) {
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

const toTags = (tags: Record<string, string>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
