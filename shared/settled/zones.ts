import type { Moment, TimeColumn } from '../database/port.ts';
import { boundWallClock, fromWallClock } from '../wall-clock.ts';

/** What a plan says of a table's settled rows. `timeZone` is that of the clock that filled a column without one. */
export type Rule = { column: string; marginMs: number; deletes: 'never' | 'allowed'; timeZone: string };

/**
 * Where the zones of a table's rows begin and end, in milliseconds on the axis of its column: instants, or what a wall clock
 * showed, written as if it were UTC. Rows before `settledEnd` were certainly inserted before T - margin, rows from
 * `afterStart` on certainly at T + margin or later, and rows from `asked` on certainly at T or later. `now` is T's
 * counterpart for the present. The last two are as the plan and the column have them.
 */
export type Zones = {
  settledEnd: number;
  asked: number;
  afterStart: number;
  now: number;
  marginMs: number;
  unitMs: number;
};

/**
 * The zones, made wide enough for hours that a clock shows twice, and for times that are rounded when they are stored: up
 * from half a unit, or down from less than a whole one.
 */
export const findZones = (
  { isZoned, unitMs }: TimeColumn,
  { marginMs, timeZone }: Rule,
  times: { restoreToMs: number; nowMs: number },
): Zones => {
  const bounds = (atMs: number): { earliest: number; latest: number } =>
    isZoned ? { earliest: atMs, latest: atMs } : boundWallClock(atMs, timeZone);
  // Moments are no finer than milliseconds.
  const roundedMs = Math.max(1, unitMs);
  const halfMs = unitMs < 1 ? 0 : Math.min(unitMs, 1000) / 2;
  const certainlyFrom = (atMs: number): number =>
    Math.ceil((bounds(atMs).latest + halfMs) / roundedMs) * roundedMs;
  return {
    settledEnd: Math.floor(bounds(times.restoreToMs - marginMs).earliest / roundedMs) * roundedMs,
    asked: certainlyFrom(times.restoreToMs),
    afterStart: certainlyFrom(times.restoreToMs + marginMs),
    now: bounds(times.nowMs).latest,
    marginMs,
    unitMs,
  };
};

/** The axis is the column's own, so both ways to write a moment are the same. */
export const momentAt = (ms: number): Moment => {
  const utc = new Date(ms).toISOString();
  return { utc, wallClock: utc.replace('T', ' ').replace('Z', '') };
};

/** The instant of a place on the axis, in milliseconds since 1970. An hour that is shown twice is taken as the later one. */
export const instantOf = (ms: number, { isZoned }: TimeColumn, { timeZone }: Rule): number =>
  isZoned ? ms : fromWallClock(momentAt(ms).wallClock, timeZone);
