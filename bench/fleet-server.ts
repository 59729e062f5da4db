import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { answerListing, type Fleet, pageSize, throttleXml } from './fleet-answers.ts';

export type FleetOptions = Fleet & {
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

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
};

/** A request is signed for the Region that it is sent to. */
const readRegion = ({ headers }: IncomingMessage): string =>
  /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';

/**
 * Answers on 127.0.0.1 as RDS and CloudWatch do, for a fleet of clusters with automated snapshots: paged, filtered, as
 * slow as asked, and sometimes throttled.
 */
export const startFleetServer = async (options: FleetOptions): Promise<FleetServer> => {
  const { clusters, snapshotsPerCluster, latencyMs, throttleEvery } = options;
  const seen: Seen = { listings: 0, throttled: 0, mostInFlight: 0, batches: [], largestBodyBytes: 0 };
  let inFlight = 0;

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
    const form = new URLSearchParams(body.toString());
    return response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(answerListing(options, form, readRegion(request)));
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
