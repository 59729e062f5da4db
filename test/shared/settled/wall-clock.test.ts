import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayMs, hourMs, type Insert, judge, numbered, rowsUntil, secondMs } from './history.ts';

/** Clocks are set at these instants, by an hour or half of one. */
const changes: [string, string][] = [
  ['Europe/Paris', '2026-03-29T01:00:00Z'],
  ['Europe/Paris', '2026-10-25T01:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Asia/Kolkata', '2026-11-01T06:00:00Z'],
];

const lookAt = (timeZone: string): ((atMs: number) => number) => {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (atMs) => Date.parse(`${shown.format(new Date(atMs)).replace(' ', 'T')}Z`) + (atMs % 1000);
};

/** A time as its column keeps it: rounded to the unit, but a date is cut off. */
const keep = (atMs: number, unitMs: number): number => {
  if (unitMs < 1) return atMs;
  return unitMs === dayMs ? Math.floor(atMs / dayMs) * dayMs : Math.round(atMs / unitMs) * unitMs;
};

/** Rows every half a minute for some hours, and every hour for some days; each is committed some seconds later. */
const insertAround = (ms: number, timeZone: string, unitMs: number): Insert[] => {
  const look = lookAt(timeZone);
  const offsets = [
    ...Array.from({ length: 801 }, (_, index) => (index - 400) * 60_200),
    ...Array.from({ length: 241 }, (_, index) => (index - 120) * hourMs + 400),
  ];
  return numbered(
    offsets.map((offset, index) => {
      const began = ms + offset;
      return { at: keep(look(began), unitMs), committed: began + ((index * 997) % 9000), value: 'x' };
    }),
  );
};

const moments = fc
  .tuple(fc.constantFrom(...changes), fc.integer({ min: -8000, max: 8000 }))
  .map(([[timeZone, change], seconds]) => ({ timeZone, restoreTo: Date.parse(change) + seconds * secondMs }));

const units = fc.constantFrom(0.001, 1000, dayMs);

test('what a wall clock showed, whatever hour comes twice or never: a copy of that time passes', async () => {
  await fc.assert(
    fc.asyncProperty(moments, units, async ({ timeZone, restoreTo }, unitMs) => {
      const inserts = insertAround(restoreTo, timeZone, unitMs);
      const column = { name: 'at', isZoned: false, unitMs };
      const production = rowsUntil(inserts, restoreTo + 10 * dayMs);
      const copy = rowsUntil(inserts, restoreTo);
      const { decision, end } = await judge(production, copy, { own: { timeZone }, column, restoreTo });
      expect(decision.verdict).toBe('passed');
      expect(decision.reason).not.toContain('ahead');
      expect(end?.verdict).toBe('passed');
    }),
    { numRuns: 30 },
  );
});

test('what a wall clock showed: a copy that is six hours off, or two days for a date, is found', async () => {
  await fc.assert(
    fc.asyncProperty(moments, units, fc.boolean(), async ({ timeZone, restoreTo }, unitMs, isNewer) => {
      const off = unitMs === dayMs ? 2 * dayMs : 6 * hourMs;
      const inserts = insertAround(restoreTo, timeZone, unitMs);
      const column = { name: 'at', isZoned: false, unitMs };
      const production = rowsUntil(inserts, restoreTo + 10 * dayMs);
      const copy = rowsUntil(inserts, restoreTo + (isNewer ? off : -off));
      const { decision } = await judge(production, copy, { own: { timeZone }, column, restoreTo });
      expect(decision.verdict).toBe('failed');
      expect(decision.reason).toContain(isNewer ? 'newer than asked' : 'missing from the copy');
    }),
    { numRuns: 30 },
  );
});
