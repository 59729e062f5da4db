import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleAsForLambda, readNodeOptions } from './as-in-lambda.ts';
import { clustersPerGroup, instancesPerCluster, pageSize, parametersPerGroup } from './fleet-answers.ts';
import { type FleetOptions, startFleetServer } from './fleet-server.ts';
import { type Row, runScript } from './measure.ts';

const copyRegion = 'eu-central-1';

const largeFleet: FleetOptions = {
  clusters: 1000,
  snapshotsPerCluster: 35,
  copyRegion,
  latencyMs: 50,
  throttleEvery: 0,
};

/** The plain way asks nine times for each cluster, so it gets few of them. */
const clustersOfPlainWay = 50;

type Run = { seconds: number; maxRssMb: number };

/** The posture of a fleet with copies in a second Region, judged and shown, beside asking cluster by cluster. */
export const benchPosture = async (fleet = largeFleet): Promise<Row[]> => {
  const options = await readNodeOptions('Posture');
  const folder = await mkdtemp(join(tmpdir(), 'aurora-drills-posture-'));
  const invoke = async (module: string, asked: FleetOptions) => {
    const server = await startFleetServer(asked);
    try {
      const env = {
        AWS_ENDPOINT_URL: server.url,
        NODE_OPTIONS: options,
        COPY_REGION: copyRegion,
        CLUSTERS: `${asked.clusters}`,
      };
      const run = JSON.parse(await runScript('invoke.mjs', [module], env)) as Run;
      return { ...run, seen: server.seen };
    } finally {
      await server.close();
    }
  };
  try {
    const bundle = await bundleAsForLambda('judge-fleet.ts', folder);
    const ours = await invoke(bundle, fleet);
    const throttled = await invoke(bundle, { ...fleet, throttleEvery: 10 });
    const few = { ...fleet, clusters: Math.min(fleet.clusters, clustersOfPlainWay) };
    const plain = await invoke(new URL('posture-by-cluster.mjs', import.meta.url).pathname, few);
    const plainSeconds = (plain.seconds / few.clusters) * fleet.clusters;
    const pages = countPages(fleet);
    const { listings, mostInFlight } = ours.seen;
    return [
      {
        name: `posture of ${fleet.clusters} clusters x ${fleet.snapshotsPerCluster} snapshots in two Regions, ${fleet.latencyMs} ms a call`,
        ours: `${ours.seconds.toFixed(1)} s`,
        other: `${plainSeconds.toFixed(1)} s cluster by cluster`,
        ratio: plainSeconds / ours.seconds,
        note: `60 s wanted; ${mostInFlight} calls in flight at most; the other from ${few.clusters} clusters`,
      },
      {
        name: 'calls for posture',
        ours: `${listings}`,
        other: `${pages} pages that exist`,
        ratio: pages / listings,
        note: `${(listings / pages).toFixed(3)} times the pages; 1.05 wanted`,
      },
      {
        name: 'every tenth call for posture throttled',
        ours: `${throttled.seconds.toFixed(1)} s`,
        other: `${ours.seconds.toFixed(1)} s with none throttled`,
        ratio: ours.seconds / throttled.seconds,
        note: `${throttled.seen.listings} answered, ${throttled.seen.throttled} throttled`,
      },
      {
        name: 'memory of the process for posture',
        ours: `${ours.maxRssMb.toFixed(0)} MB at most`,
        other: '200 MB wanted',
        ratio: 200 / ours.maxRssMb,
        note: `${throttled.maxRssMb.toFixed(0)} MB when throttled; resident set, Node itself included`,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Of one full listing of each kind. That of public snapshots has one page, which is empty. */
const countPages = ({ clusters, snapshotsPerCluster }: FleetOptions): number => {
  const pagesOf = (items: number) => Math.ceil(items / pageSize);
  const parameters = Math.ceil(clusters / clustersPerGroup) * pagesOf(parametersPerGroup);
  const snapshots = 2 * pagesOf(clusters * snapshotsPerCluster) + 1;
  return pagesOf(clusters) + pagesOf(clusters * instancesPerCluster) + snapshots + parameters;
};
