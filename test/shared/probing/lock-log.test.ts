import { expect, test } from 'vitest';
import { startLockLog } from '../../../shared/probing/lock-log.ts';
import type { LockNow } from '../../../shared/probing/port.ts';

const lock = (mode: string, isGranted = true, relation: string | null = 'public.users'): LockNow => ({
  relation,
  table: relation,
  mode,
  isGranted,
});

const logOf = (...looks: [number, LockNow[], boolean?][]) => {
  const log = startLockLog();
  for (const [atMs, locks, isRefused] of looks) log.record(atMs, locks, isRefused);
  return log;
};

test('a lock: from the last look without it to the first without it again, and never shorter', () => {
  const { held, waits } = logOf([10, []], [20, [lock('Share')]], [30, [lock('Share')]], [40, []]);
  expect(held).toMatchObject([{ relation: 'public.users', mode: 'Share', fromMs: 10, seenMs: 20, toMs: 40 }]);
  expect(waits).toEqual([]);
});

test('two modes, and the same mode twice: each for itself', () => {
  const { held } = logOf(
    [0, []],
    [10, [lock('Share')]],
    [20, [lock('Share'), lock('Exclusive')]],
    [30, [lock('Exclusive')]],
    [40, [lock('Share')]],
    [50, []],
  );
  expect(held.map(({ mode, fromMs, toMs }) => [mode, fromMs, toMs])).toEqual([
    ['Share', 0, 30],
    ['Exclusive', 10, 40],
    ['Share', 30, 50],
  ]);
});

test('a wait, and then the lock: told apart', () => {
  const { held, waits } = logOf(
    [0, []],
    [10, [lock('Exclusive', false)]],
    [500, [lock('Exclusive')]],
    [510, []],
  );
  expect(waits).toEqual([{ table: 'public.users', fromMs: 0, toMs: 500 }]);
  expect(held).toMatchObject([{ mode: 'Exclusive', fromMs: 10, toMs: 510 }]);
});

test('a lock that came and went between two looks, after a wait: held between them', () => {
  const { held } = logOf([0, []], [10, [lock('Exclusive', false)]], [20, []]);
  expect(held).toMatchObject([{ mode: 'Exclusive', fromMs: 10, toMs: 20 }]);
});

test('a wait that the statement gave up: it never had the lock', () => {
  const { held, waits } = logOf([0, []], [10, [lock('Exclusive', false)]], [200, [], true]);
  expect(held).toEqual([]);
  expect(waits).toEqual([{ table: 'public.users', fromMs: 0, toMs: 200 }]);
});

test('a wait for something that is no table, such as a row: a wait and no lock', () => {
  const { held, waits } = logOf([0, []], [10, [lock('ShareLock', false, null)]], [20, []]);
  expect(held).toEqual([]);
  expect(waits).toEqual([{ table: null, fromMs: 0, toMs: 20 }]);
});
