import {
  type DBCluster,
  type DBClusterSnapshot,
  type DBInstance,
  DescribeDBClusterParametersCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  type Filter,
  type Parameter,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { listClusterParameters, listClusters, listSnapshots, rdsAurora } from '../../../shared/aws/rds.ts';
import { listPublicSnapshots, listRegionInstances } from '../../../shared/aws/rds-region.ts';
import { type SurveyedFacts, surveyFleet } from '../../../shared/posture/survey.ts';
import { awsError } from '../aws/aws-error.ts';

/** What RDS has in one Region. `gone`: clusters that are no longer there at a second look. */
export type Region = {
  clusters?: DBCluster[];
  gone?: string[];
  instances?: DBInstance[];
  snapshots?: DBClusterSnapshot[];
  /** Public snapshots, of whatever account. */
  shown?: DBClusterSnapshot[];
  groups?: Record<string, Parameter[]>;
};

type Asked = {
  region: string;
  what: 'clusters' | 'instances' | 'snapshots' | 'public snapshots' | 'parameters';
  of: string[];
};

type Model = {
  regions: Record<string, Region>;
  pageSize?: number;
  /** The name of AWS's error that the call is answered with. */
  refuse?: (asked: Asked) => string | undefined;
};

type Input = {
  Filters?: Filter[];
  Marker?: string;
  SnapshotType?: string;
  DBClusterParameterGroupName?: string;
};

export const home = 'eu-west-1';
export const abroad = 'eu-central-1';
const account = '123456789012';

export const clusterArn = (name: string): string => `arn:aws:rds:${home}:${account}:cluster:${name}`;

export const snapshotArn = (name: string, region = home, owner = account): string =>
  `arn:aws:rds:${region}:${owner}:cluster-snapshot:${name}`;

export const makeDbCluster = (name: string, changes: Partial<DBCluster> = {}): DBCluster => ({
  DBClusterIdentifier: name,
  DbClusterResourceId: `cluster-${name.toUpperCase()}`,
  DBClusterArn: clusterArn(name),
  Engine: 'aurora-postgresql',
  Status: 'available',
  Port: 5432,
  DBClusterParameterGroup: 'shared',
  ...changes,
});

export const makeDbInstance = (name: string, cluster: string): DBInstance => ({
  DBInstanceIdentifier: name,
  DBClusterIdentifier: cluster,
  DBInstanceStatus: 'available',
  DBInstanceClass: 'db.r8g.large',
  AvailabilityZone: `${home}a`,
});

/** An automated one, taken at this minute of the day. */
export const makeDbSnapshot = (
  cluster: string,
  minute: string,
  changes: Partial<DBClusterSnapshot> = {},
): DBClusterSnapshot => {
  const name = changes.DBClusterSnapshotIdentifier ?? `rds:${cluster}-2026-11-16-${minute.replace(':', '-')}`;
  return {
    DBClusterSnapshotIdentifier: name,
    DBClusterSnapshotArn: snapshotArn(name),
    DBClusterIdentifier: cluster,
    DbClusterResourceId: `cluster-${cluster.toUpperCase()}`,
    SnapshotType: changes.DBClusterSnapshotIdentifier === undefined ? 'automated' : 'manual',
    Status: 'available',
    SnapshotCreateTime: new Date(`2026-11-16T${minute}:00Z`),
    StorageEncrypted: true,
    ...changes,
  };
};

const rds = mockClient(RDSClient);

/** Answers as RDS does in these Regions: filtered and paged. @returns what was asked, and how many calls were in flight */
export const playRds = ({ regions, pageSize = 100, refuse = () => undefined }: Model) => {
  const seen = { calls: [] as Asked[], inFlight: 0, mostInFlight: 0 };
  const find =
    <Item>(
      what: Asked['what'],
      key: string,
      choose: (region: Region, of: string[], input: Input) => Item[],
    ) =>
    async (input: Input, getClient: () => unknown) => {
      const { Marker, Filters = [], DBClusterParameterGroupName: group } = input;
      const named = await (getClient() as RDSClient).config.region();
      const of = group === undefined ? idsOf(Filters) : [group];
      const kind = input.SnapshotType === 'public' ? 'public snapshots' : what;
      const asked: Asked = { region: named, what: kind, of };
      seen.calls.push(asked);
      seen.mostInFlight = Math.max(seen.mostInFlight, ++seen.inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      seen.inFlight--;
      const refusal = refuse(asked);
      if (refusal !== undefined) throw awsError(refusal);
      const from = Number(Marker ?? 0);
      const items = choose(regions[named] ?? {}, of, input);
      return {
        [key]: items.slice(from, from + pageSize),
        ...(from + pageSize < items.length && { Marker: String(from + pageSize) }),
      };
    };
  rds.reset();
  rds.on(DescribeDBClustersCommand).callsFake(
    // Only a second look asks for clusters by name.
    find('clusters', 'DBClusters', ({ clusters = [], gone = [] }, of) =>
      clusters.filter(
        ({ DBClusterIdentifier: name = '' }) =>
          of.length === 0 || (of.includes(name) && !gone.includes(name)),
      ),
    ),
  );
  rds
    .on(DescribeDBInstancesCommand)
    .callsFake(find('instances', 'DBInstances', ({ instances = [] }) => instances));
  rds
    .on(DescribeDBClusterSnapshotsCommand)
    .callsFake(
      find('snapshots', 'DBClusterSnapshots', ({ snapshots = [], shown = [] }, of, { SnapshotType }) =>
        (SnapshotType === 'public' ? shown : snapshots).filter(({ DBClusterIdentifier: name = '' }) =>
          of.includes(name),
        ),
      ),
    );
  rds
    .on(DescribeDBClusterParametersCommand)
    .callsFake(find('parameters', 'Parameters', ({ groups = {} }, [group = '']) => groups[group] ?? []));
  return seen;
};

const idsOf = (filters: Filter[]): string[] =>
  filters.find(({ Name }) => Name === 'db-cluster-id')?.Values ?? [];

const portOf = (region: string) =>
  rdsAurora(
    { listClusters, listSnapshots, listClusterParameters, listRegionInstances, listPublicSnapshots },
    new RDSClient({ region }),
  );

/** Surveys all clusters of the home Region as the function does. */
export const survey = async (
  copyRegionOf: (cluster: string) => string | undefined = () => undefined,
): Promise<SurveyedFacts[]> => {
  const aurora = portOf(home);
  const { clusters } = await aurora.listClusters();
  return surveyFleet(aurora, {
    clusters,
    wanted: (cluster) => ({ settings: { copyRegion: copyRegionOf(cluster) } }),
    copies: portOf,
  });
};
