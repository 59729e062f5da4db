import { expect, test } from 'vitest';
import { drillAge } from '../../../functions/monitors/drill-age.ts';
import type { DrillResult } from '../../../shared/drill/document.ts';
import { addEntry, type History, toEntry } from '../../../shared/history/document.ts';
import type { Metric } from '../../../shared/monitors/metrics.ts';
import { makeResult } from '../../shared/drill/result-fixture.ts';
import { at } from '../../shared/drill/state-fixture.ts';
import { clockAt, failWith } from '../fakes.ts';

const plansText = `
plans:
  shop: { source: prod-shop, database: { name: shop, user: drill_reader } }
  users: { source: prod-users, database: { name: users, user: drill_reader } }
`;

const passed = (plan: string, startedAt: string, changes: Partial<DrillResult> = {}) =>
  makeResult({
    drillId: startedAt.replace(/\D/g, '').slice(4, 12),
    plan,
    verdict: 'passed',
    failure: null,
    startedAt,
    endedAt: startedAt,
    ...changes,
  });

const makeHistory = (...results: DrillResult[]): History =>
  results.reduce<History>((history, result) => addEntry(history, toEntry(result, result.drillId)), {
    schema: 'aurora-drills/index/1',
    drills: [],
  });

/** Runs the function at noon over this index. */
const run = async (index: string | null, publish?: () => Promise<never>) => {
  const metrics: Metric[] = [];
  const ages = await drillAge(
    {},
    {
      reports: {
        read: async (key) => (key === 'index.json' && index !== null ? { text: index, version: '1' } : null),
      },
      metrics: { publish: publish ?? (async (values) => void metrics.push(...values)) },
      readPlans: async () => plansText,
      now: clockAt('12:00'),
    },
  );
  return { ages, metrics };
};

const runOver = (...results: DrillResult[]) => run(JSON.stringify(makeHistory(...results)));

test('drills of both plans have passed: the hours since the last one of each, by plan', async () => {
  const { ages, metrics } = await runOver(
    passed('shop', at('06:00')),
    passed('shop', at('00:00')),
    passed('users', at('11:30')),
  );
  expect(metrics).toEqual([
    { name: 'PassedDrillAgeHours', cluster: null, plan: 'shop', value: 6, at: at('12:00') },
    { name: 'PassedDrillAgeHours', cluster: null, plan: 'users', value: 0.5, at: at('12:00') },
  ]);
  expect(ages).toEqual({ hours: { shop: 6, users: 0.5 }, neverPassed: [] });
});

test('an execution that was redriven days later: its drill is as old as its beginning', async () => {
  const { ages } = await runOver(passed('shop', at('02:00'), { endedAt: at('11:59') }));
  expect(ages.hours).toEqual({ shop: 10 });
});

test('failed drills and dry runs since: they do not count', async () => {
  const { ages } = await runOver(
    passed('shop', at('02:00')),
    passed('shop', at('09:00'), { dryRun: true }),
    makeResult({ plan: 'shop', drillId: 'ffffffff', startedAt: at('10:00'), endedAt: at('11:00') }),
  );
  expect(ages).toEqual({ hours: { shop: 10 }, neverPassed: ['users'] });
});

test('no drill of a plan has ever passed: nothing is published for it, so that its alarm goes off', async () => {
  const { metrics } = await runOver(passed('users', at('11:00')));
  expect(metrics.map(({ plan }) => plan)).toEqual(['users']);
});

test('no drill has ended yet: nothing is published', async () => {
  const { ages, metrics } = await run(null);
  expect(metrics).toEqual([]);
  expect(ages.neverPassed).toEqual(['shop', 'users']);
});

test('drills of a plan that there is no more: not published', async () => {
  const { metrics } = await runOver(passed('old', at('01:00')));
  expect(metrics).toEqual([]);
});

test('a drill that ended a moment ahead of this clock: 0 hours, not less', async () => {
  const { ages } = await runOver(passed('shop', at('12:01')));
  expect(ages.hours).toEqual({ shop: 0 });
});

test('an index that is not ours: the function fails, and nothing is published', async () => {
  await expect(run('<html>')).rejects.toMatchObject({ name: 'ReportNotFiled' });
});

test('CloudWatch refuses the values: the function fails', async () => {
  await expect(run(JSON.stringify(makeHistory()), failWith('MetricsFailed'))).rejects.toMatchObject({
    name: 'MetricsFailed',
  });
});
