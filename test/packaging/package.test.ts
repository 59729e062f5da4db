import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDefinition } from '../../local/state-machine.ts';
import { parsePlans } from '../../shared/plan.ts';

type Resource = { Type: string; Properties: Record<string, never> };

let folder: string;
let resources: Record<string, Resource>;
let parameters: Record<string, { Default: string; AllowedPattern: string }>;
const zips = new Map<string, Record<string, Uint8Array>>();

const taskStates = Object.entries((await readDefinition()).States)
  .filter(([, { Type }]) => Type === 'Task')
  .map(([name]) => name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aurora-drills-package-'));
  // No credentials and no way out: packaging has to do without both.
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    HTTPS_PROXY: 'http://127.0.0.1:9',
    SLS_TELEMETRY_DISABLED: '1',
  };
  await promisify(execFile)('node_modules/.bin/serverless', ['package', '--package', folder], { env });
  const template = await readFile(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
  ({ Resources: resources, Parameters: parameters } = JSON.parse(template));
  for (const name of await readdir(folder)) {
    if (name.endsWith('.zip'))
      zips.set(name.replace('.zip', ''), unzipSync(await readFile(join(folder, name))));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ofType = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);

describe('template', () => {
  test('has a function for every task state: arm64, Node 24, traced, its own role, its log kept', () => {
    expect(
      ofType('AWS::Lambda::Function')
        .map(([id]) => id)
        .sort(),
    ).toEqual(taskStates.map((name) => `${name}LambdaFunction`).sort());
    for (const name of taskStates) {
      expect(resources[`${name}LambdaFunction`]?.Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        Role: { 'Fn::GetAtt': [`${name}Role`, 'Arn'] },
        FunctionName: `aurora-drills-prod-${name}`,
      });
      expect(resources[`${name}LogGroup`]?.Properties).toMatchObject({ RetentionInDays: 90 });
    }
  });

  test('puts the two functions that talk SQL into the VPC, and no others', () => {
    const inside = ofType('AWS::Lambda::Function').filter(([, { Properties }]) => 'VpcConfig' in Properties);
    expect(inside.map(([id]) => id).sort()).toEqual([
      'CaptureBaselineLambdaFunction',
      'VerifyRestoreLambdaFunction',
    ]);
  });

  test('gives the state machine an ARN for every name in its definition, a role, logs and traces', () => {
    const machine = resources.DrillStateMachine?.Properties as unknown as Record<string, unknown>;
    const names = [...JSON.stringify(machine.Definition).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect(names.sort()).toEqual([...taskStates].sort());
    expect(machine.DefinitionSubstitutions).toEqual(
      Object.fromEntries(
        taskStates.map((name) => [name, { 'Fn::GetAtt': [`${name}LambdaFunction`, 'Arn'] }]),
      ),
    );
    expect(machine).toMatchObject({
      RoleArn: { 'Fn::GetAtt': ['DrillStateMachineRole', 'Arn'] },
      LoggingConfiguration: { Level: 'ALL' },
      TracingConfiguration: { Enabled: true },
    });
  });

  test('no task of the state machine ends before its function does', async () => {
    const { States } = await readDefinition();
    for (const name of taskStates) {
      const timeout = Number(resources[`${name}LambdaFunction`]?.Properties.Timeout);
      const { TimeoutSeconds = 0 } = States[name] as { TimeoutSeconds?: number };
      expect(TimeoutSeconds, name).toBeGreaterThan(timeout);
    }
  });

  test('has one schedule for each plan that has one', async () => {
    const plans = Object.values(parsePlans(await readFile('plans.yml', 'utf8'), 'plans.yml'));
    const expected = plans.flatMap(({ schedule }) => schedule ?? []);
    const seen = ofType('AWS::Scheduler::Schedule').map(
      ([, { Properties }]) => Properties.ScheduleExpression,
    );
    expect(seen).toEqual(expected);
  });

  test('is refused by CloudFormation until somebody says where the runbook is', () => {
    const { Default = '', AllowedPattern = '' } = parameters.RunbookUrl ?? {};
    const pattern = new RegExp(`^${AllowedPattern}$`);
    expect(pattern.test(Default)).toBe(false);
    expect(pattern.test('https://wiki.example.com/aurora-drills')).toBe(true);
  });

  test('refers only to resources that it has', () => {
    const known = new Set([
      ...Object.keys(resources),
      ...Object.keys(parameters),
      'AWS::Region',
      'AWS::AccountId',
      'AWS::Partition',
      'AWS::StackName',
    ]);
    const text = JSON.stringify(resources);
    const used = [
      ...[...text.matchAll(/"Ref":"([^"]+)"/g)].map(([, id]) => id),
      ...[...text.matchAll(/"Fn::GetAtt":\["([^"]+)"/g)].map(([, id]) => id),
    ];
    expect(used.filter((id) => !known.has(id ?? ''))).toEqual([]);
  });
});

describe('bundles', () => {
  let server: Server;
  let isAnswering = true;

  /** The bundle as Lambda would load it, from a folder of its own. */
  const load = async (name: string) => {
    const file = Object.keys(zips.get(name) ?? {}).find((path) => path.endsWith('.mjs')) ?? '';
    const home = await mkdtemp(join(folder, `${name}-`));
    const path = join(home, file.replaceAll('/', '-'));
    await writeFile(path, zips.get(name)?.[file] ?? '');
    return (await import(path)) as { handler: (event: unknown, context: unknown) => Promise<unknown> };
  };

  const execution = { id: 'arn:x', name: 'local-x', startedAt: '2026-01-01T00:00:00Z', input: { bogus: 1 } };
  const drill = {
    target: { cluster: 'drill-x-1', writer: 'drill-x-1-writer' },
    deadline: '2026-01-01T01:00:00Z',
  };

  beforeAll(async () => {
    // Answers every call as an AWS service does that is asked too often.
    server = createServer((request, response) => {
      if (!isAnswering) return request.socket.destroy();
      const body =
        '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>';
      return response.writeHead(400, { 'content-type': 'text/xml' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env.AWS_ACCESS_KEY_ID = 'none';
    process.env.AWS_SECRET_ACCESS_KEY = 'none';
    process.env.AWS_MAX_ATTEMPTS = '1';
  });
  afterAll(() => server.close());

  test('each zip: one file, and plans.yml where the plan is read', () => {
    expect([...zips.keys()].sort()).toEqual([...taskStates].sort());
    for (const [name, files] of zips) {
      expect(Object.keys(files).filter((path) => path.endsWith('.mjs'))).toHaveLength(1);
      const others = Object.keys(files).filter((path) => !path.endsWith('.mjs'));
      expect([name, others]).toEqual([name, name === 'PrepareDrill' ? ['plans.yml'] : []]);
    }
  });

  test.each(taskStates)('%s: the built bundle has its handler', async (name) => {
    expect(typeof (await load(name)).handler).toBe('function');
  });

  test('PrepareDrill as built: a wrong input fails with the name InvalidInput', async () => {
    const { handler } = await load('PrepareDrill');
    await expect(handler({ execution }, {})).rejects.toMatchObject({ name: 'InvalidInput' });
  });

  test('CheckCluster as built: a throttle fails with the name Throttled', async () => {
    const { handler } = await load('CheckCluster');
    const state = { execution, PrepareDrill: drill, RestoreCluster: {} };
    await expect(handler(state, {})).rejects.toMatchObject({ name: 'Throttled' });
  });

  test('CheckCluster as built: a broken connection fails with the name AwsUnavailable', async () => {
    isAnswering = false;
    const { handler } = await load('CheckCluster');
    const state = { execution, PrepareDrill: drill, RestoreCluster: {} };
    await expect(handler(state, {})).rejects.toMatchObject({ name: 'AwsUnavailable' });
    isAnswering = true;
  });

  test('CaptureBaseline as built: no database there fails with the name DatabaseUnreachable', async () => {
    const { handler } = await load('CaptureBaseline');
    const baselineAddress = { host: '127.0.0.1', port: 1, database: 'app', user: 'reader' };
    const state = { execution, PrepareDrill: { ...drill, baselineAddress } };
    await expect(handler(state, {})).rejects.toMatchObject({ name: 'DatabaseUnreachable' });
  });

  test('CaptureBaseline as built: a database that never answers fails with the name OutOfTime', async () => {
    const silent = createTcpServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const { handler } = await load('CaptureBaseline');
    const baselineAddress = { host: '127.0.0.1', port, database: 'app', user: 'reader' };
    const state = { execution, PrepareDrill: { ...drill, baselineAddress } };
    const context = { getRemainingTimeInMillis: () => 200 };
    await expect(handler(state, context)).rejects.toMatchObject({ name: 'OutOfTime' });
    silent.close();
  });

  test('any function as built, called by hand: UnreadableAnswer that says how a drill is started', async () => {
    const { handler } = await load('TearDown');
    await expect(handler({ cluster: 'prod' }, {})).rejects.toMatchObject({
      name: 'UnreadableAnswer',
      hint: expect.stringContaining('state machine'),
    });
  });
});
