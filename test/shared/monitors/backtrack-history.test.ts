import { expect, test } from 'vitest';
import { DrillError } from '../../../shared/errors.ts';
import { addSeconds } from '../../../shared/instants.ts';
import { findRate, findSince, readBacktrackHistory } from '../../../shared/monitors/backtrack-history.ts';
import type { Metrics, Point } from '../../../shared/monitors/metrics.ts';

const at = '2026-11-16T08:00:00Z';

/** Points this many seconds apart, the last at a fixed instant. */
const makePoints = (periodSeconds: number, ...values: number[]): Point[] =>
  values.map((value, index) => ({ at: addSeconds(at, (index - values.length + 1) * periodSeconds), value }));

const ratios = (...values: number[]) => makePoints(900, ...values);
const rates = (...values: number[]) => makePoints(3600, ...values);

test.each<[string, Point[], ReturnType<typeof findSince>]>([
  ['no readings: unknown', [], null],
  ['full now: nothing has begun', ratios(0.9, 1), null],
  ['always full: nothing has begun', ratios(1, 1, 1), null],
  ['shrunk since the last reading: at it', ratios(1, 1, 0.9), { at, isOrEarlier: false }],
  [
    'shrunk for three readings: at the first',
    ratios(1, 0.9, 0, 0.5),
    { at: '2026-11-16T07:30:00Z', isOrEarlier: false },
  ],
  ['shrunk, full and shrunk again: at the second time', ratios(0.5, 1, 0.9), { at, isOrEarlier: false }],
  ['one reading, shrunk: then or earlier', ratios(0.9), { at, isOrEarlier: true }],
  [
    'shrunk in all readings: at the first or earlier',
    ratios(0.9, 0.8),
    { at: '2026-11-16T07:45:00Z', isOrEarlier: true },
  ],
  ['just below 1: shrunk', ratios(1, 0.9999), { at, isOrEarlier: false }],
])('%s', (_, readings, since) => {
  expect(findSince(readings)).toEqual(since);
});

const steadyDay = Array<number>(24).fill(10);
test.each<[string, Point[], ReturnType<typeof findRate>]>([
  ['no points: unknown', [], null],
  ['one point: now, without a day before', rates(40), { now: 40, dayBefore: null }],
  ['two points: the mean is of the first alone', rates(10, 40), { now: 40, dayBefore: 10 }],
  ['a day before: its mean, without the last hour', rates(...steadyDay, 40), { now: 40, dayBefore: 10 }],
  ['two days before: the mean of the later one', rates(900, ...steadyDay, 40), { now: 40, dayBefore: 10 }],
  [
    'a gap of more than a day: now, without a day before',
    makePoints(90_000, 10, 40),
    { now: 40, dayBefore: null },
  ],
  ['a point of exactly a day ago: in it', makePoints(86_400, 10, 40), { now: 40, dayBefore: 10 }],
  ['nothing written: 0, and no division by it', rates(0, 0, 0), { now: 0, dayBefore: 0 }],
  ['a day of uneven hours: their mean', rates(10, 20, 60, 5), { now: 5, dayBefore: 30 }],
])('change records: %s', (_, points, rate) => {
  expect(findRate(points, at)).toEqual(rate);
});

test.each([
  ['two hours ago: the rate of now', 7200, 40],
  ['before that: unknown, since it says nothing of now', 7201, undefined],
])('change records: a last point that began %s', (_, secondsAgo, now) => {
  expect(findRate([{ at: addSeconds(at, -secondsAgo), value: 40 }], at)?.now).toBe(now);
});

const window = { cluster: 'prod-mysql', at };
const unexpected = (error: Error) => {
  throw error;
};

/** A CloudWatch with these series, by name. `seen` is what was asked of it. */
const makeMetrics = (known: Record<string, Point[]>) => {
  const seen: Parameters<Metrics['read']>[] = [];
  const read: Metrics['read'] = async (...request) => {
    seen.push(request);
    return request[0].map(({ name }) => known[name] ?? []);
  };
  return { metrics: { read }, seen };
};

test('history: our own ratio of two weeks, and the rate of Aurora of two days', async () => {
  const { metrics, seen } = makeMetrics({
    BacktrackWindowRatio: ratios(1, 0.9),
    BacktrackChangeRecordsCreationRate: rates(10, 40),
  });
  expect(await readBacktrackHistory(metrics, window, unexpected)).toEqual({
    since: { at, isOrEarlier: false },
    rate: { now: 40, dayBefore: 10 },
  });
  const cluster = 'prod-mysql';
  const ratio = { namespace: 'Custom/RDS', name: 'BacktrackWindowRatio', cluster };
  const rate = { namespace: 'AWS/RDS', name: 'BacktrackChangeRecordsCreationRate', cluster };
  expect(seen).toEqual([
    [[{ ...ratio, statistic: 'Minimum', periodSeconds: 900 }], '2026-11-02T08:00:00Z', at],
    [[{ ...rate, statistic: 'Average', periodSeconds: 3600 }], '2026-11-14T08:00:00Z', at],
  ]);
});

test('CloudWatch knows nothing of the cluster: both unknown', async () => {
  const { metrics } = makeMetrics({});
  expect(await readBacktrackHistory(metrics, window, unexpected)).toEqual({ since: null, rate: null });
});

test.each([
  ['BacktrackWindowRatio', { since: null, rate: { now: 40, dayBefore: 10 } }],
  ['BacktrackChangeRecordsCreationRate', { since: { at, isOrEarlier: false }, rate: null }],
])('%s cannot be read: unknown and told, and the other is there', async (broken, history) => {
  const { metrics } = makeMetrics({
    BacktrackWindowRatio: ratios(1, 0.9),
    BacktrackChangeRecordsCreationRate: rates(10, 40),
  });
  const read: Metrics['read'] = async (series, from, to) => {
    if (series[0]?.name === broken) throw new DrillError('MetricsFailed', `no ${broken}`);
    return metrics.read(series, from, to);
  };
  const told: string[] = [];
  expect(await readBacktrackHistory({ read }, window, ({ summary }) => told.push(summary))).toEqual(history);
  expect(told).toEqual([`no ${broken}`]);
});

test('reading fails by a defect of ours: thrown, not hidden in an alert', async () => {
  const read = () => Promise.reject(new TypeError('undefined is not a function'));
  await expect(readBacktrackHistory({ read }, window, unexpected)).rejects.toThrow(TypeError);
});
