import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backtrackReady } from '../../../functions/monitors/backtrack-ready.ts';
import type { SeenRewind } from '../../../shared/aurora/backtracks.ts';
import type { Aurora, Cluster } from '../../../shared/aurora/port.ts';
import type { DrillError } from '../../../shared/errors.ts';
import { addSeconds } from '../../../shared/instants.ts';
import type { Message } from '../../../shared/messages/message.ts';
import type { Metric } from '../../../shared/monitors/metrics.ts';
import { makeBacktracking } from '../../shared/rewind/facts-fixture.ts';
import { failWith, makeAurora } from '../fakes.ts';
import { makeMysql, now } from './backtrack-world.ts';

const plansText = (rewind: string) =>
  `plans:\n  shop: { source: prod-mysql, database: { name: shop, user: u }${rewind} }\n`;

/** An account in which CloudWatch remembers what the monitor publishes. */
const makeWorld = () => {
  const published: Metric[] = [];
  const messages: Message[] = [];
  const filed: SeenRewind[] = [];
  const run = (clusters: Cluster[], at = now, verbs: Partial<Aurora> = {}, changes: object = {}) =>
    backtrackReady(
      {},
      {
        aurora: makeAurora({
          listClusters: async () => ({ clusters, unreadable: [] }),
          listBacktracks: async () => [],
          listClusterEvents: async () => [],
          listBlueGreens: async () => [],
          listClusterParameters: async () => [{ name: 'binlog_format', value: 'OFF', isSet: false }],
          ...verbs,
        }),
        metrics: {
          publish: async (values) => void published.push(...values),
          read: async ([series], from, to) => [
            published.filter(
              ({ name, cluster, at }) =>
                name === series?.name && cluster === series.cluster && at >= from && at < to,
            ),
          ],
        },
        notify: async (message) => void messages.push(message),
        fileRewinds: async (seen) => void filed.push(...seen),
        readPlans: async () => plansText(''),
        scope: () => ({ kind: 'all' }),
        now: () => new Date(at),
        ...changes,
      },
    ).catch((error: DrillError) => error);
  return { published, messages, filed, run, kinds: () => messages.map(({ kind }) => kind) };
};

/** Its window is not known yet. */
const makeBeginning = (ageSeconds: number) =>
  makeMysql(24, {
    createdAt: addSeconds(now, -ageSeconds),
    backtrack: { targetSeconds: 86_400, earliestTime: null },
  });

const later = addSeconds(now, 900);
const shop = makeMysql(24);
const binlogOn = {
  listClusterParameters: async () => [{ name: 'binlog_format', value: 'ROW', isSet: true }],
};

test('a cluster that can be rewound: 1, and no message, since nothing has changed', async () => {
  const world = makeWorld();
  expect(await world.run([shop])).toMatchObject({ ready: { 'prod-mysql': 1 }, told: [], failed: [] });
  expect(world.published).toEqual([{ name: 'BacktrackReady', cluster: 'prod-mysql', value: 1, at: now }]);
  expect(world.messages).toEqual([]);
});

test('somebody switches the binary log on and off again: two messages, each with what it says', async () => {
  const world = makeWorld();
  for (const [index, verbs] of [{}, binlogOn, binlogOn, {}, {}].entries())
    await world.run([shop], addSeconds(now, 900 * index), verbs);
  expect(world.kinds()).toEqual(['backtrack-not-ready', 'backtrack-ready']);
  expect(world.messages[0]).toMatchObject({
    title: 'Backtrack not ready: prod-mysql cannot be rewound',
    dedupKey: 'backtrack-ready/prod-mysql',
  });
  expect(world.messages[0]?.happened).toContainEqual(
    expect.stringContaining('In the way: prod-mysql writes a binary log'),
  );
  expect(world.published.map(({ value }) => value)).toEqual([1, 0, 0, 1, 1]);
});

test('somebody switches Backtrack off: one message, one 0, and nothing from then on', async () => {
  const world = makeWorld();
  for (const [index, backtrack] of [shop.backtrack, null, null, null].entries())
    await world.run([{ ...shop, backtrack }], addSeconds(now, 900 * index));
  expect(world.kinds()).toEqual(['backtrack-not-ready']);
  expect(world.messages[0]?.happened).toContainEqual(
    expect.stringContaining('In the way: Backtrack is off for prod-mysql'),
  );
  expect(world.published.map(({ value }) => value)).toEqual([1, 0]);
});

describe('which clusters', () => {
  test.each([
    ['PostgreSQL', makeMysql(24, { engine: 'aurora-postgresql', backtrack: null }), '', null],
    ['without Backtrack and without a plan that allows it', makeMysql(24, { backtrack: null }), '', null],
    [
      'without Backtrack, though a plan allows a rewind',
      makeMysql(24, { backtrack: null }),
      ', rewind: allowed',
      0,
    ],
    ['of a drill', makeMysql(24, { identifier: 'drill-prod-mysql-1a2b3c4d' }), '', null],
    ['so new that its window has not begun', makeBeginning(3599), '', null],
    ['stopped', makeMysql(24, { status: 'stopped' }), '', 0],
    ['in the middle of a backup', makeMysql(24, { status: 'backing-up' }), '', 1],
  ])('%s', async (_, cluster, rewind, expected) => {
    const world = makeWorld();
    const readPlans = async () => plansText(rewind);
    await world.run([cluster], now, {}, { readPlans });
    expect(world.published.map(({ value }) => value)).toEqual(expected === null ? [] : [expected]);
  });
});

describe('something fails', () => {
  test('what could forbid a rewind is not known: no value for it, the others theirs, and the run fails', async () => {
    const world = makeWorld();
    const other = makeMysql(24, { identifier: 'other' });
    const listBacktracks = async (name: string) => (name === 'other' ? [] : failWith('AccessDenied')());
    expect(await world.run([shop, other], now, { listBacktracks })).toMatchObject({
      name: 'MonitorIncomplete',
      summary: expect.stringContaining(
        'prod-mysql (whether a rewind goes on is not known: injected AccessDenied)',
      ),
    });
    expect(world.published.map(({ cluster }) => cluster)).toEqual(['other']);
  });

  test('an hour old, and still no window: that is said', async () => {
    const outcome = await makeWorld().run([makeBeginning(3600)]);
    expect(outcome).toMatchObject({
      summary: expect.stringContaining('RDS does not say how far back prod-mysql'),
    });
  });

  test('not all is known, but something forbids it all the same: 0', async () => {
    const world = makeWorld();
    await world.run([shop], now, { ...binlogOn, listBlueGreens: failWith('AccessDenied') });
    expect(world.published.map(({ value }) => value)).toEqual([0]);
  });

  test('the message cannot be sent: no value either, and the next run tells it', async () => {
    const world = makeWorld();
    await world.run([shop]);
    const failed = await world.run([shop], later, binlogOn, { notify: failWith('NotificationFailed') });
    expect(failed).toMatchObject({ name: 'MonitorIncomplete' });
    await world.run([shop], addSeconds(later, 900), binlogOn);
    expect(world.kinds()).toEqual(['backtrack-not-ready']);
  });

  test('the history cannot be written: the values are published all the same, and the run fails', async () => {
    const world = makeWorld();
    const outcome = await world.run([shop], now, {}, { fileRewinds: failWith('ReportNotFiled') });
    expect(outcome).toMatchObject({
      name: 'MonitorIncomplete',
      summary: expect.stringContaining('the history'),
    });
    expect(world.published).toHaveLength(1);
  });
});

test('a rewind that somebody made by hand: filed with its cluster', async () => {
  const world = makeWorld();
  await world.run([shop], now, { listBacktracks: async () => [makeBacktracking()] });
  expect(world.filed).toEqual([{ ...makeBacktracking(), cluster: 'prod-mysql' }]);
});

/** What is true of a cluster at one run: whether something forbids a rewind, or is not known, and what goes wrong. */
const moment = fc.record({
  status: fc.constantFrom('available', 'available', 'backing-up', 'stopped'),
  hasBinlog: fc.boolean(),
  isBlueGreen: fc.constantFrom(false, false, true, null),
  sendFails: fc.constantFrom(false, false, false, true),
  times: fc.integer({ min: 1, max: 2 }),
});

test('any history of facts: value and message are the truth of their time, and no message without a change', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { minLength: 1, maxLength: 30 }), async (moments) => {
      const world = makeWorld();
      let known: number | null = null;
      let runs = 0;
      for (const { status, hasBinlog, isBlueGreen, sendFails, times } of moments) {
        for (let time = 0; time < times; time++) {
          const at = addSeconds(now, 900 * runs);
          runs += 1;
          const forbids = status === 'stopped' || hasBinlog || isBlueGreen === true;
          const truth = forbids ? 0 : isBlueGreen === null ? null : 1;
          const before = { told: world.messages.length, published: world.published.length };
          const blueGreen = { identifier: 'b', source: 'prod-mysql', target: null, status: 'AVAILABLE' };
          await world.run(
            [{ ...shop, status }],
            at,
            {
              ...(hasBinlog && binlogOn),
              listBlueGreens: async () =>
                isBlueGreen === null ? failWith('Throttled')() : isBlueGreen ? [blueGreen] : [],
            },
            sendFails ? { notify: failWith('Throttled') } : {},
          );
          const isChange = truth !== null && known !== null && truth !== known;
          const isLost = isChange && sendFails;
          expect(world.kinds().slice(before.told)).toEqual(
            isChange && !sendFails ? [truth === 1 ? 'backtrack-ready' : 'backtrack-not-ready'] : [],
          );
          expect(world.published.slice(before.published).map(({ value }) => value)).toEqual(
            truth === null || isLost ? [] : [truth],
          );
          if (truth !== null && !isLost) known = truth;
        }
      }
    }),
    { numRuns: 300 },
  );
});
