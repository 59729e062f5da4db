import { expect, test } from 'vitest';
import type { DrillState } from '../../../shared/drill/state.ts';
import type { Metrics } from '../../../shared/monitors/metrics.ts';
import { readVolumeFigures } from '../../../shared/monitors/volume-figures.ts';
import { unknownVolume } from '../../../shared/result/volume.ts';
import { at, dropPhases, makeDrillStoppedIn, makeDryRun, makePassedDrill } from '../drill/state-fixture.ts';

const now = at('08:33:17');
const drill = makePassedDrill();
const copy = drill.PrepareDrill.target.cluster;
const source = drill.PrepareDrill.source.identifier;

/** @param values by metric and cluster */
const readFigures = async (state: DrillState, values: Record<string, number[]>) => {
  const asked: string[] = [];
  const read: Metrics['read'] = async (series, from, to) =>
    series.map(({ namespace, name, cluster, statistic, periodSeconds }) => {
      asked.push(`${namespace} ${name} ${cluster} ${statistic} ${periodSeconds} ${from} ${to}`);
      return (values[`${name} ${cluster}`] ?? []).map((value) => ({ at: from, value }));
    });
  return { figures: await readVolumeFigures(state, { read }, now), asked };
};

test('passed drill: reads of the copy while it existed, of production during the baseline, and the size, in whole periods', async () => {
  const { figures, asked } = await readFigures(drill, {
    [`VolumeReadIOPs ${copy}`]: [100, 20],
    [`VolumeReadIOPs ${source}`]: [7],
    [`VolumeBytesUsed ${copy}`]: [1000, 3000],
    [`VolumeBytesUsed ${source}`]: [4000],
  });
  expect(figures).toEqual({ copyReads: 120, sourceReads: 7, bytes: 3000 });
  // The copy was requested at 08:04:37 and seen gone at 08:33:15.
  expect(asked).toContain(`AWS/RDS VolumeReadIOPs ${copy} Sum 300 ${at('08:00:00')} ${at('08:35:00')}`);
  expect(asked).toContain(`AWS/RDS VolumeBytesUsed ${copy} Maximum 300 ${at('05:30:00')} ${at('08:35:00')}`);
  expect(asked).toHaveLength(4);
});

test('CloudWatch has no size of the copy yet: that of production', async () => {
  const { figures } = await readFigures(drill, { [`VolumeBytesUsed ${source}`]: [4000] });
  expect(figures).toEqual({ copyReads: null, sourceReads: null, bytes: 4000 });
});

test('dry run: nothing is asked of a copy', async () => {
  const { asked } = await readFigures(makeDryRun(), {});
  expect(asked.filter((query) => query.includes(copy))).toEqual([]);
  expect(asked).toHaveLength(2);
});

test('baseline that failed: its reads are unknown', async () => {
  const stopped = makeDrillStoppedIn('CaptureBaseline', { Error: 'DatabaseDenied' });
  const { figures } = await readFigures(stopped, { [`VolumeReadIOPs ${source}`]: [7] });
  expect(figures.sourceReads).toBeNull();
});

test('drill without a plan: nothing is asked', async () => {
  const { figures, asked } = await readFigures(dropPhases(drill, 'PrepareDrill'), {});
  expect([figures, asked]).toEqual([unknownVolume, []]);
});
