import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asked,
  busyAround,
  dayMs,
  hourMs,
  judge,
  minuteMs,
  now,
  numbered,
  rowsUntil,
  rule,
  secondMs,
} from './history.ts';

const atTime = (...ms: number[]) => numbered(ms.flatMap(busyAround));

describe('a copy of the time asked for', () => {
  test('random inserts with NULLs, transactions up to the margin, and deletes since: never fails', async () => {
    const insert = fc.record({
      at: fc.oneof(
        fc.integer({ min: -60_000, max: 60_000 }),
        fc.integer({ min: -3 * dayMs, max: dayMs }),
        fc.constant(null),
      ),
      lasts: fc.integer({ min: 0, max: rule.marginMs - 1 }),
      isDeleted: fc.boolean(),
    });
    const histories = fc.array(insert, { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(histories, fc.boolean(), async (history, deletes) => {
        const inserts = numbered(
          history.map(({ at, lasts }) => ({
            at: at === null ? null : asked + at,
            committed: asked + (at ?? 0) + lasts,
            value: 'x',
          })),
        );
        const kept = rowsUntil(inserts, now).filter(({ id }) => !deletes || !history[id - 1]?.isDeleted);
        const { decision, end } = await judge(kept, rowsUntil(inserts, asked), {
          own: { deletes: deletes ? 'allowed' : 'never' },
        });
        expect(decision.verdict).not.toBe('failed');
        expect(end?.verdict ?? 'passed').toBe('passed');
      }),
      { numRuns: 100 },
    );
  });

  test('rows ahead of their time, any share of them, on a table that is written to: never fails', async () => {
    const ahead = fc.array(
      fc.tuple(fc.integer({ min: -3600, max: 7200 }), fc.integer({ min: 1, max: 7200 })),
      {
        minLength: 1,
        maxLength: 400,
      },
    );
    const steady = Array.from({ length: 3600 }, (_, index) => {
      const at = asked + (index - 1200) * 2 * secondMs;
      return { at, committed: at + 3, value: 'x' };
    });
    await fc.assert(
      fc.asyncProperty(ahead, async (early) => {
        const inserts = numbered([
          ...steady,
          ...early.map(([from, by]) => ({
            at: asked + (from + by) * secondMs,
            committed: asked + from * secondMs,
            value: 'ahead',
          })),
        ]);
        const { decision } = await judge(rowsUntil(inserts, now), rowsUntil(inserts, asked));
        expect(decision.verdict).toBe('passed');
      }),
      { numRuns: 25 },
    );
  });
});

describe('a copy of another time', () => {
  const distances = [
    ['1 s', secondMs],
    ['1 min', minuteMs],
    ['1 h', hourMs],
    ['1 day', dayMs],
  ] as const;

  test.each(distances)(
    '%s older than the margin allows: rows of the settled zone are missing',
    async (_, ms) => {
      const end = asked - rule.marginMs - ms;
      const inserts = atTime(asked, end);
      const { decision, end: found } = await judge(rowsUntil(inserts, now), rowsUntil(inserts, end));
      expect(decision.verdict).toBe('failed');
      expect(decision.reason).toMatch(
        /^\d+ rows? of production before 2026-11-19T11:59:50Z (is|are) missing from the copy: id /,
      );
      expect(found).toMatchObject({
        verdict: 'failed',
        reason: expect.stringContaining('before the time asked for'),
      });
      expect(found?.fromMs).toBeLessThanOrEqual(end);
      expect(found?.toMs).toBeGreaterThan(end);
    },
  );

  test.each(distances)('%s newer than the margin allows: rows of later times are there', async (_, ms) => {
    const end = asked + rule.marginMs + ms;
    const inserts = atTime(asked, end);
    const { decision, end: found } = await judge(rowsUntil(inserts, now), rowsUntil(inserts, end));
    expect(decision.verdict).toBe('failed');
    expect(decision.reason).toMatch(
      /^the copy is newer than asked: it has \d+ rows? from 2026-11-19T12:00:10Z on: id /,
    );
    expect(found).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('after the time asked for'),
    });
    expect(found?.fromMs).toBeLessThanOrEqual(end);
    expect(found?.toMs).toBeGreaterThan(end);
  });

  test.each([-9, 9])(
    '%d s off, which is within the margin: passed, and where it ends is told',
    async (seconds) => {
      const end = asked + seconds * secondMs;
      const inserts = atTime(asked, end);
      const { decision, end: found } = await judge(rowsUntil(inserts, now), rowsUntil(inserts, end));
      expect(decision.verdict).toBe('passed');
      expect(found).toMatchObject({ verdict: 'passed' });
      expect(found?.reason).toMatch(/^rows end between .*, \d+(\.\d)? s (before|after) the time asked for$/);
    },
  );
});
