import { renderToString } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import { describeTrend, drawTrend, type TrendPoint } from '../../../shared/history/trend.ts';

const point = (day: number, changes: Partial<TrendPoint> = {}): TrendPoint => ({
  at: `2026-11-${String(day).padStart(2, '0')}T08:00:00Z`,
  hasPassed: true,
  seconds: 600,
  objectiveSeconds: 1200,
  ...changes,
});

const pathsOf = (points: TrendPoint[]): Record<string, string> => {
  const svg = renderToString(drawTrend('RTO', points));
  return Object.fromEntries(
    [...svg.matchAll(/<path class="(\w+)" d="([^"]*)"/g)].map(([, kind, d]) => [kind, d]),
  );
};

describe('the picture', () => {
  test('time goes to the right and seconds go up, from zero to the objective', () => {
    expect(pathsOf([point(1, { seconds: 0 }), point(11), point(21, { seconds: 1200 })])).toEqual({
      objective: 'M0 5H180',
      line: 'M5 39L90 22M90 22L175 5',
      passed: 'M5 39h0M90 22h0M175 5h0',
    });
  });

  test('a measure above its objective: the objective lies below it', () => {
    expect(pathsOf([point(1, { seconds: 2400 })])).toMatchObject({
      objective: 'M0 22H180',
      passed: 'M90 5h0',
    });
  });

  test('a drill that failed: a cross, and no dot; at the bottom where nothing was measured', () => {
    const failed = point(11, { hasPassed: false, seconds: null });
    expect(pathsOf([point(1), failed, point(21)])).toEqual({
      objective: 'M0 5H180',
      // A gap, since nobody knows the value.
      line: undefined,
      passed: 'M5 22h0M175 22h0',
      failed: 'M87 36l6 6m-6 0l6-6',
    });
    expect(pathsOf([point(1, { hasPassed: false })]).failed).toBe('M87 19l6 6m-6 0l6-6');
  });

  test('an objective that was changed, and one that was dropped: a step, and an end', () => {
    const points = [point(1), point(11, { objectiveSeconds: 600 }), point(21, { objectiveSeconds: null })];
    expect(pathsOf(points).objective).toBe('M0 5H90M90 22H175');
  });

  test('nothing measured, no objective, one instant: marks in the middle at the bottom', () => {
    const blank = point(1, { seconds: null, objectiveSeconds: null });
    expect(pathsOf([blank, blank])).toEqual({ passed: 'M90 39h0M90 39h0' });
  });

  test('in words, for those who do not see it', () => {
    const points = [
      point(1, { seconds: 700 }),
      point(2, { seconds: 300 }),
      point(3, { hasPassed: false, seconds: null }),
    ];
    const words = 'RTO of 3 drills, from 5 min to 11 min 40 s, last not measured, objective 20 min, 1 failed';
    expect(describeTrend('RTO', points)).toBe(words);
    expect(renderToString(drawTrend('RTO', points))).toContain(`role="img" aria-label="${words}"`);
    expect(describeTrend('RPO', [point(1, { seconds: null, objectiveSeconds: null })])).toBe(
      'RPO of 1 drill, never measured, last not measured, objective none, 0 failed',
    );
  });
});
