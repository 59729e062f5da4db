import { describe, expect, test } from 'vitest';
import { addReaders } from '../../../functions/recover/add-readers.ts';
import { checkReaders } from '../../../functions/recover/check-readers.ts';
import type { WriterRequest } from '../../../shared/aurora/port.ts';
import type { RecoveryState } from '../../../shared/recovering/state.ts';
import { at, makePassedDrill } from '../../shared/drill/state-fixture.ts';
import { clockAt, failWith, makeAurora, makeInstance } from '../fakes.ts';

const cluster = 'recovered-prod-aurora-main-20261116073000';
const reader = (number: number) => ({
  identifier: `${cluster}-reader-${number}`,
  instanceClass: 'db.r8g.large',
  parameterGroup: 'app',
  promotionTier: number,
  like: null,
});
const { execution, PrepareDrill: job } = makePassedDrill();
const stamps = { startedAt: at('08:20'), endedAt: at('08:20'), passes: 1, functionSeconds: 0 };

/** Only what these steps look at. */
const state = {
  execution,
  PrepareRecovery: {
    ...job,
    target: { cluster, writer: `${cluster}-writer` },
    tags: { team: 'payments' },
    readers: [reader(1), reader(2)],
  },
  AddReaders: { readers: [reader(1).identifier, reader(2).identifier], ...stamps },
} as unknown as RecoveryState;

describe('AddReaders', () => {
  test('one after the other, each with its class, group, tier and tags', async () => {
    const requests: WriterRequest[] = [];
    const aurora = makeAurora({ addWriter: async (request) => void requests.push(request) });
    const piece = await addReaders(state, { aurora, now: clockAt('08:20') });
    expect(piece.readers).toEqual([reader(1).identifier, reader(2).identifier]);
    expect(requests).toEqual(
      [reader(1), reader(2)].map(({ like: _, ...one }) => ({
        ...one,
        cluster,
        engine: 'aurora-postgresql',
        tags: { team: 'payments' },
      })),
    );
  });

  test('a name is taken: by its own first run, which is a success, or in another cluster, which is not', async () => {
    const add = (members: string[]) =>
      addReaders(state, {
        aurora: makeAurora({
          addWriter: failWith('TargetNameTaken'),
          listInstances: async () => members.map((identifier) => makeInstance(identifier, { cluster })),
        }),
        now: clockAt('08:20'),
      });
    await expect(add([reader(1).identifier, reader(2).identifier])).resolves.toBeDefined();
    await expect(add([reader(2).identifier])).rejects.toMatchObject({ name: 'TargetNameTaken' });
  });
});

describe('CheckReaders', () => {
  const check = (statuses: (string | null)[], time = '08:22') =>
    checkReaders(state, {
      aurora: makeAurora({
        listInstances: async () =>
          statuses.flatMap((status, index) =>
            status === null ? [] : [makeInstance(reader(index + 1).identifier, { cluster, status })],
          ),
      }),
      now: clockAt(time),
    });

  test.each([
    ['all available', ['available', 'available'], { status: 'ready', ready: [1, 2] }],
    ['one creating', ['available', 'creating'], { status: 'pending', ready: [1] }],
    ['one not visible yet', ['available', null], { status: 'pending', ready: [1] }],
    [
      'one failed, one creating',
      ['creating', 'failed'],
      { status: 'failed', error: 'ReaderUnusable', ready: [] },
    ],
  ])('%s', async (_, statuses, { ready, ...expected }) => {
    const numbers = ready.map((number) => reader(number).identifier);
    expect(await check(statuses)).toMatchObject({ ...expected, ready: numbers });
  });

  test('gone after it was visible for minutes: ReaderUnusable, by its name', async () => {
    expect(await check([null, 'available'], '08:26')).toMatchObject({
      status: 'failed',
      error: 'ReaderUnusable',
      reason: `${reader(1).identifier}: the reader is gone`,
    });
  });

  test('still creating after the deadline: DeadlineExceeded', async () => {
    expect(await check(['available', 'creating'], '09:31')).toMatchObject({ error: 'DeadlineExceeded' });
  });
});
