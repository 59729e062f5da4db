import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findOutcome, makeFacts, makeInstance, unplanned } from './facts-fixture.ts';

const judgeWindows = (backupWindow: string | null, maintenanceWindow: string | null, others: object = {}) =>
  findOutcome(
    'windows-apart',
    makeFacts({ settings: { backupWindow, maintenanceWindow }, instances: { value: [] }, ...others }),
    unplanned,
  );

describe('windows-apart', () => {
  test.each([
    ['apart', '02:10-02:40', 'sun:03:00-sun:03:30', 'pass'],
    ['one after the other, without a gap', '02:30-03:00', 'sun:03:00-sun:03:30', 'pass'],
    ['a minute in both', '02:31-03:01', 'sun:03:00-sun:03:30', 'fail'],
    ['the backup within the maintenance', '03:10-03:20', 'tue:02:00-tue:06:00', 'fail'],
    ['the backup over midnight', '23:50-00:20', 'sat:00:00-sat:00:30', 'fail'],
    ['the maintenance over midnight', '00:00-00:30', 'wed:23:30-thu:00:30', 'fail'],
    ['the maintenance over the end of the week', '00:10-00:40', 'sat:23:30-sun:00:30', 'fail'],
    ['both over the end of the week', '23:59-00:10', 'sat:23:30-sun:00:30', 'fail'],
    ['days in capitals', '03:10-03:20', 'SUN:03:00-SUN:03:30', 'fail'],
    ['no backup window told', null, 'sun:03:00-sun:03:30', 'unreadable'],
    ['no maintenance window told', '02:10-02:40', null, 'unreadable'],
    ['an odd backup window', '2:10-2:40', 'sun:03:00-sun:03:30', 'unreadable'],
    ['an odd maintenance window', '02:10-02:40', 'funday:03:00-sun:03:30', 'unreadable'],
  ])('%s: %s against %s: %s', (_, backup, maintenance, verdict) => {
    expect(judgeWindows(backup, maintenance).verdict).toBe(verdict);
  });

  test('the maintenance of some instances: they are named, and the command moves the backup past all of them', () => {
    const instances = {
      value: [
        makeInstance('app-2', null, { maintenanceWindow: 'fri:02:30-fri:03:00' }),
        makeInstance('app-1', null, { maintenanceWindow: 'mon:02:00-mon:02:20' }),
        makeInstance('app-3', null, { maintenanceWindow: 'mon:02:00-mon:02:20' }),
      ],
    };
    expect(judgeWindows('02:10-02:40', 'sun:02:45-sun:03:30', { instances })).toMatchObject({
      verdict: 'fail',
      seen: 'backups 02:10-02:40 UTC, maintenance mon:02:00-mon:02:20 of app-1, app-3, fri:02:30-fri:03:00 of app-2',
      mend: { command: expect.stringContaining('--preferred-backup-window 03:40-04:10 ') },
    });
  });

  test.each([
    ['are not known', { unknown: 'Throttled' }],
    ['do not tell', { value: [makeInstance('app-1', null, { maintenanceWindow: null })] }],
  ])('instances that %s: unreadable, but for an overlap with the cluster', (_, instances) => {
    expect(judgeWindows('02:10-02:40', 'sun:03:00-sun:03:30', { instances }).verdict).toBe('unreadable');
    expect(judgeWindows('02:10-02:40', 'sun:02:00-sun:03:30', { instances }).verdict).toBe('fail');
  });

  test('maintenance all week: no command, since no time is free', () => {
    const { mend } = judgeWindows('02:10-02:40', 'sun:00:00-sat:23:59');
    expect(mend?.command).toBeNull();
  });
});

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const weekMinutes = 7 * 1440;
const toClock = (minute: number) =>
  [Math.floor(minute / 60) % 24, minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
const toWeekly = (minute: number) => `${days[Math.floor(minute / 1440) % 7]}:${toClock(minute)}`;

test('any two windows: they overlap as their minutes do, and the command leads to one that does not', () => {
  const minutesOf = (start: number, length: number) =>
    Array.from({ length }, (_, index) => (start + index) % weekMinutes);
  const lengths = fc.integer({ min: 30, max: 300 });
  fc.assert(
    fc.property(fc.nat(1439), lengths, fc.nat(weekMinutes - 1), lengths, (start, length, weekly, lasts) => {
      const backup = `${toClock(start)}-${toClock(start + length)}`;
      const maintenance = `${toWeekly(weekly)}-${toWeekly(weekly + lasts)}`;
      const kept = new Set(minutesOf(weekly, lasts));
      const isShared = days.some((_, day) =>
        minutesOf(day * 1440 + start, length).some((at) => kept.has(at)),
      );
      const { verdict, mend } = judgeWindows(backup, maintenance);
      expect(verdict).toBe(isShared ? 'fail' : 'pass');
      if (!isShared) return;
      const [, moved = ''] = /--preferred-backup-window (\S+)/.exec(mend?.command ?? '') ?? [];
      expect(judgeWindows(moved, maintenance).verdict).toBe('pass');
    }),
    { numRuns: 200 },
  );
});
