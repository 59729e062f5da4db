import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readAlarms } from '../../local/command/alarms.ts';
import { monitorsPage, renderExamples } from '../../local/documents/message-examples.ts';
import { messageKinds } from '../../shared/messages/message.ts';
import { metricUnits } from '../../shared/monitors/metrics.ts';
import { planAlarmResources } from '../../shared/stack/plan-alarms.ts';
import { makePlans } from '../shared/plan/plan-fixture.ts';

const page = await readFile(monitorsPage, 'utf8');
const kinds = Object.entries(messageKinds);

/** The cells of the table below a heading, row by row, without its head. */
const readTable = (heading: string, firstCell: string): string[][] => {
  const lines = page.slice(page.indexOf(`\n## ${heading}\n`)).split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${firstCell} |`)) + 2;
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
};

test('docs/monitors.md: the examples are what the code makes', async () => {
  expect(page, `${monitorsPage} is out of date: run \`npm run examples\``).toBe(await renderExamples(page));
});

test('docs/monitors.md: every metric with its unit, and no other', () => {
  const described = readTable('Metrics', 'metric').map(([name, unit = '']) => [name, unit.split(' ')[0]]);
  expect(described).toEqual(Object.entries(metricUnits));
});

/** The alarms of a plan with a schedule and an objective, each with the section of the runbook that it links to. */
const planAlarms = Object.values(
  planAlarmResources(
    makePlans({ PLAN: { schedule: 'rate(7 days)', objectives: { rtoMinutes: 60 } } }),
    '2026-11-20T12:00:00Z',
  ) as Record<string, { Properties: Record<'AlarmName' | 'AlarmDescription', { 'Fn::Sub': string }> }>,
).map(({ Properties: { AlarmName, AlarmDescription } }) => ({
  name: AlarmName['Fn::Sub'].replace('${AWS::StackName}', 'aurora-drills-prod'),
  section: AlarmDescription['Fn::Sub'].split('#')[1] ?? '',
}));

test('docs/monitors.md: every alarm of the stack, and no other', async () => {
  const files = ['config/monitors.yml', 'config/sweeper.yml'].map((path) => readFile(path, 'utf8'));
  const config = (await Promise.all(files)).join();
  const written = [...config.matchAll(/AlarmName: (\S+)/g)].map(([, name = '']) => name);
  const functionAlarms = ['errors', 'throttles'].map((of) => `aurora-drills-prod-FUNCTION-${of}`);
  const deployed = [...written, ...planAlarms.map(({ name }) => name), ...functionAlarms].map((name) =>
    name.replace('${self:service}-${self:provider.stage}', 'aurora-drills-prod'),
  );
  const described = readTable('Alarms', 'alarm');
  expect(described.map(([name]) => name).sort()).toEqual(deployed.sort());
  const alarms = await readAlarms();
  expect(alarms).toHaveLength(6);
  for (const { name, threshold, isAbove } of alarms) {
    const [, condition] = described.find(([alarm]) => alarm === name) ?? [];
    expect(condition).toContain(`${isAbove ? '>' : '<'} ${threshold}`);
  }
});

test('docs/monitors.md: every kind of message with its status and an example, and no other', () => {
  const described = readTable('Messages', 'kind').map(([kind, status]) => [kind, status]);
  expect(described.sort()).toEqual(kinds.map(([kind, { status }]) => [kind, status]).sort());
  for (const [kind] of kinds) expect(page).toContain(`<!-- example: mail ${kind} -->`);
});

test('docs/runbook.md: a section for every kind of message, as its link says', async () => {
  const runbook = await readFile('docs/runbook.md', 'utf8');
  for (const [kind] of kinds) expect(runbook).toContain(`\n## ${kind}\n`);
});

test('docs/runbook.md: a section for every alarm of a plan, as its link says', async () => {
  const runbook = await readFile('docs/runbook.md', 'utf8');
  expect(planAlarms.map(({ section }) => section)).toEqual([
    'drill-failed',
    'rto-over-objective',
    'no-passed-drill',
  ]);
  for (const { section } of planAlarms) expect(runbook).toContain(`\n## ${section}\n`);
});
