import { type DrillError, isDrillError } from '../errors.ts';
import { addSeconds, secondsBetween } from '../instants.ts';
import { type Metrics, metricNamespace, type Point, type Series } from './metrics.ts';

/** What CloudWatch knows about one cluster; null where it knows nothing. */
export type BacktrackHistory = {
  /** The first reading below the target after the last full one. */
  since: { at: string; isOrEarlier: boolean } | null;
  /** Change records per five minutes, on average: in the last hour, and in the day before it. */
  rate: { now: number; dayBefore: number | null } | null;
};

/** CloudWatch keeps points of one minute and more for 15 days. */
const daysOfRatio = 14;
const daysOfRate = 2;
const daySeconds = 86_400;
const hourSeconds = 3600;
/** How often the schedule publishes the ratio. */
const ratioPeriodSeconds = 900;

/**
 * Reads what the monitor itself and Aurora have published about a cluster, up to an instant (ISO 8601).
 * @param onUnreadable gets what CloudWatch refused: an alert without history is better than no alert
 */
export const readBacktrackHistory = async (
  metrics: Pick<Metrics, 'read'>,
  { cluster, at }: { cluster: string; at: string },
  onUnreadable: (error: DrillError) => void,
): Promise<BacktrackHistory> => {
  const readPoints = async (series: Series, days: number): Promise<Point[]> => {
    try {
      const [points = []] = await metrics.read([series], addSeconds(at, -days * daySeconds), at);
      return points;
    } catch (error) {
      if (!isDrillError(error)) throw error;
      onUnreadable(error);
      return [];
    }
  };
  const ratio = {
    namespace: metricNamespace,
    name: 'BacktrackWindowRatio',
    cluster,
    statistic: 'Minimum',
    periodSeconds: ratioPeriodSeconds,
  } as const;
  // Counted over five minutes, per cluster (Aurora User Guide, Aurora.AuroraMonitoring.Metrics).
  const rate = {
    namespace: 'AWS/RDS',
    name: 'BacktrackChangeRecordsCreationRate',
    cluster,
    statistic: 'Average',
    periodSeconds: hourSeconds,
  } as const;
  const [ratios, rates] = await Promise.all([readPoints(ratio, daysOfRatio), readPoints(rate, daysOfRate)]);
  return { since: findSince(ratios), rate: findRate(rates, at) };
};

/** Where the last run of readings below 1 began. @param ratios earliest first */
export const findSince = (ratios: readonly Point[]): BacktrackHistory['since'] => {
  const lastFull = ratios.findLastIndex(({ value }) => value >= 1);
  const first = ratios[lastFull + 1];
  return first === undefined ? null : { at: first.at, isOrEarlier: lastFull === -1 };
};

/**
 * @param rates one point an hour at most, earliest first
 * @param at ISO 8601; a last point that began over two hours earlier says nothing about now
 */
export const findRate = (rates: readonly Point[], at: string): BacktrackHistory['rate'] => {
  const last = rates.at(-1);
  if (last === undefined || secondsBetween(last.at, at) > 2 * hourSeconds) return null;
  const before = rates.slice(0, -1).filter((point) => secondsBetween(point.at, last.at) <= daySeconds);
  const sum = before.reduce((total, { value }) => total + value, 0);
  return { now: last.value, dayBefore: before.length === 0 ? null : sum / before.length };
};
