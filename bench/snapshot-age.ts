import { type FleetOptions, type FleetServer, startFleetServer } from './fleet-server.ts';
import { measureInTurn, type Row, runScript } from './measure.ts';
import type { PackagedStack } from './packaged-stack.ts';

const largeFleet: FleetOptions = {
  clusters: 1000,
  snapshotsPerCluster: 35,
  latencyMs: 50,
  throttleEvery: 0,
};

type Run = { seconds: number; maxRssMb: number };

/** The snapshot ages of a fleet, with a latency for each call, beside asking cluster by cluster. */
export const benchSnapshotAge = async (
  stack: PackagedStack,
  fleet = largeFleet,
  rounds = 5,
): Promise<Row[]> => {
  const bundle = await stack.unpack('SnapshotAge');
  const invoke = async (module: string, options: FleetOptions): Promise<Run & { server: FleetServer }> => {
    const server = await startFleetServer(options);
    const env = { ...stack.environmentOf('SnapshotAge'), AWS_ENDPOINT_URL: server.url };
    const printed = await runScript('invoke.mjs', [module], env);
    await server.close();
    return { ...(JSON.parse(printed) as Run), server };
  };
  const oneByOne = new URL('cluster-by-cluster.mjs', import.meta.url).pathname;

  const ours = await invoke(bundle, fleet);
  const throttled = await invoke(bundle, { ...fleet, throttleEvery: 10 });
  const { ours: seconds, other } = await measureInTurn(
    rounds,
    async () => (await invoke(bundle, fleet)).seconds,
    async () => (await invoke(oneByOne, fleet)).seconds,
  );
  const { seen, pages } = ours.server;
  return [
    {
      name: `snapshot ages of ${fleet.clusters} clusters x ${fleet.snapshotsPerCluster}, ${fleet.latencyMs} ms a call`,
      ours: `${seconds.toFixed(1)} s`,
      other: `${other.toFixed(1)} s cluster by cluster`,
      ratio: other / seconds,
      note: `median of ${rounds}; ${seen.mostInFlight} calls in flight at most`,
    },
    {
      name: 'listing calls',
      ours: `${seen.listings}`,
      other: `${pages} pages that exist`,
      ratio: pages / seen.listings,
      note: `${seen.batches.length} calls to publish ${seen.batches.flat().length} metrics`,
    },
    {
      name: 'every tenth call throttled',
      ours: `${throttled.seconds.toFixed(1)} s`,
      other: `${ours.seconds.toFixed(1)} s with none throttled`,
      ratio: ours.seconds / throttled.seconds,
      note: `${throttled.server.seen.listings} answered, ${throttled.server.seen.throttled} throttled`,
    },
    {
      name: 'memory of the process at its most',
      ours: `${ours.maxRssMb.toFixed(0)} MB`,
      other: `${throttled.maxRssMb.toFixed(0)} MB when throttled`,
      ratio: null,
      note: 'resident set, Node itself included',
    },
  ];
};
