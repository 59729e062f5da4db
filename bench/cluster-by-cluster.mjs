// The plain way to find the newest snapshot of every cluster: ask for one cluster after the other.
import {
  paginateDescribeDBClusterSnapshots,
  paginateDescribeDBClusters,
  RDSClient,
} from '@aws-sdk/client-rds';

export const handler = async () => {
  const client = new RDSClient({});
  const newest = new Map();
  for await (const { DBClusters } of paginateDescribeDBClusters({ client, pageSize: 100 }, {})) {
    for (const { DBClusterIdentifier } of DBClusters) {
      const pages = paginateDescribeDBClusterSnapshots({ client, pageSize: 100 }, { DBClusterIdentifier });
      for await (const { DBClusterSnapshots } of pages) {
        for (const { SnapshotCreateTime } of DBClusterSnapshots) {
          if (!(newest.get(DBClusterIdentifier) > SnapshotCreateTime))
            newest.set(DBClusterIdentifier, SnapshotCreateTime);
        }
      }
    }
  }
  return newest.size;
};
