import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Assessment, assessBacktrack, toRatio } from '../../../shared/aurora/backtrack-window.ts';
import type { Backtrack } from '../../../shared/aurora/backtracks.ts';
import { isDrillError } from '../../../shared/errors.ts';
import { addSeconds, toIso } from '../../../shared/instants.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';

const at = '2026-11-16T08:00:00Z';
const day = 86_400;
const ago = (seconds: number) => addSeconds(at, -seconds);

/** A cluster with a target of a day. By default it is older, and can be rewound that far. */
const makeRewindable = (backtrack: Partial<Backtrack> | null = {}, createdAt: string | null = ago(9 * day)) =>
  makeCluster({
    identifier: 'prod-mysql',
    engine: 'aurora-mysql',
    createdAt,
    backtrack: backtrack && { targetSeconds: day, earliestTime: ago(day), ...backtrack },
  });

describe('the window of a cluster', () => {
  test('without Backtrack: off, whatever its age', () => {
    const reason = 'prod-mysql has no Backtrack';
    expect(assessBacktrack(makeRewindable(null), at)).toEqual({ verdict: 'off', reason });
    expect(assessBacktrack(makeRewindable(null, null), at).verdict).toBe('off');
  });

  test.each([
    ['as long as its target: full', day, 'full'],
    ['longer than its target, until Aurora trims it: full', day + 300, 'full'],
    ['short by a second, which clocks may differ: too close to call', day - 1, 'close'],
    ['short by a minute, which clocks may differ: too close to call', day - 60, 'close'],
    ['short by a minute and a millisecond: shrunk', day - 60.001, 'shrunk'],
    ['half its target: shrunk', day / 2, 'shrunk'],
    ['nothing: shrunk', 0, 'shrunk'],
    ['beginning in the future: shrunk', -30, 'shrunk'],
  ])('%s', (_, seconds, verdict) => {
    const cluster = makeRewindable({ earliestTime: ago(seconds) });
    expect(assessBacktrack(cluster, at).verdict).toBe(verdict);
  });

  test.each([
    ['younger than its target: young', day - 1, 'young'],
    ['as old as its target, made a little before its Backtrack began: young', day, 'young'],
    ['a second younger than target and start: young', day + 3599, 'young'],
    ['as old as target and start together: shrunk', day + 3600, 'shrunk'],
    ['made in the future of this clock: young', -5, 'young'],
  ])('short, of a cluster %s', (_, ageSeconds, verdict) => {
    const cluster = makeRewindable({ earliestTime: ago(60) }, ago(ageSeconds));
    expect(assessBacktrack(cluster, at).verdict).toBe(verdict);
  });

  test('shrunk: the facts of this instant, and both lengths in words', () => {
    const earliestTime = ago(21_600);
    expect(assessBacktrack(makeRewindable({ earliestTime }), at)).toEqual({
      verdict: 'shrunk',
      reason: 'prod-mysql reaches back 6 h of 24 h',
      window: { cluster: 'prod-mysql', targetSeconds: day, actualSeconds: 21_600, earliestTime, at },
    });
  });

  test('beginning in the future: no time at all, not less', () => {
    const assessment = assessBacktrack(makeRewindable({ earliestTime: ago(-30) }), at);
    expect(assessment).toMatchObject({ window: { actualSeconds: 0 } });
  });

  test('young: age and target in words, an age below 0 as none', () => {
    const reasonAt = (ageSeconds: number) => assessBacktrack(makeRewindable({}, ago(ageSeconds)), at).reason;
    expect(reasonAt(7200)).toBe('prod-mysql is 2 h old, its target is 24 h');
    expect(reasonAt(-5)).toBe('prod-mysql is 0 ms old, its target is 24 h');
  });

  test('of a young cluster, not known yet: young', () => {
    const cluster = makeRewindable({ earliestTime: null }, ago(600));
    expect(assessBacktrack(cluster, at).verdict).toBe('young');
  });

  test.each([
    ['an old cluster', ago(9 * day)],
    ['a cluster of unknown age', null],
  ])('of %s, not known: UnreadableAnswer, not a guess', (_, createdAt) => {
    expect(() => assessBacktrack(makeRewindable({ earliestTime: null }, createdAt), at)).toThrow(
      expect.objectContaining({
        name: 'UnreadableAnswer',
        summary: 'RDS answered without EarliestBacktrackTime for prod-mysql',
      }),
    );
  });

  test('of a cluster of unknown age: judged as that of an old one', () => {
    expect(assessBacktrack(makeRewindable({}, null), at).verdict).toBe('full');
    expect(assessBacktrack(makeRewindable({ earliestTime: ago(60) }, null), at).verdict).toBe('shrunk');
  });
});

const window = { cluster: 'c', targetSeconds: day, actualSeconds: day / 4, earliestTime: ago(day / 4), at };
test.each<[Assessment, number | null]>([
  [{ verdict: 'off', reason: '' }, null],
  [{ verdict: 'young', reason: '' }, 1],
  [{ verdict: 'full', reason: '', window }, 1],
  [{ verdict: 'shrunk', reason: '', window }, 0.25],
  [{ verdict: 'shrunk', reason: '', window: { ...window, actualSeconds: 0 } }, 0],
])('ratio of $verdict', (assessment, ratio) => {
  expect(toRatio(assessment)).toBe(ratio);
});

test('any cluster at any instant: a ratio between 0 and 1, below 1 only when shrunk, null only when off', () => {
  const instant = fc
    .date({ min: new Date('2026-11-01'), max: new Date('2026-12-01'), noInvalidDate: true })
    .map(toIso);
  const backtrack = fc.record({
    targetSeconds: fc.integer({ min: 1, max: 259_200 }),
    earliestTime: fc.option(instant),
  });
  // Random windows are rarely near the target, where clocks decide.
  const about = fc.integer({ min: -90, max: 90 });
  const verdicts = new Set<string>();
  fc.assert(
    fc.property(
      fc.option(backtrack),
      fc.option(instant),
      instant,
      fc.option(about),
      (known, createdAt, now, seconds) => {
        const facts =
          known && seconds !== null
            ? { ...known, earliestTime: addSeconds(now, seconds - known.targetSeconds) }
            : known;
        try {
          const assessment = assessBacktrack(makeRewindable(facts, createdAt), now);
          const ratio = toRatio(assessment);
          verdicts.add(assessment.verdict);
          expect(ratio === null).toBe(assessment.verdict === 'off');
          if (ratio === null) return;
          expect(Number.isFinite(ratio) && ratio >= 0 && ratio <= 1).toBe(true);
          expect(ratio < 1).toBe(assessment.verdict === 'shrunk');
        } catch (error) {
          if (!isDrillError(error, 'UnreadableAnswer')) throw error;
          expect(facts?.earliestTime).toBeNull();
        }
      },
    ),
    { numRuns: 1000 },
  );
  expect([...verdicts].sort()).toEqual(['close', 'full', 'off', 'shrunk', 'young']);
});

test('a window that shrinks: its ratio never rises', () => {
  fc.assert(
    fc.property(fc.nat(2 * day), fc.nat(2 * day), (one, other) => {
      const ratioOf = (seconds: number) =>
        toRatio(assessBacktrack(makeRewindable({ earliestTime: ago(seconds) }), at)) ?? Number.NaN;
      expect(ratioOf(Math.min(one, other))).toBeLessThanOrEqual(ratioOf(Math.max(one, other)));
    }),
  );
});
