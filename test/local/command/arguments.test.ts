import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { helpText, readArguments } from '../../../local/command/arguments.ts';
import { appliesTo, type Fault, faults } from '../../../local/faults/catalog.ts';
import { engineNames } from '../../../local/servers/engine-name.ts';

test('no words: the sample drill', () => {
  expect(readArguments([])).toEqual({
    kind: 'drill',
    arguments: {
      engine: 'postgres',
      sqlFile: null,
      planFile: null,
      fault: null,
      from: null,
      input: {},
      isJson: false,
      isOpened: false,
      isDiffed: false,
      reportFolder: null,
    },
  });
});

test('all options: read as given', () => {
  const words = [
    '--sql',
    'a.sql',
    '--plan',
    'p.yml',
    '--fault',
    'lost-rows',
    '--json',
    '--open',
    '--diff-now',
    '--report',
    'out',
  ];
  expect(readArguments([...words, '--engine', 'mysql', '--input', '{"dryRun": true}'])).toMatchObject({
    arguments: {
      engine: 'mysql',
      sqlFile: 'a.sql',
      planFile: 'p.yml',
      fault: { name: 'lost-rows' },
      input: { dryRun: true },
      isJson: true,
      isOpened: true,
      isDiffed: true,
      reportFolder: 'out',
    },
  });
});

test('--suggest-settled: no drill', () => {
  expect(readArguments(['--suggest-settled', '--sql', 'a.sql'])).toMatchObject({
    kind: 'suggest',
    arguments: { sqlFile: 'a.sql' },
  });
});

test('--fault list: every fault with what it does', () => {
  const command = readArguments(['--fault', 'list']);
  const lines = command.kind === 'print' ? command.text.split('\n') : [];
  const listed = lines.map((line) => line.split(/ +/));
  expect(listed.map(([name, ...words]) => [name, words.join(' ')])).toEqual(
    faults.map(({ name, description }) => [name, description]),
  );
});

test.each(faults.flatMap((fault) => engineNames.map((engine) => [fault.name, engine, fault] as const)))(
  'fault %s with engine %s: taken, or refused with the engine that it is for',
  (name, engine, fault) => {
    const words = ['--engine', engine, '--fault', name];
    if (appliesTo(fault, engine)) expect(readArguments(words)).toMatchObject({ arguments: { fault } });
    else expect(() => readArguments(words)).toThrowError(/is for (postgres|mysql) only/);
  },
);

test('fault of rows for one engine only: applies to that one', () => {
  const fault: Fault = { name: 'one', description: '', damage: { mysql: async () => {} } };
  expect(engineNames.filter((engine) => appliesTo(fault, engine))).toEqual(['mysql']);
});

test.each([
  [['--bogus'], 'InvalidArguments'],
  [['a.sql'], 'InvalidArguments'],
  [['--sql'], 'InvalidArguments'],
  [['--fault', 'nope'], 'InvalidArguments'],
  [['--input', '{'], 'InvalidArguments'],
  [['--input', '{"foo": 1}'], 'InvalidInput'],
  [['--engine', 'oracle'], 'InvalidArguments'],
])('%j: %s', (words, name) => {
  expect(() => readArguments(words)).toThrowError(expect.objectContaining({ name }));
});

test('docs/local.md: names every option of the help', async () => {
  const readme = await readFile('docs/local.md', 'utf8');
  const options = [...helpText.matchAll(/^ {2}(--\w+)/gm)].map(([, option]) => option);
  expect(options.length).toBeGreaterThan(5);
  for (const option of options.filter((name) => name !== '--help')) expect(readme).toContain(option);
});
