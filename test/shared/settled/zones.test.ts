import { expect, test } from 'vitest';
import { findZones } from '../../../shared/settled/zones.ts';

const dayMs = 86_400_000;
const rule = { column: 'at', marginMs: 60_000, deletes: 'never', timeZone: 'Europe/Paris' } as const;

/** What rows are settled before, and from when on they may not be there. */
test.each([
  [
    'instants',
    true,
    0.001,
    '2026-11-19T12:00:00.500Z',
    '2026-11-19T11:59:00.500Z',
    '2026-11-19T12:01:00.500Z',
  ],
  [
    'a wall clock',
    false,
    0.001,
    '2026-11-19T12:00:00.500Z',
    '2026-11-19T12:59:00.500Z',
    '2026-11-19T13:01:00.500Z',
  ],
  // 12:01:01 may have been 12:01:00.5, and 11:59:00 anything up to 11:59:01.
  ['whole seconds', true, 1000, '2026-11-19T12:00:00.500Z', '2026-11-19T11:59:00Z', '2026-11-19T12:01:01Z'],
  ['whole seconds', true, 1000, '2026-11-19T12:00:00Z', '2026-11-19T11:59:00Z', '2026-11-19T12:01:01Z'],
  ['days', false, dayMs, '2026-11-19T12:00:00Z', '2026-11-19T00:00:00Z', '2026-11-20T00:00:00Z'],
  [
    'days, just before midnight',
    false,
    dayMs,
    '2026-11-19T22:59:30Z',
    '2026-11-19T00:00:00Z',
    '2026-11-21T00:00:00Z',
  ],
  [
    'a wall clock, in the first of two hours',
    false,
    0.001,
    '2026-10-25T00:30:00Z',
    '2026-10-25T02:00:00Z',
    '2026-10-25T02:31:00Z',
  ],
  [
    'a wall clock, in the second of two hours',
    false,
    0.001,
    '2026-10-25T01:30:00Z',
    '2026-10-25T02:29:00Z',
    '2026-10-25T03:00:00Z',
  ],
  [
    'a wall clock, as an hour is left out',
    false,
    0.001,
    '2026-03-29T01:00:00Z',
    '2026-03-29T01:59:00Z',
    '2026-03-29T03:01:00Z',
  ],
])(
  '%s: does it hold instants? %s; by %f ms; at %s: settled before %s, later from %s on',
  (_, isZoned, unitMs, restoreTo, settled, later) => {
    const restoreToMs = Date.parse(restoreTo);
    const found = findZones({ name: 'at', isZoned, unitMs }, rule, { restoreToMs, nowMs: restoreToMs });
    expect(new Date(found.settledEnd)).toEqual(new Date(settled));
    expect(new Date(found.afterStart)).toEqual(new Date(later));
  },
);
