import { expect, test } from 'vitest';
import { concludeDrill } from '../../functions/conclude-drill.ts';
import type { DrillState } from '../../shared/drill-state.ts';
import type { Message } from '../../shared/message.ts';
import type { Notify } from '../../shared/notify.ts';
import { at, dropPhases, makeDrillUpTo, makeDryRun, makePassedDrill } from '../shared/drill-state-fixture.ts';
import { clockAt, failWith } from './fakes.ts';

const conclude = async (state: DrillState, notify?: Notify) => {
  const messages: Message[] = [];
  const record: Notify = async (message) => void messages.push(message);
  const result = await concludeDrill(state, { notify: notify ?? record, now: clockAt('09:26') });
  return { result, messages };
};

const passed = makePassedDrill();
const target = passed.PrepareDrill.target.cluster;
const reason = 'instances stand, and the deadline has passed';
const leftBehind: DrillState = {
  ...passed,
  CheckTeardown: { ...passed.CheckTeardown, status: 'failed', error: 'DeadlineExceeded', reason },
};

test('everything passed and nothing is left: the result ends now, and nobody is told again', async () => {
  const { result, messages } = await conclude(passed);
  expect(result).toMatchObject({
    verdict: 'passed',
    failure: null,
    teardown: { status: 'completed' },
    endedAt: at('09:26'),
  });
  expect(messages).toEqual([]);
});

test('drill failed and nothing is left: nobody is told again', async () => {
  const failed = {
    ...dropPhases(passed, 'VerifyRestore'),
    failures: { VerifyRestore: { Error: 'DatabaseBusy' } },
  };
  const { result, messages } = await conclude(failed);
  expect(result).toMatchObject({ verdict: 'failed', teardown: { status: 'completed' } });
  expect(messages).toEqual([]);
});

test('drill stopped before its restore, teardown could not look: nobody is told, since nothing can be left', async () => {
  const state = {
    ...makeDrillUpTo('CaptureBaseline'),
    failures: { CheckRestorePoint: { Error: 'AccessDenied' }, TearDown: { Error: 'AccessDenied' } },
  };
  const { result, messages } = await conclude(state);
  expect(result).toMatchObject({
    failure: { phase: 'CheckRestorePoint' },
    teardown: { status: 'not-needed' },
  });
  expect(messages).toEqual([]);
});

test('dry run: nobody is told', async () => {
  const { result, messages } = await conclude(makeDryRun());
  expect(result.teardown.status).toBe('not-needed');
  expect(messages).toEqual([]);
});

test.each<[string, DrillState, string]>([
  ['gave up', leftBehind, reason],
  [
    'was refused',
    {
      ...dropPhases(passed, 'TearDown', 'CheckTeardown'),
      failures: { TearDown: { Error: 'TeardownRefused', Cause: 'refused to delete' } },
    },
    'TeardownRefused in TearDown: refused to delete',
  ],
])(
  'teardown that %s: people are told once more, with the name and the reason',
  async (_condition, state, text) => {
    const { result, messages } = await conclude(state);
    expect(result).toMatchObject({ verdict: 'failed', teardown: { status: 'failed' } });
    expect(messages).toEqual([
      expect.objectContaining({
        title: expect.stringContaining('left a cluster behind'),
        happened: [expect.stringContaining(text)],
      }),
    ]);
    expect(messages[0]?.happened.join()).toContain(`${target} was not removed`);
  },
);

test('drill and teardown failed: the message tells of the teardown, the result of what came first', async () => {
  const failures = { AddWriter: { Error: 'CapacityUnavailable', Cause: 'none left' } };
  const { result, messages } = await conclude({ ...leftBehind, failures });
  expect(result.failure).toMatchObject({
    phase: 'AddWriter',
    error: 'CapacityUnavailable',
    cause: 'none left',
  });
  expect(messages[0]?.happened.join()).toContain(`TeardownFailed in CheckTeardown: ${reason}`);
});

test('second message fails too: the result is kept, and its cause says so', async () => {
  const { result: told } = await conclude(leftBehind);
  const { result } = await conclude(leftBehind, failWith('NotificationFailed'));
  expect(result).toEqual({
    ...told,
    failure: {
      ...told.failure,
      cause: `${reason}; telling people failed too: injected NotificationFailed`,
    },
  });
});

test('second message fails by a defect of ours: thrown, not hidden in a result', async () => {
  const notify = () => Promise.reject(new TypeError('undefined is not a function'));
  await expect(conclude(leftBehind, notify)).rejects.toThrow(TypeError);
});
