import { expect, test } from 'vitest';
import type { BinlogArchive } from '../../../local/servers/binlog-archive.ts';
import { type History, keepHistory } from '../../../local/servers/history.ts';

/** An instant of one minute. */
const at = (second: number): string => new Date(Date.UTC(2026, 10, 19, 2, 13, second)).toISOString();

const archiveFrom = (second: number): BinlogArchive => ({
  base: `base-${second}`,
  logs: `logs-${second}`,
  start: { file: 'binlog.000001', position: 4 },
  earliestRestorableTime: at(second),
});

/** A log ends at each of these seconds. */
const write = (history: History, ...seconds: number[]): void => {
  for (const second of seconds)
    history.add({ at: at(second), place: { file: `binlog.${second}`, position: second }, bytes: 1 });
};

const goBack = (history: History, to: number, again: number, hasWritten: boolean): void => {
  const point = history.findNearest(at(to), hasWritten);
  if (point === null) throw new Error(`${to} cannot be reached`);
  history.goBack(point, archiveFrom(again), hasWritten);
};

/** The second that a rewind to another one reaches. */
const reach = (history: History, to: number, hasWritten = true): number | null => {
  const point = history.findNearest(at(to), hasWritten);
  return point === null ? null : new Date(point.at).getUTCSeconds();
};

test('a time between two ends of logs: the nearest one, which may lie after it; before and after all: the first and the last', () => {
  const history = keepHistory(archiveFrom(10));
  write(history, 14, 20);
  expect([11, 13, 16, 18, 5, 59].map((to) => reach(history, to))).toEqual([10, 14, 14, 20, 10, 20]);
});

test('rewound, and nothing written since: all of it can still be reached, also a second and a third time', () => {
  const history = keepHistory(archiveFrom(10));
  write(history, 12, 14, 16);
  for (const [to, again] of [
    [12, 20],
    [14, 30],
    [12, 40],
  ] as const) {
    goBack(history, to, again, false);
    write(history, again + 5);
    expect([12, 14, 16, again + 5].map((second) => reach(history, second, false))).toEqual([12, 14, 16, 16]);
  }
});

test('rewound, and something written since: what came after that point is thrown away, and what is new can be reached', () => {
  const history = keepHistory(archiveFrom(10));
  write(history, 12, 14, 16);
  goBack(history, 12, 20, true);
  write(history, 24);
  expect([10, 12, 13, 16, 19, 20, 24].map((to) => reach(history, to))).toEqual([
    10,
    12,
    null,
    null,
    null,
    20,
    24,
  ]);
});

test('rewound into what was written after a rewind: the gaps of both stay', () => {
  const history = keepHistory(archiveFrom(10));
  write(history, 12, 14);
  goBack(history, 12, 20, true);
  write(history, 24, 26);
  goBack(history, 24, 30, true);
  write(history, 34);
  expect([12, 14, 20, 24, 26, 34].map((to) => reach(history, to))).toEqual([12, null, 20, 24, null, 34]);
});

test('a restore from backups: the archive of that time, what a rewind threw away too; its end while no server ran', () => {
  const history = keepHistory(archiveFrom(10));
  write(history, 12, 14);
  goBack(history, 12, 20, true);
  write(history, 24);
  const locate = (second: number) => {
    const { archive, point } = history.locate(at(second));
    return [archive.base, point.kind];
  };
  expect([13, 14, 17, 20, 30].map(locate)).toEqual([
    ['base-10', 'point-in-time'],
    ['base-10', 'point-in-time'],
    ['base-10', 'clone'],
    ['base-20', 'point-in-time'],
    ['base-20', 'point-in-time'],
  ]);
});
