import { expect, test } from 'vitest';
import type { BacktrackWindow } from '../../../shared/aurora/backtrack-window.ts';
import { type Message, messageKinds } from '../../../shared/messages/message.ts';
import type { BacktrackHistory } from '../../../shared/monitors/backtrack-history.ts';
import { describeRecovered, describeShrunk } from '../../../shared/monitors/backtrack-message.ts';

const at = '2026-11-20T03:15:00Z';
const since = { at: '2026-11-20T01:30:00Z', isOrEarlier: false };
const restorable = '2026-11-20T03:12:00Z';

const makeWindow = (changes: Partial<BacktrackWindow> = {}): BacktrackWindow => ({
  cluster: 'prod-mysql',
  targetSeconds: 86_400,
  actualSeconds: 21_600,
  earliestTime: '2026-11-19T21:15:00Z',
  at,
  ...changes,
});

const shrunk = (window: Partial<BacktrackWindow> = {}, history: Partial<BacktrackHistory> = {}) =>
  describeShrunk(
    makeWindow(window),
    { since, rate: { now: 41_200, dayBefore: 10_000 }, ...history },
    restorable,
  );

const factOf = ({ facts }: Message, wanted: string) => facts.find(([label]) => label === wanted)?.[1];

test('shrunk: what cannot be reached, what to do, and since when', () => {
  expect(shrunk()).toEqual({
    kind: 'backtrack-window-shrunk',
    title: 'Backtrack window shrunk: prod-mysql reaches back 6 h of 24 h',
    happened: [
      'prod-mysql reaches back 6 h of 24 h (25 %). Nothing before 2026-11-19T21:15:00Z can be reached by Backtrack.',
    ],
    toDo: [
      'use a point-in-time restore into a new cluster for anything before 2026-11-19T21:15:00Z',
      'cut the write volume: look for a batch job, a backfill or an index build that began when the rate rose',
      'set a target window that fits: fewer hours at this write volume, or more once the writes are down',
    ],
    facts: [
      ['Target window', '24 h'],
      ['Actual window', '6 h'],
      ['Earliest backtrack time', '2026-11-19T21:15:00Z'],
      ['Ratio', '0.25'],
      ['Below target since', since.at],
      ['Change records', '41,200 per 5 min in the last hour, rising: 4.1 times the day before'],
      ['Restorable to', restorable],
    ],
    dedupKey: 'backtrack-window/prod-mysql',
    clusters: ['prod-mysql'],
    at,
    details: {
      cluster: 'prod-mysql',
      targetSeconds: 86_400,
      actualSeconds: 21_600,
      ratio: 0.25,
      earliestTime: '2026-11-19T21:15:00Z',
      since: since.at,
      isSinceOrEarlier: since.isOrEarlier,
      changeRecordsPer5Minutes: { now: 41_200, dayBefore: 10_000 },
    },
  });
});

test('recovered: the whole target again, with nothing to do', () => {
  expect(describeRecovered(makeWindow({ actualSeconds: 86_700 }))).toEqual({
    kind: 'backtrack-window-recovered',
    title: 'Backtrack window recovered: prod-mysql reaches back 24 h of 24 h',
    happened: ['prod-mysql reaches back 24 h of 24 h: the whole target window can be rewound again.'],
    toDo: [],
    facts: [
      ['Target window', '24 h'],
      ['Actual window', '24 h 5 min'],
      ['Earliest backtrack time', '2026-11-19T21:15:00Z'],
    ],
    dedupKey: 'backtrack-window/prod-mysql',
    clusters: ['prod-mysql'],
    at,
    details: {
      cluster: 'prod-mysql',
      targetSeconds: 86_400,
      actualSeconds: 86_700,
      ratio: 1,
      earliestTime: '2026-11-19T21:15:00Z',
    },
  });
});

test('shrunk and recovered: one deduplication key for the cluster, opened and resolved', () => {
  const messages = [shrunk(), describeRecovered(makeWindow())];
  expect(new Set(messages.map(({ dedupKey }) => dedupKey)).size).toBe(1);
  expect(messages.map(({ kind }) => messageKinds[kind].status)).toEqual(['open', 'resolved']);
  expect(shrunk({ cluster: 'other' }).dedupKey).not.toBe(shrunk().dedupKey);
});

test.each<[string, BacktrackHistory['since'], string]>([
  ['known', since, since.at],
  ['older than the readings', { ...since, isOrEarlier: true }, `${since.at} or earlier`],
  ['unknown: this instant or earlier', null, `${at} or earlier`],
])('beginning %s', (_, begun, text) => {
  const message = shrunk({}, { since: begun });
  expect(factOf(message, 'Below target since')).toBe(text);
  expect(message.details.since).toBe(begun?.at ?? at);
});

const lastHour = 'per 5 min in the last hour';

test.each<[string, BacktrackHistory['rate'], string]>([
  ['unknown', null, 'unknown'],
  ['without a day before', { now: 1234.5, dayBefore: null }, `1,235 ${lastHour}`],
  ['after a day without writes', { now: 70, dayBefore: 0 }, `70 ${lastHour}`],
  ['the same', { now: 70, dayBefore: 70 }, `70 ${lastHour}, steady since the day before`],
  ['up by less', { now: 119, dayBefore: 100 }, `119 ${lastHour}, steady since the day before`],
  ['down by less', { now: 81, dayBefore: 100 }, `81 ${lastHour}, steady since the day before`],
  ['up by more', { now: 125, dayBefore: 100 }, `125 ${lastHour}, rising: 1.3 times the day before`],
  ['down by more', { now: 50, dayBefore: 100 }, `50 ${lastHour}, falling: 50 % of the day before`],
  ['none now', { now: 0, dayBefore: 100 }, `0 ${lastHour}, falling: 0 % of the day before`],
])('rate of change records %s: %j', (_, rate, text) => {
  const message = shrunk({}, { rate });
  expect(factOf(message, 'Change records')).toBe(text);
  expect(message.details.changeRecordsPer5Minutes).toEqual(rate);
});

test.each([
  ['no time at all', 0, '0 %'],
  ['a little short of its target: not 100 %', 86_300, '99 %'],
  ['a third: rounded down', 28_799, '33 %'],
])('window of %s', (_, actualSeconds, percent) => {
  expect(shrunk({ actualSeconds }).happened[0]).toContain(`(${percent})`);
});

test('never restorable: the fact says that it is not known', () => {
  expect(factOf(describeShrunk(makeWindow(), { since, rate: null }, null), 'Restorable to')).toBe('unknown');
});
