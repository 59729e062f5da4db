import { expect, test } from 'vitest';
import type { Refusal, Statement } from '../../../shared/probing/port.ts';
import { measureChange } from '../../../shared/probing/run.ts';
import { emptyLook, type FakeServer, fakeServer, startVirtualTime } from './fake-server.ts';

const statement = (number: number, isInTransaction: boolean): Statement => ({
  number,
  line: number,
  sql: `statement ${number}`,
  isInTransaction,
  tables: ['public.users'],
});

const ended: Refusal = { message: 'terminated', code: '57P01', isLockTimeout: false };

/** @param make a server in a time of its own. `transaction`: the numbers of the statements in one */
const rehearse = (
  make: (time: ReturnType<typeof startVirtualTime>) => FakeServer,
  { deadlineMs = 60_000, contenderSeconds = 0, count = 1, transaction = [0] } = {},
) => {
  const time = startVirtualTime();
  const server = make(time);
  const statements = Array.from({ length: count }, (_, index) =>
    statement(index + 1, transaction.includes(index + 1)),
  );
  const running = measureChange(
    server,
    { statements, lockTimeoutMs: null },
    { contenderSeconds, deadlineMs, nowMs: time.nowMs, sleep: time.sleep },
  );
  return { server, time, measured: time.drive(running) };
};

/** Within two looks of when it should. */
const timeOf = ({ events }: FakeServer, what: string): number =>
  Number(events.find((event) => event.startsWith(what))?.split(' at ')[1]);

test('a statement that heeds its cancellation: ends with the time, and its session is left alone', async () => {
  const { server, measured } = rehearse(
    (time) => fakeServer(time, ({ canceled }) => canceled.then(() => ({ ...ended, code: '57014' }))),
    { deadlineMs: 1000 },
  );
  expect((await measured).statements).toMatchObject([{ isCancelled: true, error: null }]);
  expect(timeOf(server, 'cancelled')).toBeLessThan(1090);
  expect(server.events.join()).not.toContain('terminated');
});

test('a statement that heeds nothing: its session is ended five seconds later', async () => {
  const { server, measured } = rehearse(
    (time) => fakeServer(time, ({ terminated }) => terminated.then(() => ended)),
    { deadlineMs: 1000, count: 2 },
  );
  const { statements, isFinished } = await measured;
  expect([statements.length, isFinished]).toEqual([1, false]);
  expect(timeOf(server, 'terminated')).toBeGreaterThanOrEqual(6000);
  expect(timeOf(server, 'terminated')).toBeLessThan(6100);
});

test('the contender: ends after its seconds, counted from the first statement', async () => {
  const { server, measured } = rehearse((time) => fakeServer(time, () => time.sleep(9000).then(() => null)), {
    contenderSeconds: 2,
  });
  await measured;
  expect(timeOf(server, 'contender ended')).toBeGreaterThanOrEqual(2000);
  expect(timeOf(server, 'contender ended')).toBeLessThan(2090);
});

test('a change that is over before the contender: it ends with the change, and so do all probes', async () => {
  const { server, measured } = rehearse((time) => fakeServer(time, async () => null), {
    contenderSeconds: 60,
  });
  await measured;
  expect(timeOf(server, 'contender ended')).toBeLessThan(100);
  for (const kind of ['read', 'write', 'row']) expect(server.events.join()).toContain(`${kind} probe ended`);
});

test('the server fails in the middle: the error is passed on, and no probe is left', async () => {
  const { server, measured } = rehearse((time) =>
    fakeServer(time, async () => {
      throw new Error('no server');
    }),
  );
  await expect(measured).rejects.toThrow('no server');
  expect(server.events.filter((event) => event.includes('probe ended')).length).toBe(3);
});

test('a session that can look no more: nothing further is run', async () => {
  const conclude = async () => ({ look: null, refusal: null, algorithm: null, notMeasured: ['it is gone'] });
  const { measured } = rehearse((time) => fakeServer(time, async () => null, { session: { conclude } }), {
    count: 2,
  });
  const { statements, isFinished } = await measured;
  expect(isFinished).toBe(false);
  expect(statements).toMatchObject([{ notMeasured: ['it is gone'] }]);
});

test('locks that cannot be read: told once, and time and contender are watched all the same', async () => {
  const readLocks = async () => {
    throw new Error('denied');
  };
  const { server, measured } = rehearse(
    (time) => fakeServer(time, ({ canceled }) => canceled.then(() => ended), { readLocks }),
    { deadlineMs: 500, contenderSeconds: 0.1 },
  );
  expect((await measured).statements[0]?.notMeasured).toEqual([
    'locks were not seen all the time: Error: denied',
  ]);
  expect(timeOf(server, 'contender ended')).toBeLessThan(190);
});

test('a probe that fails: told by its table and use, and the change is measured to its end', async () => {
  const attempt = async () => {
    throw new Error('denied');
  };
  const { measured } = rehearse((time) => fakeServer(time, async () => null, { attempt }));
  const { statements, isFinished } = await measured;
  expect(isFinished).toBe(true);
  expect(statements[0]?.tables).toMatchObject([{ isIncomplete: true }]);
  expect(statements[0]?.notMeasured.toSorted()).toEqual([
    'blocked reads of public.users were not measured to the end: Error: denied',
    'blocked writes of public.users were not measured to the end: Error: denied',
    'blocked writes of single rows of public.users were not measured to the end: Error: denied',
  ]);
});

test('a probe that somebody else keeps waiting: nobody waits for it for long', async () => {
  const { server, time, measured } = rehearse((virtual) =>
    fakeServer(virtual, async () => null, { attempt: () => new Promise(() => {}) }),
  );
  expect((await measured).isFinished).toBe(true);
  expect(server.events.filter((event) => event.includes('probe ended')).length).toBe(3);
  expect(time.nowMs()).toBeLessThan(20_000);
});

test('a transaction that meets the lock timeout: run again from its beginning, five times at most', async () => {
  const run: string[] = [];
  let isOpen = false;
  const { measured } = rehearse(
    (time) =>
      fakeServer(time, async () => null, {
        session: {
          prepare: async ({ number, sql }) => {
            run.push(sql);
            isOpen = number > 1;
            return emptyLook;
          },
          isInTransaction: () => isOpen,
          conclude: async () => {
            const isRefused = run.at(-1) === 'statement 3';
            if (isRefused) isOpen = false;
            const refusal = isRefused ? { message: 'timeout', code: '55P03', isLockTimeout: true } : null;
            return { look: emptyLook, refusal, algorithm: null, notMeasured: [] };
          },
        },
      }),
    { count: 4, transaction: [2, 3, 4] },
  );
  const { statements } = await measured;
  // The first stands alone, and the second began the transaction.
  const once = ['statement 2', 'statement 3'];
  expect(run).toEqual(['statement 1', ...Array.from({ length: 6 }, () => once).flat()]);
  expect(statements.map(({ lockTimeouts }) => lockTimeouts)).toEqual([0, 0, 6]);
  expect(statements[2]?.error?.doneBefore).toBe(
    'statement 1 stays done; statement 2, in its transaction, was rolled back',
  );
});
