/** What RDS has, and answers, of a fleet of clusters with automated snapshots. */
export type Fleet = {
  clusters: number;
  snapshotsPerCluster: number;
  /** The Region that each snapshot is copied to; left out, they are not copied. */
  copyRegion?: string;
};

export const pageSize = 100;
export const instancesPerCluster = 2;
/** Clusters share groups. One of Aurora PostgreSQL 17 has about as many parameters. */
export const clustersPerGroup = 50;
export const parametersPerGroup = 400;

const home = 'arn:aws:rds:eu-west-1:123456789012';
const namespace = 'http://rds.amazonaws.com/doc/2014-10-31/';
const hourMs = 3_600_000;

export const nameOf = (index: number): string =>
  `prod-aurora-cluster-of-team-${String(index).padStart(5, '0')}`;

/** The snapshots of cluster n were taken a day apart, the newest n % 24 hours ago. */
const takenAt = (index: number, days: number, now: number): string =>
  new Date(now - (days * 24 + (index % 24)) * hourMs).toISOString();

const automatedName = (index: number, days: number, now: number): string =>
  `rds:${nameOf(index)}-${takenAt(index, days, now).slice(0, 16).replace(/[T:]/g, '-')}`;

const clusterXml = (index: number, now: number): string => `<DBCluster>
  <DBClusterIdentifier>${nameOf(index)}</DBClusterIdentifier><Engine>aurora-postgresql</Engine>
  <EngineVersion>17.5</EngineVersion><Status>available</Status><Port>5432</Port><MultiAZ>true</MultiAZ>
  <DbClusterResourceId>cluster-${index}</DbClusterResourceId><DatabaseName>app</DatabaseName>
  <DBClusterArn>${home}:cluster:${nameOf(index)}</DBClusterArn><EngineMode>provisioned</EngineMode>
  <ClusterCreateTime>2024-03-01T10:00:00.000Z</ClusterCreateTime><StorageEncrypted>true</StorageEncrypted>
  <StorageEncryptionType>sse-kms</StorageEncryptionType><DeletionProtection>true</DeletionProtection>
  <BackupRetentionPeriod>35</BackupRetentionPeriod><CopyTagsToSnapshot>true</CopyTagsToSnapshot>
  <PreferredBackupWindow>02:10-02:40</PreferredBackupWindow>
  <PreferredMaintenanceWindow>sun:03:00-sun:03:30</PreferredMaintenanceWindow>
  <IAMDatabaseAuthenticationEnabled>true</IAMDatabaseAuthenticationEnabled>
  <EnabledCloudwatchLogsExports><member>postgresql</member></EnabledCloudwatchLogsExports>
  <DBClusterParameterGroup>group-${Math.floor(index / clustersPerGroup)}</DBClusterParameterGroup>
  <LatestRestorableTime>${new Date(now - 120_000).toISOString()}</LatestRestorableTime>
  <EarliestRestorableTime>2026-01-01T00:00:00.000Z</EarliestRestorableTime>
  <Endpoint>${nameOf(index)}.cluster-c1a2b3.eu-west-1.rds.amazonaws.com</Endpoint>
  <KmsKeyId>arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f</KmsKeyId>
  <DBClusterMembers><DBClusterMember><DBInstanceIdentifier>${nameOf(index)}-0</DBInstanceIdentifier>
  <IsClusterWriter>true</IsClusterWriter></DBClusterMember></DBClusterMembers>
  <TagList><Tag><Key>team</Key><Value>payments</Value></Tag></TagList></DBCluster>`;

const instanceXml = (index: number, number: number): string => `<DBInstance>
  <DBInstanceIdentifier>${nameOf(index)}-${number}</DBInstanceIdentifier><DBClusterIdentifier>${nameOf(index)}</DBClusterIdentifier>
  <DBInstanceClass>db.r8g.large</DBInstanceClass><DBInstanceStatus>available</DBInstanceStatus><Engine>aurora-postgresql</Engine>
  <EngineVersion>17.5</EngineVersion><AvailabilityZone>eu-west-1${'abc'[number % 3]}</AvailabilityZone>
  <DBInstanceArn>${home}:db:${nameOf(index)}-${number}</DBInstanceArn><DbiResourceId>db-${index}-${number}</DbiResourceId>
  <Endpoint><Address>${nameOf(index)}-${number}.c1a2b3.eu-west-1.rds.amazonaws.com</Address><Port>5432</Port></Endpoint>
  <DBParameterGroups><DBParameterGroup><DBParameterGroupName>default.aurora-postgresql17</DBParameterGroupName>
  <ParameterApplyStatus>in-sync</ParameterApplyStatus></DBParameterGroup></DBParameterGroups>
  <DBSubnetGroup><DBSubnetGroupName>app-private</DBSubnetGroupName><VpcId>vpc-0a1b2c3d</VpcId></DBSubnetGroup>
  <PreferredMaintenanceWindow>sun:03:00-sun:03:30</PreferredMaintenanceWindow><MultiAZ>false</MultiAZ>
  <AutoMinorVersionUpgrade>true</AutoMinorVersionUpgrade><PubliclyAccessible>false</PubliclyAccessible>
  <PromotionTier>1</PromotionTier><CACertificateIdentifier>rds-ca-rsa2048-g1</CACertificateIdentifier>
  <MonitoringInterval>0</MonitoringInterval><PerformanceInsightsEnabled>false</PerformanceInsightsEnabled>
  <TagList/></DBInstance>`;

/** Automated, or a copy in the other Region. */
const snapshotXml = (index: number, days: number, now: number, copyRegion?: string): string => {
  const automated = automatedName(index, days, now);
  const name = copyRegion === undefined ? automated : `copy-of-${automated.slice('rds:'.length)}`;
  return `<DBClusterSnapshot>
  <DBClusterSnapshotIdentifier>${name}</DBClusterSnapshotIdentifier>
  <DBClusterIdentifier>${nameOf(index)}</DBClusterIdentifier><DbClusterResourceId>cluster-${index}</DbClusterResourceId>
  <SnapshotCreateTime>${takenAt(index, days, now)}</SnapshotCreateTime>
  <SnapshotType>${copyRegion === undefined ? 'automated' : 'manual'}</SnapshotType>
  <Status>available</Status><PercentProgress>100</PercentProgress>
  <Engine>aurora-postgresql</Engine><EngineMode>provisioned</EngineMode><EngineVersion>17.5</EngineVersion>
  <AllocatedStorage>1</AllocatedStorage><Port>0</Port><VpcId>vpc-0a1b2c3d</VpcId><LicenseModel>postgresql-license</LicenseModel>
  <ClusterCreateTime>2024-03-01T10:00:00.000Z</ClusterCreateTime><MasterUsername>postgres</MasterUsername>
  <StorageEncrypted>true</StorageEncrypted><IAMDatabaseAuthenticationEnabled>true</IAMDatabaseAuthenticationEnabled>
  <StorageEncryptionType>sse-kms</StorageEncryptionType>
  <KmsKeyId>arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f</KmsKeyId>
  <DBClusterSnapshotArn>arn:aws:rds:${copyRegion ?? 'eu-west-1'}:123456789012:cluster-snapshot:${name}</DBClusterSnapshotArn>
  ${copyRegion === undefined ? '' : `<SourceDBClusterSnapshotArn>${home}:cluster-snapshot:${automated}</SourceDBClusterSnapshotArn>`}
  <AvailabilityZones><AvailabilityZone>eu-west-1a</AvailabilityZone><AvailabilityZone>eu-west-1b</AvailabilityZone></AvailabilityZones>
  <TagList/></DBClusterSnapshot>`;
};

/** Half of them have a value, as in a group of RDS. */
const parameterXml = (number: number): string => `<Parameter>
  <ParameterName>parameter_of_the_server_${number}</ParameterName>${number % 2 === 0 ? '<ParameterValue>1</ParameterValue>' : ''}
  <Description>Sets what this parameter of the server sets, in so many words as RDS describes one with.</Description>
  <Source>engine-default</Source><ApplyType>dynamic</ApplyType><DataType>integer</DataType>
  <AllowedValues>0-2147483647</AllowedValues><IsModifiable>true</IsModifiable><ApplyMethod>pending-reboot</ApplyMethod>
  <SupportedEngineModes><member>provisioned</member></SupportedEngineModes></Parameter>`;

const answerXml = (action: string, list: string, items: string[], marker: string | null): string =>
  `<${action}Response xmlns="${namespace}"><${action}Result>${marker === null ? '' : `<Marker>${marker}</Marker>`}` +
  `<${list}>${items.join('')}</${list}></${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`;

export const throttleXml = `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>`;

/** The values of the filter db-cluster-id: the query protocol's form of a list in a list. */
const readFilter = (form: URLSearchParams): Set<string> | null => {
  for (let filter = 1; form.has(`Filters.Filter.${filter}.Name`); filter++) {
    if (form.get(`Filters.Filter.${filter}.Name`) !== 'db-cluster-id') continue;
    const prefix = `Filters.Filter.${filter}.Values.Value.`;
    return new Set([...form].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value));
  }
  return null;
};

/** A listing: under which name, how many items there are of each of its owners, and the items. */
type Listing = {
  list: string;
  owners: number[];
  each: number;
  show: (owner: number, number: number) => string;
};

/** Answers a listing with one of its pages. @param region where it is asked for */
export const answerListing = (fleet: Fleet, form: URLSearchParams, region: string): string => {
  const action = form.get('Action') ?? '';
  const { list, owners, each, show } = chooseListing(fleet, action, form, region);
  const from = Number(form.get('Marker') ?? 0);
  const to = Math.min(owners.length * each, from + Number(form.get('MaxRecords') ?? pageSize));
  const items: string[] = [];
  for (let item = from; item < to; item++) {
    items.push(show(owners[Math.floor(item / each)] ?? 0, item % each));
  }
  return answerXml(action, list, items, to < owners.length * each ? String(to) : null);
};

const chooseListing = (fleet: Fleet, action: string, form: URLSearchParams, region: string): Listing => {
  const now = Date.now();
  const asked = readFilter(form);
  const identifier = form.get('DBClusterIdentifier');
  const owners = Array.from({ length: fleet.clusters }, (_, index) => index).filter((index) =>
    identifier === null ? (asked?.has(nameOf(index)) ?? true) : nameOf(index) === identifier,
  );
  switch (action) {
    case 'DescribeDBClusters':
      return { list: 'DBClusters', owners, each: 1, show: (index) => clusterXml(index, now) };
    case 'DescribeDBInstances':
      return { list: 'DBInstances', owners, each: instancesPerCluster, show: instanceXml };
    case 'DescribeDBClusterParameters': {
      const show = (_: number, number: number) => parameterXml(number);
      return { list: 'Parameters', owners: [0], each: parametersPerGroup, show };
    }
    default: {
      const copyRegion = region === fleet.copyRegion ? region : undefined;
      return {
        list: 'DBClusterSnapshots',
        // Nobody shares any.
        owners: form.get('SnapshotType') === 'public' ? [] : owners,
        each: fleet.snapshotsPerCluster,
        show: (index, days) => snapshotXml(index, days, now, copyRegion),
      };
    }
  }
};
