import type { DrillState } from '../drill/state.ts';
import { addSeconds, toIso } from '../instants.ts';
import { unknownVolume, type VolumeFigures } from '../result/volume.ts';
import { findGoneAt } from '../teardown/gone.ts';
import type { Metrics, Point, Series } from './metrics.ts';

/** Aurora reports its volumes every 5 minutes (Aurora User Guide, "Amazon CloudWatch metrics for Amazon Aurora"). */
const periodSeconds = 300;
/** How far back a size is looked for. */
const sizeSeconds = 3 * 3600;

const series = (name: string, cluster: string, statistic: Series['statistic']): Series => ({
  namespace: 'AWS/RDS',
  name,
  cluster,
  statistic,
  periodSeconds,
});

/** Reads what CloudWatch has by now of the volumes of a drill. @throws as Metrics does */
export const readVolumeFigures = async (
  state: DrillState,
  metrics: Pick<Metrics, 'read'>,
  now: string,
): Promise<VolumeFigures> => {
  const { PrepareDrill: drill, CaptureBaseline: baseline, RestoreCluster: restore } = state;
  if (drill === undefined) return unknownVolume;
  const readSum = async (cluster: string, from: string, to: string): Promise<number | null> =>
    sumOf(await readOne(metrics, series('VolumeReadIOPs', cluster, 'Sum'), from, to));
  const readSize = async (cluster: string): Promise<number | null> =>
    lastOf(
      await readOne(
        metrics,
        series('VolumeBytesUsed', cluster, 'Maximum'),
        addSeconds(now, -sizeSeconds),
        now,
      ),
    );
  const source = drill.source.identifier;
  const copyEnd = restore === undefined ? null : (findGoneAt(state, restore.cluster) ?? now);
  const [copyReads, sourceReads, copyBytes, sourceBytes] = await Promise.all([
    copyEnd === null || restore === undefined ? null : readSum(restore.cluster, restore.requestedAt, copyEnd),
    baseline === undefined ? null : readSum(source, baseline.startedAt, baseline.endedAt),
    restore === undefined ? null : readSize(restore.cluster),
    readSize(source),
  ]);
  return { copyReads, sourceReads, bytes: copyBytes ?? sourceBytes };
};

const readOne = async (
  metrics: Pick<Metrics, 'read'>,
  wanted: Series,
  from: string,
  to: string,
): Promise<Point[]> => {
  const [points = []] = await metrics.read(
    [wanted],
    floorPeriod(from),
    addSeconds(floorPeriod(to), periodSeconds),
  );
  return points;
};

/** CloudWatch wants the ends of its periods. */
const floorPeriod = (instant: string): string => {
  const periodMs = periodSeconds * 1000;
  return toIso(new Date(Math.floor(Date.parse(instant) / periodMs) * periodMs));
};

const sumOf = (points: readonly Point[]): number | null =>
  points.length === 0 ? null : points.reduce((sum, { value }) => sum + value, 0);

const lastOf = (points: readonly Point[]): number | null => points.at(-1)?.value ?? null;
