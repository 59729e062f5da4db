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

/** Looks every 50 ms from 3 s before the instant until 3 s after. `reachedAt` tells what was seen so many ms after it. */
const lookAll = (reachedAt: (ms: number) => Omit<Progress, 'atMs'>): Progress[] =>
  Array.from({ length: 121 }, (_, index) => -3000 + 50 * index).map((ms) => ({
    atMs: zero + ms,
    ...reachedAt(ms),
  }));
const look = (countsAt: (ms: number) => Progress['counts']): Progress[] =>
  lookAll((ms) => ({ counts: countsAt(ms) }));

/** A row each 10 ms, the 1,000th at the instant, each in a transaction of its own. */
const steadyAt = (ms: number) => {
  const count = 1000 + Math.floor(ms / 10);
  return { counts: { 'app.a': count }, transactions: 70_000 + count };
};
const steady = lookAll(steadyAt);
const keyless = <Reached extends Omit<Progress, 'atMs'>>(reached: Reached) => ({ ...reached, counts: {} });

const placed = { kind: 'measured', keys: 2, transactionsMs: null } as const;

const measured = (skew: ReturnType<typeof measureSkew>): Measured => {
  if (skew.kind !== 'measured') throw new Error(`expected a measured skew, seen ${skew.kind}`);
  return skew;
};

describe('where a copy lies', () => {
  test.each([0, 50, -50, 500, -500, 1000, -1000, 2000, -2000])('%i ms: within 100 ms', (ms) => {
    const { fromMs, toMs, aboutMs } = measured(measureSkew(steady, steadyAt(ms), instant));
    expect(Math.abs(aboutMs - ms)).toBeLessThanOrEqual(50);
    expect((toMs ?? 0) - (fromMs ?? 0)).toBeLessThanOrEqual(100);
  });

  test.each([-5000, 5000, -60_000, 60_000])('%i ms, where nobody looked: by the rate of then', (ms) => {
    const skew = measured(measureSkew(steady, steadyAt(ms), instant));
    expect(Math.abs(skew.aboutMs - ms)).toBeLessThanOrEqual(100);
    expect(ms < 0 ? skew.fromMs : skew.toMs).toBeNull();
  });

  test('nothing was written: every time is the same', () => {
    expect(
      measureSkew(
        lookAll(() => steadyAt(0)),
        steadyAt(0),
        instant,
      ),
    ).toEqual({ kind: 'idle' });
  });

  test('writes with a pause: anywhere in the pause', () => {
    const paused = look((ms) => ({ 'app.a': ms < -1000 ? 5 : ms < 1000 ? 6 : 7 }));
    expect(measureSkew(paused, { counts: { 'app.a': 6 } }, instant)).toEqual({
      kind: 'measured',
      fromMs: -1050,
      toMs: 1000,
      aboutMs: -25,
      keys: 1,
      transactionsMs: null,
    });
  });

  test('several tables: the narrowest bounds of all', () => {
    const both = look((ms) => ({ 'app.a': ms < -1000 ? 5 : 6, 'app.b': 500 + Math.floor(ms / 100) }));
    const { fromMs, toMs } = measured(measureSkew(both, { counts: { 'app.a': 6, 'app.b': 502 } }, instant));
    expect([fromMs, toMs]).toEqual([150, 300]);
  });

  test('one table lost its newest rows: unclear, so no table is excused', () => {
    const both = look((ms) => ({ 'app.a': 500 + Math.floor(ms / 50), 'app.b': 500 + Math.floor(ms / 50) }));
    expect(measureSkew(both, { counts: { 'app.a': 500, 'app.b': 480 } }, instant)).toEqual({
      kind: 'unclear',
    });
  });

  test('a commit that is seen late: two tables disagree for a moment, and both bounds count', () => {
    const both = look((ms) => ({ 'app.a': ms < 150 ? 1 : 2, 'app.b': ms < 50 ? 1 : 2 }));
    expect(measureSkew(both, { counts: { 'app.a': 2, 'app.b': 1 } }, instant)).toMatchObject({
      kind: 'measured',
      fromMs: 50,
      toMs: 100,
    });
  });

  test('a greatest key that shrinks proves nothing', () => {
    const queue = look((ms) => ({ 'app.queue': ms % 100 === 0 ? 7 : 0, 'app.a': 500 + Math.floor(ms / 50) }));
    const { fromMs, toMs } = measured(
      measureSkew(queue, { counts: { 'app.queue': 7, 'app.a': 500 } }, instant),
    );
    expect([fromMs, toMs]).toEqual([-50, 50]);
  });

  test('transactions of the copy itself: keys tell better', () => {
    const { transactions, ...keys } = steadyAt(0);
    const skew = measured(measureSkew(steady, { ...keys, transactions: transactions + 40 }, instant));
    expect(skew).toMatchObject({ aboutMs: 0, transactionsMs: 400, keys: 1 });
  });

  test('no table counts its rows: the transactions tell', () => {
    const skew = measured(measureSkew(steady.map(keyless), keyless(steadyAt(500)), instant));
    expect(skew).toMatchObject({ aboutMs: 500, keys: 0 });
  });

  test('a table that came late, or that the copy lacks, is left out', () => {
    const some = look((ms) => ({ 'app.a': 500 + Math.floor(ms / 50), ...(ms < 0 ? {} : { 'app.b': ms }) }));
    const { aboutMs } = measured(measureSkew(some, { counts: { 'app.a': 500 } }, instant));
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
    const skew = measureSkew(steady, steadyAt(ms), instant);
    expect(isOutside(skew, bracket)).toBe(outside);
  });

  test("late by transactions alone: they may be the copy's own", () => {
    const skew = measureSkew(steady.map(keyless), keyless(steadyAt(5000)), instant);
    expect(isOutside(skew, bracket)).toBe(false);
  });

  test('early by keys alone: the copy may have lost its newest rows', () => {
    const { transactions } = steadyAt(0);
    const skew = measureSkew(steady, { ...steadyAt(-5000), transactions }, instant);
    expect(isOutside(skew, bracket)).toBe(false);
  });

  test('one table of MySQL says so alone: it may have lost its newest rows', () => {
    const { counts } = steadyAt(-60_000);
    const byOne = steady.map(({ atMs, counts: seen }) => ({ atMs, counts: seen }));
    const skew = measureSkew(byOne, { counts }, instant);
    expect(isOutside(skew, bracket)).toBe(false);
    expect(tellTime(skew, bracket)).toMatchObject([{ verdict: 'skipped' }]);
  });

  test('a table that lost so many rows that no backup reaches so far: unclear', () => {
    const slow = look((ms) => ({ 'app.a': ms < 0 ? 2e12 : 2e12 + 1 }));
    expect(measureSkew(slow, { counts: { 'app.a': 0 } }, instant)).toEqual({ kind: 'unclear' });
  });

  test('bounds that hold the instant are no proof, however narrow the bracket', () => {
    const skew = { ...placed, fromMs: -300, toMs: 10, aboutMs: -145 };
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
    const [check] = tellTime({ ...placed, fromMs: -20, toMs: 80, aboutMs: 30 }, bracket);
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

  test('looks that are far apart: their middle may lie outside a narrow bracket', () => {
    const skew = { ...placed, fromMs: -300, toMs: 10, aboutMs: -145 };
    expect(tellTime(skew, { instant, beforeMs: 40, afterMs: 254 })).toMatchObject([{ verdict: 'passed' }]);
  });

  test('unclear: skipped', () => {
    expect(tellTime({ kind: 'unclear' }, bracket)).toMatchObject([{ verdict: 'skipped' }]);
  });

  const early: Measured = { ...placed, fromMs: null, toMs: -3000, aboutMs: -62_000 };

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
