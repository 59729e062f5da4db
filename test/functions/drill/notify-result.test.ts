import { expect, test } from 'vitest';
import { notifyResult } from '../../../functions/drill/notify-result.ts';
import type { DrillState } from '../../../shared/drill/state.ts';
import type { Message } from '../../../shared/messages/message.ts';
import {
  dropPhases,
  makeCheck,
  makeDrillUpTo,
  makeDrillWithChecks,
  makePassedDrill,
} from '../../shared/drill/state-fixture.ts';
import { clockAt, failWith } from '../fakes.ts';

const tell = async (state: DrillState) => {
  const messages: Message[] = [];
  const deps = {
    notify: async (message: Message) => void messages.push(message),
    placeOf: ({ drillId }: { drillId: string }) => `reports/${drillId}/report.html`,
    now: clockAt('08:25:11'),
  };
  const { subject } = await notifyResult(state, deps);
  return { subject, messages, texts: messages.map(({ happened }) => happened.join('\n')) };
};

const beforeMessage = (state: DrillState) => dropPhases(state, 'NotifyResult', 'TearDown', 'CheckTeardown');

test('drill that passed: one message that says so, and the piece has its subject', async () => {
  const { subject, texts } = await tell(makeDrillUpTo('VerifyRestore'));
  expect(subject).toMatch(/^Restore drill passed: prod-aurora-main\b/);
  expect(texts).toEqual([expect.stringContaining('prod-aurora-main can be brought back')]);
});

test.each<[string, DrillState, string]>([
  [
    'a check failed',
    beforeMessage(makeDrillWithChecks(makeCheck({ verdict: 'failed', reason: '9 rows missing' }))),
    'ChecksFailed in VerifyRestore: rows public.users: 9 rows missing',
  ],
  [
    'an error stopped it',
    {
      ...makeDrillUpTo('CheckRestorePoint'),
      failures: { RestoreCluster: { Error: 'QuotaExceeded', Cause: '40 clusters' } },
    },
    'QuotaExceeded in RestoreCluster: 40 clusters',
  ],
])('drill that failed since %s: the message says failed, and why', async (_condition, state, text) => {
  const { subject, texts } = await tell(state);
  expect(subject).toMatch(/^Restore drill failed: prod-aurora-main\b/);
  expect(texts).toEqual([expect.stringContaining(text)]);
});

test('drill that failed before it knew its plan: the message says failed, by the id of the drill', async () => {
  const { execution } = makeDrillUpTo('PrepareDrill');
  const { subject } = await tell({ execution, failures: { PrepareDrill: { Error: 'InvalidInput' } } });
  expect(subject).toMatch(/^Restore drill failed: drill [0-9a-f]{8}\b/);
});

test('any drill: the message says where its report will stand', async () => {
  const { messages } = await tell(makeDrillUpTo('VerifyRestore'));
  const { PrepareDrill: drill } = makePassedDrill();
  expect(JSON.stringify(messages[0]?.facts)).toContain(`reports/${drill.id}/report.html`);
});

test('message that cannot be sent: its error passes through, so that Catch sees it', async () => {
  const deps = { notify: failWith('NotificationFailed'), placeOf: () => '', now: clockAt('08:25:11') };
  await expect(notifyResult(makeDrillUpTo('VerifyRestore'), deps)).rejects.toMatchObject({
    name: 'NotificationFailed',
  });
});
