import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readArguments } from '../../local/command/arguments.ts';
import { readExtractArguments } from '../../local/command/extract/arguments.ts';
import { readPostureArguments } from '../../local/command/posture/arguments.ts';
import { readRecoveryArguments } from '../../local/command/recovery/arguments.ts';
import { readRehearsalArguments } from '../../local/command/rehearsal/arguments.ts';
import { readRewindArguments } from '../../local/command/rewind/arguments.ts';
import { readMarkArguments } from '../../local/command/rewind/mark-arguments.ts';
import { parseExecutionInput } from '../../shared/drill/input.ts';
import { parseExtractInput } from '../../shared/extraction/input.ts';
import { metricNamespace, metricUnits } from '../../shared/monitors/metrics.ts';
import { parseRecoverInput } from '../../shared/recovery/input.ts';
import { parseRehearseInput } from '../../shared/rehearsal/input.ts';
import { parseRewindInput } from '../../shared/rewind/input.ts';
import { readSweepTrigger } from '../../shared/teardown/sweep-trigger.ts';
import { checkAwsCall } from './aws-operations.ts';
import { type Block, listBlocks, readPages, readSpans, readTable, withoutBlocks } from './pages.ts';
import { type Recorded, recordScript } from './recorded.ts';

const pages = await readPages();
const scripts: Record<string, string> = JSON.parse(await readFile('package.json', 'utf8')).scripts;
const serverless = await readFile('serverless.yml', 'utf8');
const configFiles = ['monitors', 'sweeper', 'topics', 'roles'].map((name) =>
  readFile(`config/${name}.yml`, 'utf8'),
);
const resources = [serverless, ...(await Promise.all(configFiles))].join('\n');

const shell = listBlocks(pages, 'sh');
const nameOf = ({ page, line }: Block): string => `${page}:${line}`;
const toLines = ({ text }: Block): string[] => text.split('\n');
const needsAws = shell.filter(({ mark }) => mark?.startsWith('needs AWS: '));

/** The commands for AWS, by section: a later step may use a variable that an earlier one sets. */
const sections = [
  ...Map.groupBy(needsAws, ({ page, section }) => `${page}${section === '' ? '' : `, ${section}`}`),
].map(([title, blocks]) => ({ title, script: blocks.map(({ text }) => text).join('\n') }));

describe('blocks of commands', () => {
  test.each(shell.map((block) => [nameOf(block), block] as const))(
    '%s: says who runs it, or why no test can',
    async (_name, { mark, text }) => {
      const [, file, why] = /^run by (\S+)$|^needs AWS: (\S.*)$/.exec(mark ?? '') ?? [];
      expect(file ?? why, `its mark is ${mark}`).toBeDefined();
      if (file === undefined) return;
      const runner = await readFile(file, 'utf8');
      // A test finds the block by its mark. The script of CI has its lines.
      if (file.endsWith('.ts')) expect(runner).toContain(`'${mark}'`);
      else for (const line of text.split('\n')) expect(runner.split('\n')).toContain(line);
    },
  );

  test.each(shell.map((block) => [nameOf(block), block.text] as const))(
    '%s: bash can read it',
    async (_name, text) => {
      await promisify(execFile)('/bin/bash', ['-n', '-c', text]);
    },
  );
});

/** An interactive shell replaces it with an earlier command. bash -c does not. */
test('no exclamation mark outside single quotes', () => {
  const texts = shell.filter(({ text }) => text.replace(/'[^']*'/g, '').includes('!'));
  expect(texts.map(nameOf)).toEqual([]);
});

test('npm run, wherever a page names it: a script that there is', () => {
  const named = [...pages.values()].flatMap((text) =>
    [...text.matchAll(/\bnpm (?:-s )?run (?:-s )?([\w:-]+)/g)].map(([, script]) => script),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((script) => !Object.hasOwn(scripts, script ?? ''))).toEqual([]);
});

test.each([
  ['drill', readArguments],
  ['recover', readRecoveryArguments],
  ['rehearse', readRehearsalArguments],
  ['extract', readExtractArguments],
  ['rewind', readRewindArguments],
  ['mark', readMarkArguments],
  ['posture', readPostureArguments],
])('npm run %s, wherever a page names it: options that the command takes', (script, read) => {
  const named = [...pages].flatMap(([page, text]) =>
    [...readSpans(withoutBlocks(text)), ...listBlocks(new Map([[page, text]]), 'sh').flatMap(toLines)].filter(
      (command) => new RegExp(`^npm run (-s )?${script}\\b`).test(command),
    ),
  );
  expect(named.length).toBeGreaterThan(3);
  for (const command of named) {
    const words = [...(command.split(' -- ')[1] ?? '').matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, plain]) => quoted ?? plain ?? '',
    );
    expect(() => read(words), command).not.toThrow();
  }
});

test('faults of a drill, wherever a page names one: the command knows it', () => {
  const named = [...pages.values()].flatMap((text) =>
    [...text.matchAll(/(?<!npm run rewind -- )--fault ([a-z][\w-]*)/g)].map(([, fault = '']) => fault),
  );
  expect(named).toContain('lost-rows');
  for (const fault of named) expect(() => readArguments(['--fault', fault]), fault).not.toThrow();
});

describe.skipIf(process.platform !== 'linux')('commands for AWS, under a shell that writes them down', () => {
  const recorded = new Map<string, Promise<Recorded>>();
  const record = (script: string): Promise<Recorded> => {
    const known = recorded.get(script) ?? recordScript(script);
    recorded.set(script, known);
    return known;
  };
  const callsOf = async (script: string, command: string): Promise<string[][]> =>
    (await record(script)).calls.filter(([name]) => name === command).map(([, ...words]) => words);
  const all = async (command: string): Promise<string[][]> =>
    (await Promise.all(sections.map(({ script }) => callsOf(script, command)))).flat();

  test.each(sections)(
    '$title: run from top to bottom, every variable set before it is used',
    async ({ script }) => {
      const { code, stderr, calls } = await record(script);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(calls.length).toBeGreaterThan(0);
    },
  );

  test.each(sections)('$title: operations that there are, with the options they take', async ({ script }) => {
    const problems = await Promise.all((await callsOf(script, 'aws')).map(checkAwsCall));
    expect(problems.flat()).toEqual([]);
  });

  test('an operation, an option or an input that is wrong: found', async () => {
    expect(await checkAwsCall(['rds', 'describe-db-cluster'])).toEqual([
      'there is no aws rds describe-db-cluster',
    ]);
    const start = ['rds', 'start-db-cluster'];
    expect(await checkAwsCall([...start, '--db-cluster', 'a'])).toEqual([
      'aws rds start-db-cluster has no --db-cluster',
      'aws rds start-db-cluster lacks what it needs: dbclusteridentifier',
    ]);
    expect(await checkAwsCall([...start, '--db-cluster-identifier', 'a'])).toEqual([]);
  });

  /** The word after an option, in every call that has it. */
  const valuesOf = (calls: string[][], option: string): string[] =>
    calls.flatMap((words) => (words.includes(option) ? [words[words.indexOf(option) + 1] ?? ''] : []));

  test('functions, by their names and their logs: they are deployed', async () => {
    const known = Object.keys(parse(serverless, { logLevel: 'silent', merge: true }).functions);
    const calls = await all('aws');
    const named = [...valuesOf(calls, '--function-name'), ...valuesOf(calls, 'tail')].map((name) =>
      name.replace(/^(\/aws\/lambda\/)?aurora-drills-prod-/, ''),
    );
    expect(named).toContain('TearDown');
    expect(named.filter((name) => name !== 'FUNCTION' && !known.includes(name))).toEqual([]);
  });

  test('outputs of the stack: it has them', async () => {
    const outputs = (await all('aws')).flatMap((words) =>
      [...words.join(' ').matchAll(/OutputKey==.(\w+)/g)].map(([, name]) => name),
    );
    expect(outputs).toContain('ReportBucketName');
    for (const name of outputs) expect(resources).toContain(`\n      ${name}:\n`);
  });

  test('metrics in the namespace of ours, and alarms: the stack has them', async () => {
    const calls = await all('aws');
    const ours = calls.filter((words) => words.includes(metricNamespace));
    expect(ours.length).toBeGreaterThan(0);
    for (const name of valuesOf(ours, '--metric-name')) expect(Object.keys(metricUnits)).toContain(name);
    const alarms = readTable(pages.get('docs/monitors.md') ?? '', 'alarm').flatMap(([cell = '']) =>
      readSpans(cell),
    );
    for (const option of ['--alarm-name', '--alarm-names']) {
      for (const name of valuesOf(calls, option)) expect(alarms).toContain(name);
    }
  });

  /** Of any job. */
  const readInput = (input: object): object => {
    if ('change' in input) return parseRehearseInput(input);
    if ('confirm' in input) return parseRewindInput(input, new Date().toISOString());
    if ('tables' in input) return parseExtractInput(input, new Date().toISOString());
    try {
      return parseExecutionInput(input);
    } catch {
      return parseRecoverInput(input, new Date().toISOString());
    }
  };

  test('inputs of all jobs and the sweeper: they are read', async () => {
    const calls = await all('aws');
    const inputs = valuesOf(
      calls.filter(([, operation]) => operation === 'start-execution'),
      '--input',
    );
    expect(inputs.length).toBeGreaterThan(2);
    for (const input of inputs) expect(() => readInput(JSON.parse(input)), input).not.toThrow();
    const payloads = valuesOf(calls, '--payload');
    expect(payloads.length).toBeGreaterThan(1);
    for (const payload of payloads) expect(() => readSweepTrigger(JSON.parse(payload))).not.toThrow();
  });

  test('npx serverless: commands and options that the installed one has', async () => {
    const schema: Map<string, { options?: object }> = createRequire(import.meta.url)(
      '../../node_modules/serverless/lib/cli/commands-schema/aws-service.js',
    );
    const calls = await all('npx');
    expect(calls.map(([, command]) => command)).toEqual(expect.arrayContaining(['deploy', 'remove']));
    for (const [program, command = '', ...words] of calls) {
      expect(program).toBe('serverless');
      const options = Object.keys(schema.get(command)?.options ?? {});
      const used = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
      expect([command, used.filter((option) => !options.includes(option))]).toEqual([command, []]);
    }
  });

  test('npm: ci, or a script that there is', async () => {
    for (const [command, script = ''] of await all('npm')) {
      expect(command === 'ci' || (command === 'run' && Object.hasOwn(scripts, script))).toBe(true);
    }
  });
});
