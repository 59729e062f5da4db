import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../shared/aurora/port.ts';
import { DrillError } from '../../../shared/errors.ts';
import { messageKinds } from '../../../shared/messages/message.ts';
import type { Metrics } from '../../../shared/monitors/metrics.ts';
import {
  clusterBody,
  eventBridgeEvent,
  firstMessage,
  schedulerEvent,
  snsEvent,
  subscriptionBody,
} from '../../shared/monitors/rds-event-fixture.ts';
import { failWith } from '../fakes.ts';
import { hoursBefore, makeMysql, now, runBacktrackWindow } from './backtrack-world.ts';

const shrunk = ['backtrack-window-shrunk'];
const recovered = ['backtrack-window-recovered'];

describe('an event', () => {
  test.each<[string, unknown, Cluster[], string[]]>([
    ['of a shrunk window: shrunk', snsEvent(subscriptionBody()), [makeMysql(9)], shrunk],
    [
      'of a whole window: recovered',
      snsEvent(subscriptionBody('RDS-EVENT-0132')),
      [makeMysql(24)],
      recovered,
    ],
    ['through EventBridge: the same', eventBridgeEvent(), [makeMysql(9)], shrunk],
    ['that says shrunk, overtaken: recovered', snsEvent(subscriptionBody()), [makeMysql(24)], recovered],
    ['that says whole, overtaken: shrunk', eventBridgeEvent('RDS-EVENT-0132'), [makeMysql(9)], shrunk],
    [
      'of a reader: the truth of its cluster',
      snsEvent(subscriptionBody(undefined, 'prod-mysql-2')),
      [makeMysql(9)],
      shrunk,
    ],
    ['repeated in one call: once', snsEvent(subscriptionBody(), subscriptionBody()), [makeMysql(9)], shrunk],
    [
      'of writer and reader in one call: once',
      snsEvent(subscriptionBody(), subscriptionBody(undefined, 'prod-mysql-2')),
      [makeMysql(9)],
      shrunk,
    ],
    ['of a deleted cluster: nothing', snsEvent(subscriptionBody()), [], []],
    ['of another category: nothing', snsEvent(subscriptionBody('RDS-EVENT-0006')), [makeMysql(9)], []],
    ['of a cluster, not an instance: nothing', snsEvent(clusterBody()), [makeMysql(9)], []],
    ['in plain text, the first of a subscription: nothing', snsEvent(firstMessage), [makeMysql(9)], []],
    [
      'of a cluster younger than its target: nothing',
      snsEvent(subscriptionBody()),
      [makeMysql(9, { createdAt: hoursBefore(now, 10) })],
      [],
    ],
    [
      'of a cluster without Backtrack: nothing',
      snsEvent(subscriptionBody()),
      [makeMysql(9, { backtrack: null })],
      [],
    ],
    [
      'of a drill: nothing',
      snsEvent(subscriptionBody()),
      [makeMysql(9, { tags: { 'aurora-drills:drill': '1a2b3c4d' } })],
      [],
    ],
  ])('%s', async (_condition, event, clusters, kinds) => {
    const seen = await runBacktrackWindow(event, { clusters });
    expect(seen.kinds).toEqual(kinds);
    expect(seen.outcome).toMatchObject({ unparsable: [] });
    expect(seen.published).toEqual([]);
  });

  test('of a window within a minute of its target: nothing, since two clocks may differ by that', async () => {
    const event = snsEvent(subscriptionBody(), subscriptionBody('RDS-EVENT-0132'));
    const { kinds, outcome } = await runBacktrackWindow(event, { clusters: [makeMysql(24 - 30 / 3600)] });
    expect(kinds).toEqual([]);
    expect(outcome).toMatchObject({ ignored: [expect.stringContaining('too close to call')] });
  });

  test('several records of several clusters in one call: each told once, whatever stands between them', async () => {
    const clusters = [makeMysql(9), makeMysql(24, { identifier: 'web' })];
    const event = snsEvent(
      '{ broken',
      subscriptionBody(),
      firstMessage,
      subscriptionBody(undefined, 'web-1'),
    );
    const { messages, published } = await runBacktrackWindow(event, { clusters });
    expect(messages.map(({ kind, clusters: [cluster] }) => `${cluster} ${kind}`)).toEqual([
      `prod-mysql ${shrunk}`,
      `web ${recovered}`,
    ]);
    expect(published).toEqual([{ name: 'UnparsableRdsEvents', cluster: null, value: 1, at: now }]);
  });

  test('of a cluster outside the scope: nothing', async () => {
    const scope = { kind: 'tag', key: 'backtrack', value: 'watch' } as const;
    expect(
      (await runBacktrackWindow(snsEvent(subscriptionBody()), { clusters: [makeMysql(9)], scope })).kinds,
    ).toEqual([]);
  });

  test('shrunk and then whole again: one deduplication key, opened and resolved', async () => {
    const event = snsEvent(subscriptionBody());
    const [open] = (await runBacktrackWindow(event, { clusters: [makeMysql(9)] })).messages;
    const [resolved] = (await runBacktrackWindow(event, { clusters: [makeMysql(24)] })).messages;
    expect(open?.dedupKey).toBe(resolved?.dedupKey);
    const statuses = [open, resolved].map((message) => message && messageKinds[message.kind].status);
    expect(statuses).toEqual(['open', 'resolved']);
  });

  test('history there: since when, the rate and its trend are in the alert', async () => {
    const points: Record<string, { at: string; value: number }[]> = {
      BacktrackWindowRatio: [
        { at: '2026-11-20T09:00:00Z', value: 1 },
        { at: '2026-11-20T09:15:00Z', value: 0.9 },
        { at: '2026-11-20T11:45:00Z', value: 0.4 },
      ],
      BacktrackChangeRecordsCreationRate: [
        { at: '2026-11-20T09:00:00Z', value: 100_000 },
        { at: '2026-11-20T11:00:00Z', value: 400_000 },
      ],
    };
    const read: Metrics['read'] = async (series) => series.map(({ name }) => points[name] ?? []);
    const { messages } = await runBacktrackWindow(snsEvent(subscriptionBody()), {
      clusters: [makeMysql(9)],
      metrics: { read },
    });
    expect(Object.fromEntries(messages[0]?.facts ?? [])).toMatchObject({
      'Restorable to': '2026-11-20T11:57:00Z',
      'Below target since': '2026-11-20T09:15:00Z',
      'Change records': '400,000 per 5 min in the last hour, rising: 4.0 times the day before',
    });
  });

  test('CloudWatch cannot be read: the alert goes out without its history, with a warning', async () => {
    const metrics = { read: failWith('Throttled') };
    const { kinds, warnings, outcome } = await runBacktrackWindow(snsEvent(subscriptionBody()), {
      clusters: [makeMysql(9)],
      metrics,
    });
    expect(kinds).toEqual(shrunk);
    expect(new Set(warnings)).toEqual(new Set(['the alert goes out without part of its history']));
    expect(outcome).not.toBeInstanceOf(Error);
  });
});

describe('what goes wrong', () => {
  const clusters = [makeMysql(9), makeMysql(9, { identifier: 'web' })];
  const both = snsEvent(subscriptionBody(), subscriptionBody(undefined, 'web-1'));

  test('one cluster cannot be described: the other is told, then the run fails, so that it is repeated', async () => {
    const findCluster = async (identifier: string) => {
      if (identifier === 'prod-mysql') throw new DrillError('AwsUnavailable', 'socket hang up');
      return clusters[1];
    };
    const { messages, outcome } = await runBacktrackWindow(both, { clusters, verbs: { findCluster } });
    expect(messages.map((message) => message.clusters)).toEqual([['web']]);
    expect(outcome).toMatchObject({
      name: 'MonitorIncomplete',
      message: expect.stringContaining('instance prod-mysql-1 (socket hang up)'),
    });
  });

  test('a message about the writer cannot be sent: the event of the reader tells it', async () => {
    const sent: string[] = [];
    let calls = 0;
    const notify = async ({ kind }: { kind: string }) => {
      calls++;
      if (calls === 1) throw new DrillError('Throttled', 'slow down');
      sent.push(kind);
    };
    const event = snsEvent(subscriptionBody(), subscriptionBody(undefined, 'prod-mysql-2'));
    const { outcome } = await runBacktrackWindow(event, { clusters, notify });
    expect(sent).toEqual(shrunk);
    expect(outcome).toMatchObject({ name: 'MonitorIncomplete', message: expect.stringContaining('1 of 2') });
  });

  test('the schedule: a cluster that cannot be described is named, after the ratios of the others', async () => {
    const unreadable = [{ cluster: 'odd', reason: 'RDS answered without Status' }];
    const listClusters = async () => ({ clusters, unreadable });
    const { published, outcome } = await runBacktrackWindow(schedulerEvent(), {
      clusters,
      verbs: { listClusters },
    });
    expect(published).toHaveLength(2);
    expect(outcome).toMatchObject({
      name: 'MonitorIncomplete',
      message: expect.stringContaining('1 of 3 clusters could not be dealt with: odd (RDS'),
    });
  });

  test('a message cannot be sent: the run fails', async () => {
    const { outcome } = await runBacktrackWindow(both, { clusters, notify: failWith('NotificationFailed') });
    expect(outcome).toMatchObject({ name: 'MonitorIncomplete' });
  });

  test('an old cluster without an earliest time: named on the schedule, after the ratios of the others', async () => {
    const odd = makeMysql(0, {
      identifier: 'odd',
      backtrack: { targetSeconds: 86_400, earliestTime: null },
    });
    const { published, outcome } = await runBacktrackWindow(schedulerEvent(), {
      clusters: [odd, makeMysql(12)],
    });
    expect(published).toEqual([{ name: 'BacktrackWindowRatio', cluster: 'prod-mysql', value: 0.5, at: now }]);
    expect(outcome).toMatchObject({ name: 'MonitorIncomplete', message: expect.stringContaining('odd (') });
  });

  test('an unparsable event that cannot be counted: a warning, no failure', async () => {
    const { outcome, warnings } = await runBacktrackWindow(
      {},
      { clusters, metrics: { publish: failWith('MetricsFailed') } },
    );
    expect(outcome).toMatchObject({ unparsable: [expect.stringContaining('not from SNS')] });
    expect(warnings).toEqual(['events that cannot be read', 'they could not be counted']);
  });
});

test('the schedule: ratios that cannot be published fail the run', async () => {
  const metrics = { publish: failWith('MetricsFailed') };
  const { outcome } = await runBacktrackWindow(schedulerEvent(), { clusters: [makeMysql(6)], metrics });
  expect(outcome).toMatchObject({ name: 'MetricsFailed' });
});

test('the schedule: a cluster outside the scope has no ratio', async () => {
  const clusters = [makeMysql(6, { tags: { watch: 'yes' } }), makeMysql(6, { identifier: 'other' })];
  const scope = { kind: 'tag', key: 'watch', value: null } as const;
  const { published } = await runBacktrackWindow(schedulerEvent(), { clusters, scope });
  expect(published.map(({ cluster }) => cluster)).toEqual(['prod-mysql']);
});

test('the schedule: a ratio for every cluster with Backtrack, 1 for a young one, and no message', async () => {
  const clusters = [
    makeMysql(6),
    makeMysql(25, { identifier: 'whole' }),
    makeMysql(2, { identifier: 'young', createdAt: hoursBefore(now, 2) }),
    makeMysql(2, { identifier: 'off', backtrack: null }),
    makeMysql(2, { identifier: 'copy', tags: { 'aurora-drills:drill': '1a2b3c4d' } }),
  ];
  const { outcome, messages, published } = await runBacktrackWindow(schedulerEvent(), { clusters });
  const ratios = { 'prod-mysql': 0.25, whole: 1, young: 1 };
  expect(outcome).toHaveProperty('ratios', ratios);
  expect(Object.fromEntries(published.map(({ cluster, value }) => [cluster, value]))).toEqual(ratios);
  expect(messages).toEqual([]);
});
