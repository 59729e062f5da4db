import { describe, expect, test } from 'vitest';
import type { LockRun } from '../../../shared/probing/lock-log.ts';
import type { Look, TableLook } from '../../../shared/probing/port.ts';
import type { Attempt, Seen } from '../../../shared/probing/seen.ts';
import { toStatements } from '../../../shared/probing/statements.ts';

const users = 'public.users';
const filled: TableLook = { storage: '1', bytes: 8192, indexBytes: 8192, rowsScanned: 10 };

const lookAt = (table: Partial<TableLook> | null, more: Partial<Look> = {}): Look => ({
  tables: table === null ? new Map() : new Map([[users, { ...filled, ...table }]]),
  locks: [],
  logPosition: 100,
  invalid: [],
  ...more,
});

const attempt = (number: number, fromMs: number, toMs: number, more: Partial<Attempt> = {}): Attempt => ({
  statement: { number, line: number, sql: 'select 1', isInTransaction: false, tables: [users] },
  transactionStart: number,
  fromMs,
  toMs,
  before: lookAt({}),
  look: lookAt({}),
  refusal: null,
  algorithm: null,
  notMeasured: [],
  isCancelled: false,
  ...more,
});

const held = (mode: string, fromMs: number, toMs: number): LockRun => ({
  relation: users,
  table: users,
  mode,
  fromMs,
  toMs,
  seenMs: fromMs + 1,
});

const seenWith = (more: Partial<Seen>): Seen => ({
  waits: [],
  held: [],
  lockWaits: [],
  conflicts: { read: ['all'], write: ['writes', 'all'], row: ['rows'] },
  notMeasured: [],
  known: [users],
  probed: [],
  untold: [],
  ...more,
});

const measure = (attempts: Attempt[], seen: Partial<Seen> = {}) => toStatements(attempts, seenWith(seen));
const tableAt = (attempts: Attempt[], seen: Partial<Seen>, index = 0) =>
  measure(attempts, seen)[index]?.tables[0];

describe('who held a probe up', () => {
  const inTransaction = [
    attempt(1, 0, 10, { transactionStart: 1 }),
    attempt(2, 10, 20, { transactionStart: 1 }),
    attempt(3, 20, 900, { transactionStart: 1 }),
  ];

  test('in a transaction: who took the lock, though another statement runs by now', () => {
    const waits = [{ table: users, kind: 'read', fromMs: 25, toMs: 900 } as const];
    const longest = measure(inTransaction, { waits, held: [held('all', 10, 900)] }).map(
      ({ tables }) => tables[0]?.blockedRead.longestMs,
    );
    expect(longest).toEqual([0, 875, 0]);
  });

  test('a lock that does not keep this probe waiting: not to blame', () => {
    const waits = [{ table: users, kind: 'read', fromMs: 25, toMs: 900 } as const];
    const locks = [held('writes', 0, 900), held('all', 21, 900)];
    expect(tableAt(inTransaction, { waits, held: locks }, 2)?.blockedRead.longestMs).toBe(875);
  });

  test('a write of a row: a lock of the table before one that may hold rows', () => {
    const waits = [{ table: users, kind: 'row', fromMs: 25, toMs: 900 } as const];
    const locks = [held('rows', 0, 900), held('all', 10, 900)];
    expect(tableAt(inTransaction, { waits, held: locks }, 1)?.blockedWrite.longestMs).toBe(875);
    expect(tableAt(inTransaction, { waits, held: locks.slice(0, 1) })?.blockedWrite.longestMs).toBe(875);
  });

  test('a lock that is seen only after the wait began: who took it, if it was held for most of the wait', () => {
    const waits = [{ table: users, kind: 'row', fromMs: 9, toMs: 900 } as const];
    const longestWith = (locks: LockRun[]) =>
      measure(inTransaction, { waits, held: locks }).map(({ tables }) => tables[0]?.blockedWrite.longestMs);
    const [later, last] = [held('rows', 16, 900), held('all', 30, 900)];
    expect(longestWith([last, later])).toEqual([0, 891, 0]);
    expect(longestWith([held('rows', 16, 400)])).toEqual([891, 0, 0]);
  });

  test('no lock that was seen: the statement that ran, also for a table that it does not name', () => {
    const waits = [{ table: 'public.other', kind: 'write', fromMs: 15, toMs: 400 } as const];
    expect(measure(inTransaction, { waits })[1]?.tables).toMatchObject([
      { table: users, blockedWrite: { longestMs: 0 } },
      { table: 'public.other', blockedWrite: { longestMs: 385, stretches: [{ fromMs: 15, toMs: 400 }] } },
    ]);
  });
});

describe('what a busy machine does', () => {
  const waits = [{ table: users, kind: 'write', fromMs: 10, toMs: 40 } as const];

  test('a short wait without a lock that explains it: left out', () => {
    const locks = [held('rows', 0, 100)];
    expect(tableAt([attempt(1, 0, 100)], { waits, held: locks })?.blockedWrite.longestMs).toBe(0);
  });

  test('a short wait under a lock, or in the queue for one: told', () => {
    expect(
      tableAt([attempt(1, 0, 100)], { waits, held: [held('writes', 20, 30)] })?.blockedWrite.longestMs,
    ).toBe(30);
    const lockWaits = [{ table: users, fromMs: 0, toMs: 30 }];
    expect(tableAt([attempt(1, 0, 100)], { waits, lockWaits })).toMatchObject({
      blockedWrite: { longestMs: 30 },
      queuedMs: 20,
    });
  });
});

test('stretches: joined where they overlap, and in order', () => {
  const waits = [
    { table: users, kind: 'row', fromMs: 500, toMs: 800 },
    { table: users, kind: 'write', fromMs: 10, toMs: 300 },
    { table: users, kind: 'row', fromMs: 100, toMs: 400 },
  ] as const;
  expect(tableAt([attempt(1, 0, 900)], { waits: [...waits] })?.blockedWrite).toEqual({
    longestMs: 300,
    stretches: [
      { fromMs: 10, toMs: 400 },
      { fromMs: 500, toMs: 800 },
    ],
  });
});

test.each([
  ['other storage: rewritten', { storage: '2' }, true],
  ['the same: not', {}, false],
  ['emptied: not', { storage: '' }, false],
  ['nothing known: not known', { storage: null }, null],
])('rewritten, %s', (_, after, expected) => {
  expect(tableAt([attempt(1, 0, 9, { look: lookAt(after) })], {})?.isRewritten).toBe(expected);
});

test('a table that is dropped: its space is given back, and it is not rewritten', () => {
  expect(tableAt([attempt(1, 0, 9, { look: lookAt(null) })], {})).toMatchObject({
    isRewritten: false,
    growthBytes: -8192,
    indexGrowthBytes: -8192,
    rowsScanned: 0,
  });
});

test('a session that can look no more: nothing is known of what it left, and the reason is told', () => {
  const [statement] = measure([attempt(1, 0, 9, { look: null, notMeasured: ['its session ended'] })]);
  expect(statement).toMatchObject({ logBytes: null, leftInvalid: [], notMeasured: ['its session ended'] });
  expect(statement?.tables[0]).toMatchObject({ isRewritten: null, rowsScanned: null, growthBytes: null });
});

test('what was not valid before: not left by this statement', () => {
  const before = lookAt({}, { invalid: ['index a of t'] });
  const look = lookAt({}, { invalid: ['index a of t', 'index b of t'], logPosition: 350 });
  expect(measure([attempt(1, 0, 9, { before, look })])[0]).toMatchObject({
    leftInvalid: ['index b of t'],
    logBytes: 250,
  });
});

describe('a lock timeout', () => {
  const refusal = { message: 'lock timeout', code: '55P03', isLockTimeout: true };

  test('and a second attempt that passes: the waits of both, and the time of the second', () => {
    const waits = [{ table: users, kind: 'read', fromMs: 5, toMs: 205 } as const];
    const lockWaits = [{ table: users, fromMs: 0, toMs: 205 }];
    const attempts = [attempt(1, 0, 205, { refusal }), attempt(1, 2000, 2003)];
    const [statement, ...others] = measure(attempts, { waits, lockWaits });
    expect(others).toEqual([]);
    expect(statement).toMatchObject({
      fromMs: 2000,
      toMs: 2003,
      lockWaitMs: 205,
      lockTimeouts: 1,
      error: null,
    });
    expect(statement?.tables[0]).toMatchObject({ blockedRead: { longestMs: 200 }, queuedMs: 200 });
  });

  test('twice: the error', () => {
    const attempts = [attempt(1, 0, 205, { refusal }), attempt(1, 2000, 2205, { refusal })];
    expect(measure(attempts)[0]).toMatchObject({ lockTimeouts: 2, error: { code: '55P03' } });
  });
});

test.each([
  [1, 1, 'nothing was done before it'],
  [2, 2, 'statement 1 stays done'],
  [4, 4, 'what statements 1 to 3 did stays done'],
  [3, 1, 'nothing was done before it; what statements 1 to 2 did, in its transaction, was rolled back'],
  [4, 3, 'what statements 1 to 2 did stays done; statement 3, in its transaction, was rolled back'],
])('statement %i fails, whose transaction began with %i: %s', (number, transactionStart, doneBefore) => {
  const refusal = { message: 'no', code: '42601', isLockTimeout: false };
  const [statement] = measure([attempt(number, 0, 9, { transactionStart, refusal })]);
  expect(statement?.error).toEqual({ message: 'no', code: '42601', doneBefore });
});

test('cancelled: no error of the change', () => {
  const refusal = { message: 'canceled', code: '57014', isLockTimeout: false };
  expect(measure([attempt(1, 0, 9, { refusal, isCancelled: true })])[0]).toMatchObject({
    error: null,
    isCancelled: true,
  });
});

describe('a table that a statement locks without naming it', () => {
  const bare = attempt(1, 0, 10, {
    statement: { number: 1, line: 1, sql: 'select migrate()', isInTransaction: false, tables: [] },
  });

  test.each(['all', 'writes', 'rows'])('lock %s: told, and measured in part', (mode) => {
    const [statement] = measure([bare], { held: [held(mode, 0, 10)] });
    expect(statement?.tables).toMatchObject([{ table: users, isIncomplete: true }]);
    expect(statement?.notMeasured).toEqual([expect.stringContaining(`it locks ${users} without naming it`)]);
  });

  test('a lock of rows of a table that is probed: not told', () => {
    const seen = { held: [held('rows', 0, 10)], probed: [users] };
    expect(measure([bare], seen)[0]).toMatchObject({ tables: [], notMeasured: [] });
  });

  test('a lock that nobody waits for, or one of no table: not told', () => {
    const others = [
      held('none', 0, 10),
      { ...held('all', 0, 10), relation: 'public.view', table: 'public.view' },
    ];
    expect(measure([bare], { held: others })[0]).toMatchObject({ tables: [], notMeasured: [] });
  });
});
