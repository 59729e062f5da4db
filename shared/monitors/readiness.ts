import { startupSeconds } from '../aurora/backtrack-window.ts';
import type { SeenRewind } from '../aurora/backtracks.ts';
import { collectFailure } from '../aurora/incomplete.ts';
import type { Cluster, Unreadable } from '../aurora/port.ts';
import { addSeconds, secondsBetween } from '../instants.ts';
import type { Notify } from '../messages/notify.ts';
import { checkReadiness } from '../rewind/preflight.ts';
import { isUnsure, listObstacles } from '../rewind/readiness.ts';
import { type RewindAurora, readRewindFacts } from '../rewind/reading.ts';
import { type Metrics, metricNamespace } from './metrics.ts';
import { describeReadiness } from './readiness-message.ts';

/** `ready`: 1 or 0 by cluster. `rewinds`: whoever asked for them. A cluster of which not enough is known is in `failed`, and has no value. */
export type ReadinessRun = {
  ready: Record<string, number>;
  told: string[];
  rewinds: SeenRewind[];
  failed: Unreadable[];
};

type Watch = { wanted: ReadonlySet<string>; at: string };

type Deps = { aurora: RewindAurora; metrics: Metrics; notify: Notify };

/** Every Aurora MySQL cluster that has begun. @param at ISO 8601 */
export const chooseRewindable = (clusters: readonly Cluster[], at: string): Cluster[] =>
  clusters.filter((cluster) => cluster.engine === 'aurora-mysql' && !isBeginning(cluster, at));

/** It is so new that RDS does not yet say how far back it can go. */
const isBeginning = ({ backtrack, createdAt }: Cluster, at: string): boolean =>
  backtrack?.earliestTime === null && createdAt !== null && secondsBetween(createdAt, at) < startupSeconds;

/**
 * Publishes whether each cluster could be rewound, and tells of each that could before and no longer can, or the reverse. The
 * metric itself is the memory. It is published after the message: if that fails, the next run tells it.
 * @param wanted sources of plans with `rewind: allowed`, which have a value also without Backtrack
 * @param at ISO 8601
 */
export const watchReadiness = async (
  clusters: readonly Cluster[],
  { wanted, at }: Watch,
  deps: Deps,
): Promise<ReadinessRun> => {
  const run: ReadinessRun = { ready: {}, told: [], rewinds: [], failed: [] };
  for (const cluster of clusters)
    await collectFailure(cluster.identifier, run.failed, () => watchOne(cluster, { wanted, at }, run, deps));
  return run;
};

const watchOne = async (
  cluster: Cluster,
  { wanted, at }: Watch,
  run: ReadinessRun,
  { aurora, metrics, notify }: Deps,
): Promise<void> => {
  const { identifier } = cluster;
  const facts = await readRewindFacts(aurora, cluster, at);
  if ('value' in facts.backtracks)
    run.rewinds.push(...facts.backtracks.value.map((one) => ({ ...one, cluster: identifier })));
  const readiness = checkReadiness(facts, { to: null, now: at });
  if (isUnsure(readiness)) {
    run.failed.push({ cluster: identifier, reason: listObstacles(readiness).join('; ') });
    return;
  }
  const value = readiness.verdict === 'ready' ? 1 : 0;
  const before = await readLast(metrics, identifier, at);
  // Without Backtrack for good there is nothing to watch. That somebody has switched it off is told once.
  if (readiness.verdict === 'off' && before !== 1 && !wanted.has(identifier)) return;
  if (before !== null && before !== value) {
    const message = describeReadiness(identifier, readiness, at);
    await notify(message);
    run.told.push(message.title);
  }
  run.ready[identifier] = value;
};

/** CloudWatch keeps points of one minute for 15 days. Two runs of one minute are one point: the lower one counts. */
const daySeconds = 86_400;
const memoryDays = 14;

/** What the monitor has published last; null if nothing, or too long ago. */
const readLast = async (
  metrics: Pick<Metrics, 'read'>,
  cluster: string,
  at: string,
): Promise<number | null> => {
  const series = {
    namespace: metricNamespace,
    name: 'BacktrackReady',
    cluster,
    statistic: 'Minimum',
    periodSeconds: 60,
  } as const;
  const [points = []] = await metrics.read([series], addSeconds(at, -memoryDays * daySeconds), at);
  return points.at(-1)?.value ?? null;
};
