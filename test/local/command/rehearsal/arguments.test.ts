import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readRehearsalArguments, rehearsalHelp } from '../../../../local/command/rehearsal/arguments.ts';

test('no words: the sample change on the sample, with the limits and the contender of the plan and the machine', () => {
  expect(readRehearsalArguments([])).toEqual({
    kind: 'rehearse',
    arguments: {
      engine: 'postgres',
      changeFile: null,
      sqlFile: null,
      planFile: null,
      planName: undefined,
      input: {},
      output: 'summary',
      isOpened: false,
      reportFolder: null,
    },
  });
});

test('all options: read as given, and they win over the input', () => {
  const flags = ['--json', '--open', '--report', 'out', '--engine', 'mysql', '--plan', 'p.yml'];
  const files = ['--sql', 'a.sql', '--change', 'b.sql'];
  const input = '{"plan": "shop", "reason": "why", "contenderSeconds": 5, "limits": {"rewrites": "allowed"}}';
  const wishes = ['--input', input, '--contender', '500ms', '--limits', '{"blockedReadMs": 7}'];
  expect(readRehearsalArguments([...flags, ...files, ...wishes])).toEqual({
    kind: 'rehearse',
    arguments: {
      engine: 'mysql',
      changeFile: 'b.sql',
      sqlFile: 'a.sql',
      planFile: 'p.yml',
      planName: 'shop',
      input: { plan: 'shop', reason: 'why', contenderSeconds: 0.5, limits: { blockedReadMs: 7 } },
      output: 'json',
      isOpened: true,
      reportFolder: 'out',
    },
  });
});

test.each([
  [['--contender', '2s'], 2],
  [['--contender', '1.5'], 1.5],
  [['--no-contender'], 0],
])('%j: a contender of %d s', (words, contenderSeconds) => {
  expect(readRehearsalArguments(words)).toMatchObject({ arguments: { input: { contenderSeconds } } });
});

test.each([
  [['--bogus'], 'InvalidArguments', '--bogus'],
  [['change.sql'], 'InvalidArguments', 'change.sql'],
  [['--engine', 'oracle'], 'InvalidArguments', 'oracle'],
  [['--sql', 'a.sql'], 'InvalidArguments', '--sql loads a.sql'],
  [['--contender', 'soon'], 'InvalidArguments', '--contender is soon, expected a time'],
  [['--contender', '61s'], 'InvalidInput', 'contenderSeconds'],
  [['--contender', '1s', '--no-contender'], 'InvalidArguments', '--contender 1s and --no-contender'],
  [['--json', '--markdown'], 'InvalidArguments', '--json and --markdown'],
  [['--limits', '{'], 'InvalidArguments', '--limits is not JSON'],
  [['--limits', '{"blocked": 1}'], 'InvalidInput', 'blocked'],
  [['--input', '[1]'], 'InvalidArguments', 'expected an object'],
  [['--input', '{"change": ["select 1"]}'], 'InvalidArguments', '--input has a change'],
  [['--input', '{"fault": 1}'], 'InvalidInput', 'fault'],
])('%j: %s that says %s', (words, name, part) => {
  expect(() => readRehearsalArguments(words)).toThrowError(
    expect.objectContaining({ name, message: expect.stringContaining(part) }),
  );
});

test('docs/local.md: its section of rehearsals names every option of the help', async () => {
  const page = await readFile('docs/local.md', 'utf8');
  const section = page.slice(page.indexOf('## Rehearsals'), page.indexOf('## Monitors'));
  const options = [...rehearsalHelp.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, option]) => option);
  expect(options.length).toBeGreaterThan(10);
  for (const option of options.filter((name) => name !== '--help')) expect(section).toContain(option);
});
