import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { postureHelp, readPostureArguments } from '../../../../local/command/posture/arguments.ts';
import { askedActions } from '../../../../local/command/posture/policy.ts';

const quiet = { isStrict: false, isJson: false, isOpened: false, reportFolder: null };

test('no words: the model fleet', () => {
  expect(readPostureArguments([])).toEqual({
    kind: 'posture',
    arguments: { scene: { kind: 'model' }, ...quiet },
  });
});

test('a Region alone: the account, by the defaults of every rule', () => {
  expect(readPostureArguments(['--region', 'us-gov-west-1'])).toEqual({
    kind: 'posture',
    arguments: {
      scene: { kind: 'account', region: 'us-gov-west-1', copyRegion: null, planFile: null },
      ...quiet,
    },
  });
});

test('all options: read as given', () => {
  const words = ['--region', 'eu-west-1', '--copy-region', 'eu-central-1', '--plan', 'mine.yml'];
  expect(readPostureArguments([...words, '--strict', '--json', '--open', '--report', 'out'])).toEqual({
    kind: 'posture',
    arguments: {
      scene: { kind: 'account', region: 'eu-west-1', copyRegion: 'eu-central-1', planFile: 'mine.yml' },
      isStrict: true,
      isJson: true,
      isOpened: true,
      reportFolder: 'out',
    },
  });
});

test.each([
  [['--bogus'], '--bogus'],
  [['eu-west-1'], 'eu-west-1'],
  [['--region', 'Ireland'], '--region: expected a Region such as eu-west-1, seen "Ireland"'],
  [['--region', 'eu-west-1', '--copy-region', 'x.evil.example'], '--copy-region: expected a Region'],
  [['--copy-region', 'eu-west-1'], '--copy-region says how to look at an account, and needs --region'],
  [['--plan', 'plans.yml'], '--plan says how to look at an account, and needs --region'],
])('%j: InvalidArguments that says %s', (words, part) => {
  expect(() => readPostureArguments(words)).toThrowError(
    expect.objectContaining({ name: 'InvalidArguments', message: expect.stringContaining(part) }),
  );
});

test('--policy: an IAM policy that allows what is asked, all of which describes, and nothing else', () => {
  const { kind, ...printed } = readPostureArguments(['--policy']);
  expect(kind).toBe('print');
  const { Statement } = JSON.parse('text' in printed ? printed.text : '');
  expect(Statement).toEqual([
    { Sid: 'LookAtPosture', Effect: 'Allow', Action: [...askedActions], Resource: '*' },
  ]);
  expect(askedActions.filter((action) => !action.startsWith('rds:Describe'))).toEqual([]);
});

test('docs/local.md: its section of posture names every option of the help, and every action of the policy', async () => {
  const page = await readFile('docs/local.md', 'utf8');
  const section = page.slice(page.indexOf('## Posture'), page.indexOf('## Monitors'));
  const options = [...postureHelp.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, option]) => option);
  expect(options.length).toBeGreaterThan(7);
  for (const option of options.filter((name) => name !== '--help')) expect(section).toContain(option);
  for (const action of askedActions) expect(section).toContain(action);
});
