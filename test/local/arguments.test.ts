import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { helpText, readArguments } from '../../local/arguments.ts';
import { faults } from '../../local/faults.ts';

test('no words: the sample drill', () => {
  expect(readArguments([])).toEqual({
    kind: 'drill',
    arguments: { sqlFile: null, planFile: null, fault: null, input: {}, isJson: false, reportFolder: null },
  });
});

test('all options: read as given', () => {
  const words = ['--sql', 'a.sql', '--plan', 'p.yml', '--fault', 'lost-rows', '--json', '--report', 'out'];
  expect(readArguments([...words, '--input', '{"dryRun": true}'])).toMatchObject({
    arguments: {
      sqlFile: 'a.sql',
      planFile: 'p.yml',
      fault: { name: 'lost-rows' },
      input: { dryRun: true },
      isJson: true,
      reportFolder: 'out',
    },
  });
});

test('--fault list: every fault with what it does', () => {
  const command = readArguments(['--fault', 'list']);
  for (const { name, description } of faults) {
    expect(command).toMatchObject({ kind: 'print', text: expect.stringMatching(`${name} +${description}`) });
  }
});

test.each([
  [['--bogus'], 'InvalidArguments'],
  [['a.sql'], 'InvalidArguments'],
  [['--sql'], 'InvalidArguments'],
  [['--fault', 'nope'], 'InvalidArguments'],
  [['--input', '{'], 'InvalidArguments'],
  [['--input', '{"foo": 1}'], 'InvalidInput'],
  [['--engine', 'mysql'], 'NotSupported'],
])('%j: %s', (words, name) => {
  expect(() => readArguments(words)).toThrowError(expect.objectContaining({ name }));
});

test('README: names every option of the help', async () => {
  const readme = await readFile('README.md', 'utf8');
  const options = [...helpText.matchAll(/^ {2}(--\w+)/gm)].map(([, option]) => option);
  expect(options.length).toBeGreaterThan(5);
  for (const option of options.filter((name) => name !== '--help')) expect(readme).toContain(option);
});
