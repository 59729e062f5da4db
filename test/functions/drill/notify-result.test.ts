import { expect, test } from 'vitest';
import { notifyResult } from '../../../functions/drill/notify-result.ts';
import type { DrillResult } from '../../../shared/drill/document.ts';
import type { DrillState } from '../../../shared/drill/state.ts';
import type { DrillError } from '../../../shared/errors.ts';
import type { FileResult } from '../../../shared/history/filing.ts';
import type { Message } from '../../../shared/messages/message.ts';
import type { Notify } from '../../../shared/messages/notify.ts';
import {
  dropPhases,
  makeCheck,
  makeDrillUpTo,
  makeDrillWithChecks,
  makePassedDrill,
} from '../../shared/drill/state-fixture.ts';
import { testPrices } from '../../shared/result/prices-fixture.ts';
import { clockAt, failWith } from '../fakes.ts';

const plansOf = (...names: string[]) => {
  const plan = { source: 'prod-shop', database: { name: 'shop', user: 'reader' } };
  return JSON.stringify({ plans: Object.fromEntries(names.map((name) => [name, plan])) });
};

type World = { notify?: Notify; file?: FileResult; plans?: string };

const tell = async (state: DrillState, { notify, file, plans = plansOf('shop', 'billing') }: World = {}) => {
  const messages: Message[] = [];
  const filed: DrillResult[] = [];
  const warnings: object[] = [];
  const answer = await notifyResult(state, {
    notify: notify ?? (async (message) => void messages.push(message)),
    placeOf: ({ drillId }) => `reports/${drillId}/report.html`,
    file: file ?? (async (result) => void filed.push(result)),
    readPlans: async () => plans,
    prices: () => testPrices,
    now: clockAt('08:25:11'),
    warn: (_, details) => void warnings.push(details),
  }).catch((error: DrillError) => error);
  const subject = 'subject' in answer ? answer.subject : '';
  return {
    answer,
    subject,
    messages,
    filed,
    warnings,
    texts: messages.map(({ happened }) => happened.join('\n')),
  };
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
  const notify = failWith('NotificationFailed');
  const { answer, filed } = await tell(makeDrillUpTo('VerifyRestore'), { notify });
  expect(answer).toMatchObject({ name: 'NotificationFailed' });
  expect(filed).toHaveLength(1);
});

test('before the teardown: the result is filed, with its verdict, and the teardown as pending', async () => {
  const { filed } = await tell(makeDrillUpTo('VerifyRestore'));
  expect(filed).toEqual([
    expect.objectContaining({ verdict: 'passed', teardown: { status: 'pending', deleted: [] } }),
  ]);
});

test('report that cannot be filed: people are told all the same, and the step passes', async () => {
  const { subject, warnings } = await tell(makeDrillUpTo('VerifyRestore'), {
    file: failWith('ReportNotFiled'),
  });
  expect(subject).toMatch(/^Restore drill passed/);
  expect(warnings).toEqual([{ cause: expect.stringContaining('ReportNotFiled') }]);
});

test.each<[string, unknown, string, string, string | null]>([
  ['{}, one plan', {}, plansOf('shop'), 'SourceNotFound', 'shop'],
  ['no plan in its input, several plans', { reason: 'x' }, plansOf('shop', 'billing'), 'UnknownPlan', null],
  ['{}, and plans that cannot be read', {}, 'plans: [', 'InvalidPlan', null],
  ['a restoreTo that was mistyped', { restoreTo: 'x' }, plansOf('shop'), 'RestoreTimeOutsideWindow', null],
  ['a plan', { plan: 'billing' }, plansOf('shop'), 'SourceNotFound', 'billing'],
])('started with %s, failed before it fixed its plan: known where one is to blame', async (...row) => {
  const [, input, plans, error, plan] = row;
  const { execution } = makeDrillUpTo('PrepareDrill');
  const state = { execution: { ...execution, input }, failures: { PrepareDrill: { Error: error } } };
  const { messages, filed } = await tell(state, { plans });
  expect(messages[0]?.dedupKey).toBe(`drill/${plan ?? filed[0]?.drillId}`);
  expect(filed[0]?.plan).toBe(plan);
});
