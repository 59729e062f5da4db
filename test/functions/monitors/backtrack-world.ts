import { backtrackWindow } from '../../../functions/monitors/backtrack-window.ts';
import type { Aurora, Cluster } from '../../../shared/aurora/port.ts';
import type { DrillError } from '../../../shared/errors.ts';
import { addSeconds } from '../../../shared/instants.ts';
import type { Message } from '../../../shared/messages/message.ts';
import type { Notify } from '../../../shared/messages/notify.ts';
import type { Metric, Metrics } from '../../../shared/monitors/metrics.ts';
import type { Scope } from '../../../shared/monitors/scope.ts';
import { makeCluster } from '../../shared/aurora/cluster-fixture.ts';

export const now = '2026-11-20T12:00:00Z';
export const hourSeconds = 3600;
export const hoursBefore = (instant: string, hours: number): string =>
  addSeconds(instant, -hours * hourSeconds);

/** A cluster, 30 days old, with a target of 24 hours, that can be rewound by this many hours. */
export const makeMysql = (hours: number, changes: Partial<Cluster> = {}): Cluster =>
  makeCluster({
    identifier: 'prod-mysql',
    engine: 'aurora-mysql',
    createdAt: hoursBefore(now, 720),
    latestRestorableTime: '2026-11-20T11:57:00Z',
    backtrack: { targetSeconds: 24 * hourSeconds, earliestTime: hoursBefore(now, hours) },
    ...changes,
  });

type World = {
  clusters: Cluster[];
  at?: string;
  scope?: Scope;
  verbs?: Partial<Aurora>;
  metrics?: Partial<Metrics>;
  notify?: Notify;
};

/** Runs the monitor in its own world. Instances are named after their cluster: prod-mysql-1 belongs to prod-mysql. */
export const runBacktrackWindow = async (
  event: unknown,
  { clusters, at = now, scope, verbs, metrics, notify }: World,
) => {
  const messages: Message[] = [];
  const published: Metric[] = [];
  const warnings: string[] = [];
  const find = async (identifier: string) => clusters.find((cluster) => cluster.identifier === identifier);
  const deps = {
    aurora: {
      listClusters: async () => ({ clusters, unreadable: [] }),
      findCluster: find,
      findClusterOf: async (instance: string) => (await find(instance.replace(/-\d+$/, '')))?.identifier,
      ...verbs,
    },
    metrics: {
      publish: async (values: readonly Metric[]) => void published.push(...values),
      read: async (series: readonly unknown[]) => series.map(() => []),
      ...metrics,
    },
    notify: notify ?? (async (message: Message) => void messages.push(message)),
    scope: () => scope ?? ({ kind: 'all' } as const),
    now: () => new Date(at),
    warn: (message: string) => void warnings.push(message),
  };
  const outcome = await backtrackWindow(event, deps).catch((error: DrillError) => error);
  return { outcome, messages, published, warnings, kinds: messages.map(({ kind }) => kind) };
};
