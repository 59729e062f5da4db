import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

export type FleetOptions = {
  clusters: number;
  snapshotsPerCluster: number;
  latencyMs: number;
  /** Every nth call is answered with Throttling. 0 for none. */
  throttleEvery: number;
};

export type FleetServer = {
  url: string;
  seen: Seen;
  /** The pages of one full listing of the clusters and all their snapshots. */
  pages: number;
  close(): Promise<void>;
};

export type Seen = {
  /** Listing calls answered with a page, and those answered with Throttling. */
  listings: number;
  throttled: number;
  mostInFlight: number;
  /** Metrics in each PutMetricData. */
  batches: { name: string; cluster: string | null; value: number }[][];
  largestBodyBytes: number;
};

const pageSize = 100;
const namespace = 'http://rds.amazonaws.com/doc/2014-10-31/';
const hourMs = 3_600_000;

const nameOf = (index: number): string => `prod-aurora-cluster-of-team-${String(index).padStart(5, '0')}`;

/** The snapshots of cluster n were taken a day apart, the newest n % 24 hours ago. */
const newestAgeHours = (index: number): number => index % 24;

const clusterXml = (index: number, now: number): string => `<DBCluster>
  <DBClusterIdentifier>${nameOf(index)}</DBClusterIdentifier><Engine>aurora-postgresql</Engine>
  <EngineVersion>17.5</EngineVersion><Status>available</Status><Port>5432</Port><MultiAZ>true</MultiAZ>
  <DbClusterResourceId>cluster-${index}</DbClusterResourceId><DatabaseName>app</DatabaseName>
  <ClusterCreateTime>2024-03-01T10:00:00.000Z</ClusterCreateTime><StorageEncrypted>true</StorageEncrypted>
  <LatestRestorableTime>${new Date(now - 120_000).toISOString()}</LatestRestorableTime>
  <EarliestRestorableTime>2026-01-01T00:00:00.000Z</EarliestRestorableTime>
  <Endpoint>${nameOf(index)}.cluster-c1a2b3.eu-west-1.rds.amazonaws.com</Endpoint>
  <KmsKeyId>arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f</KmsKeyId>
  <DBClusterMembers><DBClusterMember><DBInstanceIdentifier>${nameOf(index)}-1</DBInstanceIdentifier>
  <IsClusterWriter>true</IsClusterWriter></DBClusterMember></DBClusterMembers>
  <TagList><Tag><Key>team</Key><Value>payments</Value></Tag></TagList></DBCluster>`;

const snapshotXml = (index: number, days: number, now: number): string => `<DBClusterSnapshot>
  <DBClusterSnapshotIdentifier>rds:${nameOf(index)}-${days}</DBClusterSnapshotIdentifier>
  <DBClusterIdentifier>${nameOf(index)}</DBClusterIdentifier><DbClusterResourceId>cluster-${index}</DbClusterResourceId>
  <SnapshotCreateTime>${new Date(now - (days * 24 + newestAgeHours(index)) * hourMs).toISOString()}</SnapshotCreateTime>
  <SnapshotType>automated</SnapshotType><Status>available</Status><PercentProgress>100</PercentProgress>
  <Engine>aurora-postgresql</Engine><EngineMode>provisioned</EngineMode><EngineVersion>17.5</EngineVersion>
  <AllocatedStorage>1</AllocatedStorage><Port>0</Port><VpcId>vpc-0a1b2c3d</VpcId><LicenseModel>postgresql-license</LicenseModel>
  <ClusterCreateTime>2024-03-01T10:00:00.000Z</ClusterCreateTime><MasterUsername>postgres</MasterUsername>
  <StorageEncrypted>true</StorageEncrypted><IAMDatabaseAuthenticationEnabled>true</IAMDatabaseAuthenticationEnabled>
  <KmsKeyId>arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f</KmsKeyId>
  <DBClusterSnapshotArn>arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:rds:${nameOf(index)}-${days}</DBClusterSnapshotArn>
  <AvailabilityZones><AvailabilityZone>eu-west-1a</AvailabilityZone><AvailabilityZone>eu-west-1b</AvailabilityZone></AvailabilityZones>
  <TagList/></DBClusterSnapshot>`;

const answerXml = (action: string, list: string, items: string[], marker: string | null): string =>
  `<${action}Response xmlns="${namespace}"><${action}Result>${marker === null ? '' : `<Marker>${marker}</Marker>`}` +
  `<${list}>${items.join('')}</${list}></${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`;

const throttleXml = `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>`;

/** The values of the filter db-cluster-id: the query protocol's form of a list in a list. */
const readFilter = (form: URLSearchParams): Set<string> | null => {
  for (let filter = 1; form.has(`Filters.Filter.${filter}.Name`); filter++) {
    if (form.get(`Filters.Filter.${filter}.Name`) !== 'db-cluster-id') continue;
    const prefix = `Filters.Filter.${filter}.Values.Value.`;
    return new Set([...form].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value));
  }
  return null;
};

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
};

/**
 * Answers on 127.0.0.1 as RDS and CloudWatch do, for a fleet of clusters with automated snapshots: paged, filtered, as
 * slow as asked, and sometimes throttled.
 */
export const startFleetServer = async (options: FleetOptions): Promise<FleetServer> => {
  const { clusters, snapshotsPerCluster, latencyMs, throttleEvery } = options;
  const seen: Seen = { listings: 0, throttled: 0, mostInFlight: 0, batches: [], largestBodyBytes: 0 };
  const now = Date.now();
  const all = Array.from({ length: clusters }, (_, index) => index);
  let inFlight = 0;

  const list = (form: URLSearchParams): string => {
    const action = form.get('Action') ?? '';
    const asked = readFilter(form);
    const identifier = form.get('DBClusterIdentifier');
    const chosen = all.filter((index) =>
      identifier === null ? (asked?.has(nameOf(index)) ?? true) : nameOf(index) === identifier,
    );
    const isClusters = action === 'DescribeDBClusters';
    const count = isClusters ? chosen.length : chosen.length * snapshotsPerCluster;
    const from = Number(form.get('Marker') ?? 0);
    const to = Math.min(count, from + Number(form.get('MaxRecords') ?? pageSize));
    const items: string[] = [];
    for (let item = from; item < to; item++) {
      const index = chosen[isClusters ? item : Math.floor(item / snapshotsPerCluster)] ?? 0;
      items.push(isClusters ? clusterXml(index, now) : snapshotXml(index, item % snapshotsPerCluster, now));
    }
    const marker = to < count ? String(to) : null;
    return answerXml(action, isClusters ? 'DBClusters' : 'DBClusterSnapshots', items, marker);
  };

  const publish = (body: Buffer): void => {
    seen.largestBodyBytes = Math.max(seen.largestBodyBytes, body.length);
    const { MetricData } = JSON.parse(body.toString()) as {
      MetricData: { MetricName: string; Value: number; Dimensions?: { Value: string }[] }[];
    };
    seen.batches.push(
      MetricData.map(({ MetricName, Value, Dimensions }) => ({
        name: MetricName,
        cluster: Dimensions?.[0]?.Value ?? null,
        value: Value,
      })),
    );
  };

  const server = createServer(async (request, response) => {
    inFlight++;
    seen.mostInFlight = Math.max(seen.mostInFlight, inFlight);
    const body = await readBody(request);
    await sleep(latencyMs);
    inFlight--;
    if (request.headers['x-amz-target'] !== undefined) {
      publish(body);
      return response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
    }
    const isThrottled = throttleEvery > 0 && (seen.listings + seen.throttled + 1) % throttleEvery === 0;
    if (isThrottled) {
      seen.throttled++;
      return response.writeHead(400, { 'content-type': 'text/xml' }).end(throttleXml);
    }
    seen.listings++;
    return response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(list(new URLSearchParams(body.toString())));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    pages: Math.ceil(clusters / pageSize) + Math.ceil((clusters * snapshotsPerCluster) / pageSize),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
