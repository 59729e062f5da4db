import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundWallClock, fromWallClock, isTimeZone, toWallClock } from '../../shared/wall-clock.ts';

const zones = [
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Africa/Casablanca',
];

test.each([
  ['2026-11-16T08:00:04Z', 'UTC', '2026-11-16 08:00:04'],
  ['2026-11-16T08:00:04Z', 'Europe/Paris', '2026-11-16 09:00:04'],
  ['2026-07-16T23:30:00Z', 'Europe/Paris', '2026-07-17 01:30:00'],
  ['2026-11-16T08:00:04Z', 'America/New_York', '2026-11-16 03:00:04'],
  ['2026-01-01T00:00:00Z', 'America/New_York', '2025-12-31 19:00:00'],
  ['2026-11-16T08:00:04Z', 'Asia/Kolkata', '2026-11-16 13:30:04'],
  ['2026-11-16T08:00:04Z', 'Asia/Kathmandu', '2026-11-16 13:45:04'],
  ['2026-01-16T18:30:00Z', 'UTC', '2026-01-16 18:30:00'],
  ['2026-01-16T00:00:00Z', 'UTC', '2026-01-16 00:00:00'],
])('at %s in %s: a clock on the wall shows %s, and that means this instant', (instant, zone, shown) => {
  expect(toWallClock(instant, zone)).toBe(shown);
  expect(fromWallClock(shown, zone)).toBe(Date.parse(instant));
});

describe('the hours that a clock shows twice or never', () => {
  test.each([
    ['Europe/Paris', '2026-10-25 02:30:00', '2026-10-25T01:30:00Z'],
    ['Europe/Paris', '2026-10-25 02:00:00', '2026-10-25T01:00:00Z'],
    ['Europe/Paris', '2026-10-25 01:59:59', '2026-10-24T23:59:59Z'],
    ['Europe/Paris', '2026-10-25 03:00:00', '2026-10-25T02:00:00Z'],
    ['America/New_York', '2026-11-01 01:30:00', '2026-11-01T06:30:00Z'],
    ['America/New_York', '2026-11-01 00:59:59', '2026-11-01T04:59:59Z'],
    ['Australia/Lord_Howe', '2026-04-05 01:45:00', '2026-04-04T15:15:00Z'],
  ])('%s %s, in or beside an hour shown twice: the later one, %s', (zone, shown, instant) => {
    expect(new Date(fromWallClock(shown, zone))).toEqual(new Date(instant));
  });

  test.each([
    ['Europe/Paris', '2026-03-29 01:59:59', '2026-03-29T00:59:59Z'],
    ['Europe/Paris', '2026-03-29 02:30:00', '2026-03-29T01:30:00Z'],
    ['Europe/Paris', '2026-03-29 03:00:00', '2026-03-29T01:00:00Z'],
    ['America/New_York', '2026-03-08 02:30:00', '2026-03-08T07:30:00Z'],
    ['America/New_York', '2026-03-08 03:00:00', '2026-03-08T07:00:00Z'],
  ])(
    '%s %s, in or beside an hour that is left out: as if the clock had not been set yet, %s',
    (zone, shown, instant) => {
      expect(new Date(fromWallClock(shown, zone))).toEqual(new Date(instant));
    },
  );
});

/** Any instant, mostly within two days of a clock change. */
const instants = fc.oneof(
  fc.integer({ min: Date.UTC(2000), max: Date.UTC(2037) }),
  fc
    .tuple(
      fc.constantFrom(
        '2026-03-29T01:00:00Z',
        '2026-10-25T01:00:00Z',
        '2026-03-08T07:00:00Z',
        '2026-11-01T06:00:00Z',
        '2026-04-04T15:00:00Z',
      ),
      fc.integer({ min: -172_800, max: 172_800 }),
    )
    .map(([change, seconds]) => Date.parse(change) + seconds * 1000),
);

/** All instants within a day when a clock shows the same as at this one. */
const findTwins = (atMs: number, zone: string): number[] => {
  const shown = toWallClock(new Date(atMs).toISOString(), zone);
  return Array.from({ length: 17 }, (_, index) => atMs + (index - 8) * 1_800_000).filter(
    (near) => toWallClock(new Date(near).toISOString(), zone) === shown,
  );
};

test('any instant in any zone: read back as itself, or as the later one of two that look alike', () => {
  fc.assert(
    fc.property(instants, fc.constantFrom(...zones), (atMs, zone) => {
      const second = Math.floor(atMs / 1000) * 1000;
      const shown = toWallClock(new Date(second).toISOString(), zone);
      expect(fromWallClock(shown, zone)).toBe(Math.max(...findTwins(second, zone)));
    }),
    { numRuns: 500 },
  );
});

test('a time before 1970 and fractions of a second: read to the millisecond', () => {
  expect(fromWallClock('1960-06-01 12:00:00.250', 'UTC')).toBe(Date.UTC(1960, 5, 1, 12, 0, 0, 250));
  expect(fromWallClock('2026-07-01 12:00:00.75', 'Europe/Paris')).toBe(Date.UTC(2026, 6, 1, 10, 0, 0, 750));
});

describe('what a clock shows from an instant on, and up to it', () => {
  test.each([
    ['UTC', '2026-11-16T08:00:04Z', '2026-11-16T08:00:04Z', '2026-11-16T08:00:04Z'],
    ['Europe/Paris', '2026-10-25T00:15:00Z', '2026-10-25T02:00:00Z', '2026-10-25T02:15:00Z'],
    ['Europe/Paris', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00Z', '2026-10-25T03:00:00Z'],
    ['Europe/Paris', '2026-10-25T01:45:00Z', '2026-10-25T02:45:00Z', '2026-10-25T03:00:00Z'],
    ['Europe/Paris', '2026-10-25T02:30:00Z', '2026-10-25T03:30:00Z', '2026-10-25T03:30:00Z'],
    ['Europe/Paris', '2026-03-29T01:00:00Z', '2026-03-29T03:00:00Z', '2026-03-29T03:00:00Z'],
  ])('%s, %s: from %s on, and up to %s', (zone, instant, earliest, latest) => {
    const bounds = boundWallClock(Date.parse(instant), zone);
    expect(new Date(bounds.earliest)).toEqual(new Date(earliest));
    expect(new Date(bounds.latest)).toEqual(new Date(latest));
  });

  test('any instant in any zone: as seen by looking every ten minutes of two days', () => {
    const everyZone = Intl.supportedValuesOf('timeZone');
    fc.assert(
      fc.property(instants, fc.constantFrom(...everyZone), (atMs, zone) => {
        const { earliest, latest } = boundWallClock(atMs, zone);
        const look = lookAt(zone);
        const steps = Array.from({ length: 170 }, (_, step) => step * 600_000);
        const soonest = Math.min(...steps.map((step) => look(atMs + step)));
        const farthest = Math.max(...steps.map((step) => look(atMs - step)));
        expect(soonest - earliest).toBeGreaterThanOrEqual(0);
        expect(soonest - earliest).toBeLessThan(600_000);
        expect(latest - farthest).toBeGreaterThanOrEqual(0);
        expect(latest - farthest).toBeLessThanOrEqual(600_000);
      }),
      { numRuns: 300 },
    );
  });
});

/** What the clock shows, as an instant of UTC. One formatter for many looks. */
const lookAt = (timeZone: string): ((atMs: number) => number) => {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (atMs) => Date.parse(`${shown.format(new Date(atMs)).replace(' ', 'T')}Z`) + (atMs % 1000);
};

test.each([
  ['Europe/Paris', true],
  ['UTC', true],
  ['Europe/Pariss', false],
  ['', false],
])('%s: a time zone? %s', (name, isKnown) => {
  expect(isTimeZone(name)).toBe(isKnown);
});
