// The plain way to learn the same of every cluster: ask for one cluster after the other, and for all of it.
import {
  DescribeDBInstancesCommand,
  paginateDescribeDBClusterParameters,
  paginateDescribeDBClusterSnapshots,
  paginateDescribeDBClusters,
  RDSClient,
} from '@aws-sdk/client-rds';

const count = async (pages) => {
  let seen = 0;
  for await (const page of pages) seen += Object.values(page).filter(Array.isArray).flat().length;
  return seen;
};

export const handler = async () => {
  const client = new RDSClient({});
  const there = new RDSClient({ region: process.env.COPY_REGION });
  for await (const { DBClusters } of paginateDescribeDBClusters({ client, pageSize: 100 }, {})) {
    for (const { DBClusterIdentifier, DBClusterParameterGroup: DBClusterParameterGroupName } of DBClusters) {
      const Filters = [{ Name: 'db-cluster-id', Values: [DBClusterIdentifier] }];
      await client.send(new DescribeDBInstancesCommand({ Filters }));
      await count(paginateDescribeDBClusterSnapshots({ client, pageSize: 100 }, { Filters }));
      await count(
        paginateDescribeDBClusterSnapshots({ client, pageSize: 100 }, { Filters, SnapshotType: 'public' }),
      );
      await count(paginateDescribeDBClusterSnapshots({ client: there, pageSize: 100 }, { Filters }));
      await count(
        paginateDescribeDBClusterParameters({ client, pageSize: 100 }, { DBClusterParameterGroupName }),
      );
    }
  }
};
