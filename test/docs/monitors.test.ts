import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readAlarms } from '../../local/alarms.ts';
import { monitorsPage, renderExamples } from '../../local/message-examples.ts';
import { messageKinds } from '../../shared/message.ts';
import { metricUnits } from '../../shared/metrics.ts';

const page = await readFile(monitorsPage, 'utf8');
const kinds = Object.entries(messageKinds);

/** The rows of the table below a heading, cell by cell, without its head. */
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

test('docs/monitors.md: every alarm of the stack, and no other', async () => {
  const files = ['config/monitors.yml', 'config/sweeper.yml'].map((path) => readFile(path, 'utf8'));
  const config = (await Promise.all(files)).join();
  const written = [...config.matchAll(/AlarmName: (\S+)/g)].map(([, name = '']) => name);
  // The last two are made for each function.
  const deployed = [
    ...written,
    ...['errors', 'throttles'].map((of) => `aurora-drills-prod-FUNCTION-${of}`),
  ].map((name) => name.replace('${self:service}-${self:provider.stage}', 'aurora-drills-prod'));
  const described = readTable('Alarms', 'alarm');
  expect(described.map(([name]) => name)).toEqual(deployed);
  const alarms = await readAlarms();
  expect(alarms).toHaveLength(5);
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
