import {
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DeleteDBClusterSnapshotCommand,
  DeleteDBInstanceCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  ModifyDBClusterCommand,
  paginateDescribeDBClusterParameters,
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  paginateDescribeDBParameters,
  RDSClient,
  RestoreDBClusterFromSnapshotCommand,
  RestoreDBClusterToPointInTimeCommand,
  StartDBClusterCommand,
} from '@aws-sdk/client-rds';
import type { Aurora, ClusterList, CopyRequest, Instance, Parameter } from '../aurora/port.ts';
import { isDrillError } from '../errors.ts';
import { listSome } from '../words.ts';
import { asking } from './errors.ts';
import { toCluster, toClusterList, toInstance, toParameters, toSnapshots } from './rds-answers.ts';
import { pageSnapshots } from './rds-region.ts';
import {
  auroraEngines,
  clusterFilter,
  pageSize,
  toInstanceInput,
  toRestoreInput,
  toSnapshotInput,
  toTakeInput,
} from './rds-requests.ts';
import { connectVerbs } from './verbs.ts';

/** Amazon RDS behind the Aurora port, with the given verbs: of this file and of the rds-*.ts beside it. */
export const rdsAurora = <Verbs extends Record<string, (client: RDSClient) => unknown>>(
  verbs: Verbs,
  client = new RDSClient({}),
) => connectVerbs(verbs, client);

/**
 * For callers that nobody retries: the SDK repeats throttled calls, with growing pauses and jitter.
 * @param region left out: that of the environment
 */
export const patientRds = (region?: string): RDSClient =>
  new RDSClient({ maxAttempts: 10, ...(region !== undefined && { region }) });

/** For a call that must not be made twice: the SDK repeats nothing by itself. */
export const onceRds = (): RDSClient => new RDSClient({ maxAttempts: 1 });

export const findCluster =
  (client: RDSClient): Aurora['findCluster'] =>
  (identifier) =>
    askingForOne(`describe cluster ${identifier}`, async () => {
      const request = { DBClusterIdentifier: identifier };
      const { DBClusters = [] } = await client.send(new DescribeDBClustersCommand(request));
      return DBClusters[0] && toCluster(DBClusters[0]);
    });

export const listClusters =
  (client: RDSClient): Aurora['listClusters'] =>
  (identifiers) =>
    asking('list the clusters', async () => {
      const filters = [auroraEngines, ...(identifiers ? [clusterFilter(identifiers)] : [])];
      const list: ClusterList = { clusters: [], unreadable: [] };
      for await (const page of paginateDescribeDBClusters({ client, pageSize }, { Filters: filters })) {
        const { clusters, unreadable } = toClusterList(page.DBClusters ?? []);
        list.clusters.push(...clusters);
        list.unreadable.push(...unreadable);
      }
      return list;
    });

export const findClusterOf =
  (client: RDSClient): Aurora['findClusterOf'] =>
  (instanceIdentifier) =>
    askingForOne(`describe instance ${instanceIdentifier}`, async () => {
      const request = { DBInstanceIdentifier: instanceIdentifier };
      const { DBInstances = [] } = await client.send(new DescribeDBInstancesCommand(request));
      return DBInstances[0]?.DBClusterIdentifier;
    });

// Without a snapshot type the answer has automated and manual ones (API). AWS Backup's seem to be among the manual ones.
export const listSnapshots =
  (client: RDSClient): Aurora['listSnapshots'] =>
  (identifiers) =>
    pageSnapshots(client, `list the snapshots of ${listSome(identifiers, 3)}`, {
      Filters: [clusterFilter(identifiers)],
    });

export const listManualSnapshots =
  (client: RDSClient): Aurora['listManualSnapshots'] =>
  () =>
    pageSnapshots(client, 'list the manual snapshots', { SnapshotType: 'manual', Filters: [auroraEngines] });

export const findSnapshot =
  (client: RDSClient): Aurora['findSnapshot'] =>
  (identifier) =>
    askingForOne(`describe snapshot ${identifier}`, async () => {
      const request = { DBClusterSnapshotIdentifier: identifier };
      const { DBClusterSnapshots = [] } = await client.send(new DescribeDBClusterSnapshotsCommand(request));
      return DBClusterSnapshots.flatMap(toSnapshots)[0];
    });

export const listInstances =
  (client: RDSClient): Aurora['listInstances'] =>
  (clusterIdentifier) =>
    asking(`list the instances of ${clusterIdentifier}`, async () => {
      const instances: Instance[] = [];
      const request = { Filters: [clusterFilter([clusterIdentifier])] };
      for await (const page of paginateDescribeDBInstances({ client }, request)) {
        instances.push(...(page.DBInstances ?? []).map(toInstance));
      }
      return instances;
    });

export const listClusterParameters =
  (client: RDSClient): Aurora['listClusterParameters'] =>
  (group) =>
    asking(`describe cluster parameter group ${group}`, async () => {
      const parameters: Parameter[] = [];
      const request = { DBClusterParameterGroupName: group };
      for await (const page of paginateDescribeDBClusterParameters({ client, pageSize }, request)) {
        parameters.push(...toParameters(page.Parameters ?? []));
      }
      return parameters;
    });

export const listInstanceParameters =
  (client: RDSClient): Aurora['listInstanceParameters'] =>
  (group) =>
    asking(`describe parameter group ${group}`, async () => {
      const parameters: Parameter[] = [];
      const request = { DBParameterGroupName: group };
      for await (const page of paginateDescribeDBParameters({ client, pageSize }, request)) {
        parameters.push(...toParameters(page.Parameters ?? []));
      }
      return parameters;
    });

export const restoreCluster =
  (client: RDSClient) =>
  async (request: CopyRequest<'point-in-time' | 'clone'>): Promise<void> => {
    const { source, target } = request;
    const until = request.kind === 'clone' ? 'as it is now' : `to ${request.restoreTo}`;
    await asking(`restore ${target} from ${source} ${until}`, () =>
      client.send(new RestoreDBClusterToPointInTimeCommand(toRestoreInput(request))),
    );
  };

export const restoreSnapshot =
  (client: RDSClient) =>
  async (request: CopyRequest<'snapshot'>): Promise<void> => {
    await asking(`restore ${request.target} from snapshot ${request.snapshot}`, () =>
      client.send(new RestoreDBClusterFromSnapshotCommand(toSnapshotInput(request))),
    );
  };

/** Copies of every kind, by the one action or the other. */
export const restoreAny =
  (client: RDSClient): Aurora['restoreCluster'] =>
  (request) =>
    request.kind === 'snapshot' ? restoreSnapshot(client)(request) : restoreCluster(client)(request);

export const addWriter =
  (client: RDSClient): Aurora['addWriter'] =>
  async (request) => {
    await asking(`add instance ${request.identifier} to ${request.cluster}`, () =>
      client.send(new CreateDBInstanceCommand(toInstanceInput(request))),
    );
  };

// A member of a cluster has no final snapshot to skip (AWS CLI, examples of delete-db-instance).
export const deleteInstance =
  (client: RDSClient): Aurora['deleteInstance'] =>
  async (identifier) => {
    await asking(`delete instance ${identifier}`, () =>
      client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: identifier })),
    );
  };

export const deleteCluster =
  (client: RDSClient): Aurora['deleteCluster'] =>
  async (identifier) => {
    await asking(`delete cluster ${identifier}`, () =>
      client.send(
        new DeleteDBClusterCommand({
          DBClusterIdentifier: identifier,
          SkipFinalSnapshot: true,
          DeleteAutomatedBackups: true,
        }),
      ),
    );
  };

export const startCluster =
  (client: RDSClient): Aurora['startCluster'] =>
  async (identifier) => {
    await asking(`start cluster ${identifier}`, () =>
      client.send(new StartDBClusterCommand({ DBClusterIdentifier: identifier })),
    );
  };

// One of two modifications in this project. Neither names a new identifier.
export const liftProtection =
  (client: RDSClient): Aurora['liftProtection'] =>
  async (identifier) => {
    await asking(`switch off the deletion protection of ${identifier}`, () =>
      client.send(new ModifyDBClusterCommand({ DBClusterIdentifier: identifier, DeletionProtection: false })),
    );
  };

// The other one. Errors name the operation and never the request.
export const setMasterPassword =
  (client: RDSClient): Aurora['setMasterPassword'] =>
  async ({ identifier, password }) => {
    await asking(`set the master password of ${identifier}`, () =>
      client.send(
        new ModifyDBClusterCommand({
          DBClusterIdentifier: identifier,
          MasterUserPassword: password,
          ApplyImmediately: true,
        }),
      ),
    );
  };

export const takeSnapshot =
  (client: RDSClient): Aurora['takeSnapshot'] =>
  async (request) => {
    await asking(`take snapshot ${request.identifier} of ${request.cluster}`, () =>
      client.send(new CreateDBClusterSnapshotCommand(toTakeInput(request))),
    );
  };

export const deleteSnapshot =
  (client: RDSClient): Aurora['deleteSnapshot'] =>
  async (identifier) => {
    await asking(`delete snapshot ${identifier}`, () =>
      client.send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: identifier })),
    );
  };

/** For the sweeper, which leaves a protected cluster alone. */
export const removalVerbs = {
  findCluster,
  listInstances,
  findSnapshot,
  startCluster,
  deleteInstance,
  deleteCluster,
  deleteSnapshot,
};

/** For the teardown of a drill's own cluster. Written out, since a bundle keeps whatever is spread. */
export const teardownVerbs = {
  findCluster,
  listInstances,
  findSnapshot,
  startCluster,
  liftProtection,
  deleteInstance,
  deleteCluster,
  deleteSnapshot,
};

/** Undefined, not an error, when the thing does not exist. */
const askingForOne = async <Answer>(
  operation: string,
  ask: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> => {
  try {
    return await asking(operation, ask);
  } catch (error) {
    if (isDrillError(error, 'ClusterNotFound') || isDrillError(error, 'SnapshotNotFound')) return undefined;
    throw error;
  }
};
