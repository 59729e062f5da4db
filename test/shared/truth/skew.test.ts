import { describe, expect, test } from 'vitest';
import type { Progress } from '../../../shared/database/port.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import {
  explainByTime,
  isOutside,
  type Measured,
  measureSkew,
  tellTime,
} from '../../../shared/truth/skew.ts';
import { at } from '../drill/state-fixture.ts';

const instant = at('08:00:04');
const bracket = { instant, beforeMs: 2000, afterMs: 2250 };
const zero = Date.parse(instant);

/** Looks every 50 ms from 3 s before the instant until 3 s after. `countsAt` gives the counts at so many ms after it. */
const look = (countsAt: (ms: number) => Progress['counts']): Progress[] =>
  Array.from({ length: 121 }, (_, index) => -3000 + 50 * index).map((ms) => ({
    atMs: zero + ms,
    counts: countsAt(ms),
  }));

/** 1 transaction each 10 ms, the 1,000th at the instant. */
const steady = look((ms) => ({ transactions: 1000 + Math.floor(ms / 10) }));

const measured = (skew: ReturnType<typeof measureSkew>): Measured => {
  if (skew.kind !== 'measured') throw new Error(`expected a measured skew, seen ${skew.kind}`);
  return skew;
};

describe('where a copy lies', () => {
  test.each([0, 50, -50, 500, -500, 1000, -1000, 2000, -2000])('%i ms: within 100 ms', (ms) => {
    const { fromMs, toMs, aboutMs } = measured(
      measureSkew(steady, { transactions: 1000 + Math.floor(ms / 10) }, instant),
    );
    expect(Math.abs(aboutMs - ms)).toBeLessThanOrEqual(50);
    expect((toMs ?? 0) - (fromMs ?? 0)).toBeLessThanOrEqual(100);
  });

  test.each([-5000, 5000, -60_000, 60_000])('%i ms, where nobody looked: by the rate of then', (ms) => {
    const skew = measured(measureSkew(steady, { transactions: 1000 + ms / 10 }, instant));
    expect(Math.abs(skew.aboutMs - ms)).toBeLessThanOrEqual(100);
    expect(ms < 0 ? skew.fromMs : skew.toMs).toBeNull();
  });

  test('nothing was written: every time is the same', () => {
    expect(
      measureSkew(
        look(() => ({ transactions: 7 })),
        { transactions: 7 },
        instant,
      ),
    ).toEqual({ kind: 'idle' });
  });

  test('writes with a pause: anywhere in the pause', () => {
    const paused = look((ms) => ({ 'app.a': ms < -1000 ? 5 : ms < 1000 ? 6 : 7 }));
    expect(measureSkew(paused, { 'app.a': 6 }, instant)).toEqual({
      kind: 'measured',
      fromMs: -1050,
      toMs: 1000,
      aboutMs: -25,
    });
  });

  test('several tables: the narrowest bounds of all', () => {
    const both = look((ms) => ({ 'app.a': ms < -1000 ? 5 : 6, 'app.b': 500 + Math.floor(ms / 100) }));
    const { fromMs, toMs } = measured(measureSkew(both, { 'app.a': 6, 'app.b': 502 }, instant));
    expect([fromMs, toMs]).toEqual([150, 300]);
  });

  test('one table lost its newest rows: unclear, so no table is excused', () => {
    const both = look((ms) => ({ 'app.a': 500 + Math.floor(ms / 50), 'app.b': 500 + Math.floor(ms / 50) }));
    expect(measureSkew(both, { 'app.a': 500, 'app.b': 480 }, instant)).toEqual({ kind: 'unclear' });
  });

  test('a greatest key that shrinks proves nothing', () => {
    const queue = look((ms) => ({ 'app.queue': ms % 100 === 0 ? 7 : 0, 'app.a': 500 + Math.floor(ms / 50) }));
    const { fromMs, toMs } = measured(measureSkew(queue, { 'app.queue': 7, 'app.a': 500 }, instant));
    expect([fromMs, toMs]).toEqual([-50, 50]);
  });

  test('a table that came late, or that the copy lacks, is left out', () => {
    const some = look((ms) => ({ 'app.a': 500 + Math.floor(ms / 50), ...(ms < 0 ? {} : { 'app.b': ms }) }));
    const { aboutMs } = measured(measureSkew(some, { 'app.a': 500 }, instant));
    expect(aboutMs).toBe(0);
  });
});

describe('outside the bracket', () => {
  test.each([
    [-2100, true],
    [-1900, false],
    [0, false],
    [2200, false],
    [2350, true],
  ])('%i ms: %s', (ms, outside) => {
    const skew = measureSkew(steady, { transactions: 1000 + ms / 10 }, instant);
    expect(isOutside(skew, bracket)).toBe(outside);
  });

  test('bounds that hold the instant are no proof, however narrow the bracket', () => {
    const skew = { kind: 'measured', fromMs: -300, toMs: 10, aboutMs: -145 } as const;
    expect(isOutside(skew, { instant, beforeMs: 40, afterMs: 254 })).toBe(false);
  });
});

const makeCheck = (name: string, verdict: CheckResult['verdict']): CheckResult => ({
  name,
  kind: 'rows',
  table: 'public.a',
  expected: 7,
  actual: 8,
  tolerance: 'auto',
  verdict,
  reason: 'one row too many',
});

describe('what the report tells', () => {
  test('measured: how late, and how exactly that is known', () => {
    const [check] = tellTime({ kind: 'measured', fromMs: -20, toMs: 80, aboutMs: 30 }, bracket);
    expect(check).toMatchObject({
      name: 'restored time',
      verdict: 'passed',
      expected: instant,
      actual: '2026-11-16T08:00:04.030Z',
      reason: '0.03 s late, give or take 0.05 s',
    });
  });

  test('nothing was written: nothing to tell', () => {
    expect(tellTime({ kind: 'idle' }, bracket)).toEqual([]);
  });

  test('unclear: skipped', () => {
    expect(tellTime({ kind: 'unclear' }, bracket)).toMatchObject([{ verdict: 'skipped' }]);
  });

  const early: Measured = { kind: 'measured', fromMs: null, toMs: -3000, aboutMs: -62_000 };

  test('of another time: one finding, which names what follows from it', () => {
    const checks = [
      makeCheck('rows a', 'failed'),
      makeCheck('integrity a', 'failed'),
      makeCheck('rows b', 'passed'),
    ];
    const told = explainByTime(checks, early, bracket, ({ name }) => name !== 'integrity a');
    expect(told.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'restored time failed',
      'rows a skipped',
      'integrity a failed',
      'rows b passed',
    ]);
    expect(told[0]?.reason).toBe(
      'restored to another time than asked, about 62 s early; so these differ: rows a',
    );
    expect(told[1]?.reason).toBe('one row too many; the copy is from another time');
  });

  test('of another time, and nothing differs: told, and passed', () => {
    const told = explainByTime([makeCheck('rows a', 'passed')], early, bracket, () => true);
    expect(told[0]).toMatchObject({ verdict: 'passed', reason: 'about 62 s early; nothing differs' });
  });
});
