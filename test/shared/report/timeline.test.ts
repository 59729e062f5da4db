import fc from 'fast-check';
import { renderToString } from 'preact-render-to-string';
import { expect, test } from 'vitest';
import { phases } from '../../../shared/drill/state.ts';
import { drawTimeline, layOutTimeline } from '../../../shared/report/timeline.ts';
import { makePhases } from './report-fixture.ts';

const anyInstant = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.integer({ min: 0, max: 100_000 }).map((ms) => new Date(1_800_000_000_000 + ms).toISOString()),
  fc.constant('never'),
);
const anyPhases = fc.array(
  fc.record({
    name: fc.constantFrom(...phases),
    startedAt: anyInstant,
    endedAt: anyInstant,
    seconds: fc.double({ noNaN: true }),
  }),
  { maxLength: 15 },
);

test('any phases: each bar is to be seen, lies inside the axis, and begins no earlier than the one above', () => {
  fc.assert(
    fc.property(anyPhases, (some) => {
      const { bars, ticks } = layOutTimeline(some);
      expect(bars).toHaveLength(some.length);
      bars.forEach(({ left, width }, index) => {
        expect(width).toBeGreaterThanOrEqual(0.8);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left + width).toBeLessThanOrEqual(100 + 1e-9);
        expect(left).toBeGreaterThanOrEqual((bars[index - 1]?.left ?? 0) - 1e-9);
      });
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(4);
      for (const { left } of ticks) expect(left).toBeLessThanOrEqual(100 + 1e-9);
    }),
  );
});

test('phases of one, two and one seconds: they share the axis in that proportion', () => {
  const { bars, ticks } = layOutTimeline(makePhases([1, 2, 1]));
  expect(bars.map(({ left, width }) => [left, width])).toEqual([
    [0, 25],
    [25, 50],
    [75, 25],
  ]);
  expect(ticks.map(({ seconds }) => seconds)).toEqual([0, 2, 4]);
});

test('a phase of 20 ms beside one of two hours: still has a bar', () => {
  const { bars } = layOutTimeline(makePhases([7200, 0.02]));
  expect(bars[1]).toMatchObject({ left: 99.2, width: 0.8 });
});

test('picture: its name tells the number of phases, how long they took and the longest, and each that failed is marked', () => {
  const failed = new Set(['CaptureBaseline', 'CheckRestorePoint']);
  const picture = renderToString(drawTimeline(makePhases([60, 600, 40]), failed) as never);
  expect(picture).toContain(
    'aria-label="Timeline: 3 phases in 11 min 40 s; the longest was CaptureBaseline"',
  );
  expect(picture).toContain('✕ CaptureBaseline');
  expect(picture).toContain('✕ CheckRestorePoint');
  expect(picture).not.toContain('✕ PrepareDrill');
});
