import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { accidents } from '../../../../local/accidents/catalog.ts';
import { readRecoveryArguments, recoveryHelp } from '../../../../local/command/recovery/arguments.ts';

test('no words: a bad update to the sample, and one reader', () => {
  expect(readRecoveryArguments([])).toEqual({
    kind: 'recover',
    arguments: {
      engine: 'postgres',
      accident: { kind: 'sample', accident: accidents[0] },
      sqlFile: null,
      planFile: null,
      planName: undefined,
      input: { readers: 1 },
      isKept: false,
      isJson: false,
      isOpened: false,
      reportFolder: null,
    },
  });
  expect(accidents[0]?.name).toBe('bad-update');
});

test('all options: read as given, and those of the input win over it', () => {
  const flags = ['--keep', '--json', '--open', '--report', 'out', '--engine', 'mysql', '--plan', 'p.yml'];
  const files = ['--sql', 'a.sql', '--accident', 'Mistake.SQL'];
  const input = '{"plan": "shop", "restoreTo": "1h ago", "readers": 3, "reason": "why"}';
  const wishes = ['--input', input, '--to', '10s ago', '--readers', '0'];
  expect(readRecoveryArguments([...flags, ...files, ...wishes])).toEqual({
    kind: 'recover',
    arguments: {
      engine: 'mysql',
      accident: { kind: 'file', path: 'Mistake.SQL' },
      sqlFile: 'a.sql',
      planFile: 'p.yml',
      planName: 'shop',
      input: { plan: 'shop', restoreTo: '10s ago', readers: 0, reason: 'why' },
      isKept: true,
      isJson: true,
      isOpened: true,
      reportFolder: 'out',
    },
  });
});

test('--accident list: every accident with what it does', () => {
  const command = readRecoveryArguments(['--accident', 'list']);
  const lines = command.kind === 'print' ? command.text.split('\n') : [];
  expect(lines.map((line) => line.split(/ +(.*)/).slice(0, 2))).toEqual(
    accidents.map(({ name, description }) => [name, description]),
  );
});

test.each([
  [['--bogus'], 'InvalidArguments', '--bogus'],
  [['bad-update'], 'InvalidArguments', 'bad-update'],
  [['--engine', 'oracle'], 'InvalidArguments', 'oracle'],
  [['--accident', 'flood'], 'InvalidArguments', 'use one of bad-update, dropped-table'],
  [
    ['--sql', 'a.sql'],
    'InvalidArguments',
    'the default accident is one of the sample, and --sql loads a.sql',
  ],
  [
    ['--sql', 'a.sql', '--accident', 'bad-update'],
    'InvalidArguments',
    'accident bad-update is one of the sample',
  ],
  [['--input', '{'], 'InvalidArguments', '--input is not JSON'],
  [['--input', '{"fault": 1}'], 'InvalidInput', 'fault'],
  [['--input', '[1]'], 'InvalidInput', 'expected object'],
  [['--to', 'yesterday'], 'InvalidInput', 'expected latest, a time ago'],
  [['--to', '2999-01-01T00:00:00Z'], 'InvalidInput', 'before the start'],
  [['--readers', 'many'], 'InvalidInput', 'seen "many"'],
  [['--readers', '16'], 'InvalidInput', 'readers'],
])('%j: %s that says %s', (words, name, part) => {
  expect(() => readRecoveryArguments(words)).toThrowError(
    expect.objectContaining({ name, message: expect.stringContaining(part) }),
  );
});

test('docs/local.md: its section of recoveries names every option of the help', async () => {
  const page = await readFile('docs/local.md', 'utf8');
  const section = page.slice(page.indexOf('## Recoveries'), page.indexOf('## Monitors'));
  const options = [...recoveryHelp.matchAll(/^ {2}(--\w+)/gm)].map(([, option]) => option);
  expect(options.length).toBeGreaterThan(10);
  for (const option of options.filter((name) => name !== '--help')) expect(section).toContain(option);
});
