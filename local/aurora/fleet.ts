import type { Aurora, Cluster } from '../../shared/aurora/port.ts';
import { addSeconds, toIso } from '../../shared/instants.ts';
import { type Metric, type Metrics, metricNamespace } from '../../shared/monitors/metrics.ts';
import type { RewindAurora } from '../../shared/rewind/reading.ts';
import type { Timeline } from '../command/timeline.ts';
import type { BacktrackModel } from './backtrack.ts';
import { automatedSnapshot } from './descriptions.ts';

/** The clusters of this machine on one timeline: the local Aurora, and a cluster with Backtrack. */
export const createLocalFleet = (
  aurora: Aurora,
  backtracked: BacktrackModel,
  timeline: Timeline,
): Pick<Aurora, 'listClusters' | 'findCluster' | 'findClusterOf' | 'listSnapshots'> & RewindAurora => {
  const when = (instant: string | null) => (instant === null ? null : timeline.when(instant));
  const onTimeline = (cluster: Cluster): Cluster => ({
    ...cluster,
    createdAt: when(cluster.createdAt),
    earliestRestorableTime: when(cluster.earliestRestorableTime),
    latestRestorableTime: when(cluster.latestRestorableTime),
  });
  const listAll = async (): Promise<Cluster[]> => {
    const { clusters } = await aurora.listClusters();
    return [...clusters.map(onTimeline), backtracked.describe(timeline.now())];
  };
  return {
    listClusters: async (identifiers) => ({
      clusters: (await listAll()).filter(({ identifier }) => identifiers?.includes(identifier) ?? true),
      unreadable: [],
    }),
    findCluster: async (identifier) => (await listAll()).find((cluster) => cluster.identifier === identifier),
    findClusterOf: async (instance) =>
      instance === backtracked.instance ? backtracked.identifier : aurora.findClusterOf(instance),
    listBacktracks: async () => [],
    listClusterEvents: async () => [],
    listBlueGreens: async () => [],
    listClusterParameters: async () => backtracked.listParameters(),
    listSnapshots: async function* (identifiers) {
      for await (const page of aurora.listSnapshots(identifiers)) {
        yield page.map((snapshot) => ({ ...snapshot, createdAt: when(snapshot.createdAt) }));
      }
      // The daily snapshot job of the cluster with Backtrack never failed.
      const hourAgo = addSeconds(toIso(timeline.now()), -3600);
      if (identifiers.includes(backtracked.identifier)) {
        yield [automatedSnapshot(backtracked.describe(timeline.now()), hourAgo)];
      }
    },
  };
};

/** CloudWatch on this machine: remembers what was published, and knows the rate of change records. */
export const createLocalMetrics = (
  backtracked: BacktrackModel,
  onPublish: (metrics: readonly Metric[]) => void,
): Metrics => {
  const published: Metric[] = [];
  return {
    publish: async (metrics) => {
      published.push(...metrics);
      onPublish(metrics);
    },
    read: async (series, from, to) =>
      series.map(({ namespace, name, cluster }) =>
        namespace === metricNamespace
          ? published
              .filter((one) => one.name === name && one.cluster === cluster)
              .map(({ at, value }) => ({ at, value }))
          : backtracked.readRates(new Date(from), new Date(to)),
      ),
  };
};
