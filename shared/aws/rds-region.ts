import {
  type DBInstance,
  type DescribeDBClusterSnapshotsMessage,
  paginateDescribeDBClusterSnapshots,
  paginateDescribeDBInstances,
  type RDSClient,
} from '@aws-sdk/client-rds';
import type { Snapshot } from '../aurora/port.ts';
import type { InstanceList, RegionVerbs } from '../aurora/region.ts';
import { describeError } from '../errors.ts';
import { listSome } from '../words.ts';
import { fromAwsError } from './errors.ts';
import { toInstance, toSnapshots } from './rds-answers.ts';
import { auroraEngines, clusterFilter, pageSize } from './rds-requests.ts';

/** Listings of a whole Region. */

export const listRegionInstances = (client: RDSClient): RegionVerbs['listRegionInstances'] =>
  async function* () {
    try {
      const request = { Filters: [auroraEngines] };
      for await (const page of paginateDescribeDBInstances({ client, pageSize }, request)) {
        yield toInstanceList(page.DBInstances ?? []);
      }
    } catch (error) {
      throw fromAwsError('list the instances', error);
    }
  };

export const listPublicSnapshots =
  (client: RDSClient): RegionVerbs['listPublicSnapshots'] =>
  (identifiers) =>
    pageSnapshots(client, `list the public snapshots of ${listSome(identifiers, 3)}`, {
      SnapshotType: 'public',
      Filters: [clusterFilter(identifiers)],
    });

/** @param operation what is asked, in words */
export async function* pageSnapshots(
  client: RDSClient,
  operation: string,
  request: DescribeDBClusterSnapshotsMessage,
): AsyncIterable<Snapshot[]> {
  try {
    for await (const page of paginateDescribeDBClusterSnapshots({ client, pageSize }, request)) {
      yield (page.DBClusterSnapshots ?? []).flatMap(toSnapshots);
    }
  } catch (error) {
    throw fromAwsError(operation, error);
  }
}

/** One page of a listing. An instance that cannot be read is named with its cluster, and does not hide the others. */
const toInstanceList = (instances: DBInstance[]): InstanceList => {
  const list: InstanceList = { instances: [], unreadable: [] };
  for (const instance of instances) {
    const { DBClusterIdentifier: cluster, DBInstanceIdentifier: name = 'an instance' } = instance;
    if (cluster === undefined) continue;
    try {
      list.instances.push(toInstance(instance));
    } catch (error) {
      list.unreadable.push({ cluster, reason: `${name}: ${describeError(error)}` });
    }
  }
  return list;
};
