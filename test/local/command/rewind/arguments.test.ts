import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { backtrackFaults } from '../../../../local/aurora/backtracks.ts';
import { readRewindArguments, rewindHelp } from '../../../../local/command/rewind/arguments.ts';
import { markHelp, readMarkArguments } from '../../../../local/command/rewind/mark-arguments.ts';

const refusal = (name: string, part: string) =>
  expect.objectContaining({ name, message: expect.stringContaining(part) });

test('no words: a rewind to the mark, and nothing goes wrong', () => {
  expect(readRewindArguments([])).toEqual({
    kind: 'rewind',
    arguments: {
      fault: null,
      isBlocked: false,
      to: null,
      isJson: false,
      isOpened: false,
      reportFolder: null,
    },
  });
});

test('all options: read as given', () => {
  const words = ['--fault', 'failed', '--blocked', 'binlog', '--to', '3s ago', '--json', '--open'];
  expect(readRewindArguments([...words, '--report', 'out'])).toEqual({
    kind: 'rewind',
    arguments: {
      fault: 'failed',
      isBlocked: true,
      to: '3s ago',
      isJson: true,
      isOpened: true,
      reportFolder: 'out',
    },
  });
});

test.each([
  [['--bogus'], 'InvalidArguments', '--bogus'],
  [['now'], 'InvalidArguments', 'now'],
  [['--fault', 'flood'], 'InvalidArguments', 'use one of lost-answer, failed, other-time, overtaken'],
  [['--blocked', 'replicas'], 'InvalidArguments', 'use binlog'],
  [['--to', 'latest'], 'InvalidInput', 'nothing is rewound to the latest one'],
  [['--to', 'yesterday'], 'InvalidInput', 'restoreTo'],
])('%j: %s that says %s', (words, name, part) => {
  expect(() => readRewindArguments(words)).toThrowError(refusal(name, part));
});

test('--fault list: every fault, in words', () => {
  const { kind, ...printed } = readRewindArguments(['--fault', 'list']);
  expect(kind).toBe('print');
  for (const [name, words] of Object.entries(backtrackFaults))
    expect(printed).toMatchObject({ text: expect.stringMatching(new RegExp(`^${name} +${words}$`, 'm')) });
});

test('a mark: without words as a pipeline would, and --no-snapshot wins over the input', () => {
  expect(readMarkArguments([])).toEqual({ kind: 'mark', arguments: { input: {}, isJson: false } });
  const words = ['--input', '{"expiresDays": 3, "snapshot": true}', '--no-snapshot', '--json'];
  expect(readMarkArguments(words)).toEqual({
    kind: 'mark',
    arguments: { input: { expiresDays: 3, snapshot: false }, isJson: true },
  });
});

test.each([
  [['--input', '[1]'], 'InvalidArguments', 'expected an object'],
  [['--input', '{"expires": 3}'], 'InvalidInput', 'expires'],
  [['--report', 'out'], 'InvalidArguments', '--report'],
])('a mark with %j: %s that says %s', (words, name, part) => {
  expect(() => readMarkArguments(words)).toThrowError(refusal(name, part));
});

test('docs/local.md: its section of rewinds names every option of both helps', async () => {
  const page = await readFile('docs/local.md', 'utf8');
  const section = page.slice(page.indexOf('## Rewinds'), page.indexOf('## Monitors'));
  const options = [...`${rewindHelp}\n${markHelp}`.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, option]) => option);
  expect(options.length).toBeGreaterThan(7);
  for (const option of options.filter((name) => name !== '--help')) expect(section).toContain(option);
});
