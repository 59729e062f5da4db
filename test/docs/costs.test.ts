import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import table from '../../config/prices.json' with { type: 'json' };
import { estimateCost } from '../../shared/result/cost.ts';
import { describeFullChecksum } from '../../shared/result/full-checksum.ts';
import { parsePrices } from '../../shared/result/prices.ts';
import { unknownVolume } from '../../shared/result/volume.ts';
import { planAlarmResources } from '../../shared/stack/plan-alarms.ts';
import { makePlans } from '../shared/plan/plan-fixture.ts';

const page = await readFile('docs/install.md', 'utf8');
const section = page.slice(page.indexOf('\n## What it costs\n'), page.indexOf('\n## Upgrade\n'));
const rows = section
  .split('\n')
  .filter((line) => /^\| .*\d/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const rowOf = (begin: string) => rows.find(([cell = '']) => cell.startsWith(begin)) ?? [];

test.each<[string, string, number, boolean]>([
  ['db.r6g.large for 10 minutes, the least', 'db.r6g.large', 10, false],
  ['db.r6g.large for an hour', 'db.r6g.large', 60, false],
  ['db.r6g.large for an hour, I/O-Optimized', 'db.r6g.large', 60, true],
  ['db.serverless of 0.5 to 8 ACUs for an hour', 'db.serverless', 60, false],
  ['db.serverless of 0.5 to 8 ACUs for an hour, I/O-Optimized', 'db.serverless', 60, true],
])('docs/install.md: %s costs what the estimate says', (begin, name, minutes, isIoOptimized) => {
  const capacity = name === 'db.serverless' ? { min: 0.5, max: 8 } : null;
  const { estimate } = estimateCost(
    {
      instance: { class: name, capacity, minutes, isSeenAvailable: true },
      storageMinutes: minutes,
      isIoOptimized,
      volume: { ...unknownVolume, bytes: 100 * 2 ** 30 },
      undated: [],
      isStanding: false,
      stateTransitions: 0,
      functionSeconds: 0,
      functionGiBSeconds: 0,
    },
    parsePrices(table),
  );
  const [, from, to] = rowOf(begin);
  expect([from, to]).toEqual([estimate?.low.toFixed(2), estimate?.high.toFixed(2)]);
});

test.each(['aurora-postgresql', 'aurora-mysql'])(
  'docs/install.md: what a full checksum of 1 TiB of %s reads',
  (engine) => {
    const said = describeFullChecksum({ engine, bytes: 2 ** 40, isIoOptimized: false }, parsePrices(table));
    const [, reads = '-', dollars = '-'] = /at most ([\d,]+) reads, ([\d.]+) USD/.exec(said) ?? [];
    expect(section.replaceAll('\n', ' ')).toContain(`${reads} reads, ${dollars} dollars`);
  },
);

type AlarmResource = {
  Type: string;
  Properties: { Metrics?: { Expression?: string; MetricStat?: object }[] };
};

const readAlarms = async (path: string): Promise<AlarmResource[]> => {
  const { Resources } = parse(await readFile(path, 'utf8'), { merge: true, logLevel: 'silent' });
  return Object.values<AlarmResource>(Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
};

const isByCluster = ({ Properties: { Metrics = [] } }: AlarmResource): boolean =>
  Metrics.some(({ Expression }) => Expression?.startsWith('SELECT'));

const countMetrics = ({ Properties: { Metrics } }: AlarmResource): number =>
  Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1;

test('docs/install.md: as many alarms as the stack has, and their sum', async () => {
  const { functions } = parse(await readFile('serverless.yml', 'utf8'), { logLevel: 'silent', merge: true });
  const files = await Promise.all(['config/monitors.yml', 'config/sweeper.yml'].map(readAlarms));
  const ofFleet = files.flat().filter((alarm) => !isByCluster(alarm));
  const plans = makePlans({ main: { schedule: 'rate(7 days)', objectives: { rtoMinutes: 60 } } });
  const counted = {
    // On its errors and on its throttles.
    'alarms of the functions': 2 * Object.keys(functions).length,
    'other alarms': ofFleet.reduce((sum, alarm) => sum + countMetrics(alarm), 0),
    // The third is of clusters with Backtrack.
    'alarms by cluster': files.flat().filter(isByCluster).length - 1,
    'alarms of each plan': Object.keys(planAlarmResources(plans, '2026-11-20T12:00:00Z')).length,
  };
  const described = Object.keys(counted).map((begin) => [begin, Number(rowOf(begin)[1])]);
  expect(Object.fromEntries(described)).toEqual(counted);
});

test('docs/install.md: each line of the month is its product, and the sum is theirs', () => {
  const lines = rows.filter((cells) => cells.length === 4 && cells[0] !== 'sum');
  for (const [what, count, each, dollars] of lines) {
    expect([what, (Number(count) * Number(each)).toFixed(2)]).toEqual([what, dollars]);
  }
  const sum = lines.reduce((total, [, , , dollars]) => total + Number(dollars), 0);
  expect(rowOf('sum')[3]).toBe(sum.toFixed(2));
});
