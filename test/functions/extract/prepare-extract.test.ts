import { describe, expect, test } from 'vitest';
import { prepareExtract } from '../../../functions/extract/prepare-extract.ts';
import type { Cluster } from '../../../shared/aurora/port.ts';
import { drillTags } from '../../../shared/job/names.ts';
import { at } from '../../shared/drill/state-fixture.ts';
import { execution, source, writer } from '../../shared/rehearsing/job-fixture.ts';
import { clockAt, makeAurora } from '../fakes.ts';

const window = { earliestRestorableTime: at('00:00'), latestRestorableTime: at('07:55:10') };
const shop: Cluster = { ...source, ...window };
const sandbox: Cluster = {
  ...source,
  identifier: 'dev-aurora',
  resourceId: 'cluster-DEV',
  endpoint: 'dev.example',
  readerEndpoint: null,
  port: 5499,
};
const billing: Cluster = {
  ...source,
  identifier: 'billing',
  resourceId: 'cluster-BILLS',
  endpoint: 'bills.example',
};

type World = { input?: object; found?: Partial<Cluster>; plan?: object };

const prepare = ({ input = {}, found = {}, plan = {} }: World = {}) => {
  const clusters: Cluster[] = [shop, { ...sandbox, ...found }, billing];
  const database = { name: 'app', user: 'drill_reader' };
  const dev = {
    cluster: 'dev-aurora',
    resourceId: 'cluster-DEV',
    database: 'sandbox',
    user: 'sandbox_writer',
  };
  const plans = {
    main: { source: shop.identifier, database, sandboxes: { dev }, ...plan },
    bills: { source: 'billing', database },
    // Its source is gone.
    old: { source: 'retired', database },
  };
  return prepareExtract(
    {
      execution: { ...execution, input: { plan: 'main', restoreTo: 'latest', tables: ['orders'], ...input } },
    },
    {
      aurora: makeAurora({
        findCluster: async (name) => clusters.find(({ identifier }) => identifier === name),
        listInstances: async () => [writer],
        listClusterParameters: async () => [],
      }),
      readPlans: async () => JSON.stringify({ plans }),
      teardownMinutes: 60,
      now: clockAt('08:00:01'),
    },
  );
};

test('the job: a copy of the time under the prefix, tagged as an extract; a schema named by source, time and id', async () => {
  const job = await prepare();
  expect(job).toMatchObject({
    copyKind: 'point-in-time',
    restoreTo: at('07:55:09'),
    askedFor: null,
    dryRun: false,
    tables: [{ table: 'public.orders', where: null }],
    sandbox: { name: 'dev', host: 'dev.example', port: 5499, user: 'sandbox_writer' },
    sourceAddress: { host: source.readerEndpoint, database: 'app', user: 'drill_reader' },
    sessions: 4,
    freshness: {},
  });
  expect(job.target.cluster).toMatch(/^drill-prod-aurora-main-[0-9a-f]{8}$/);
  expect(job.tags).toMatchObject({ [drillTags.job]: 'extract', [drillTags.source]: source.identifier });
  expect(job.schema).toBe(`extract_prod_aurora_main_20261116075509_${job.id}`);
});

test('what the sandbox must not be: the source, and the source of every other plan that there is', async () => {
  const { production } = await prepare();
  expect(production.map(({ hosts }) => hosts)).toEqual([
    expect.arrayContaining([source.endpoint, writer.endpoint]),
    expect.arrayContaining(['bills.example']),
  ]);
});

test('columns of times as the plan names them, by the whole name of their table', async () => {
  const checks = { overrides: { orders: { freshness: { column: 'created_at', within: '1h' } } } };
  expect((await prepare({ plan: { checks } })).freshness).toEqual({ 'public.orders': 'created_at' });
});

describe('the time', () => {
  test.each([
    ['an instant', at('03:00'), at('03:00')],
    ['a time ago, from the start of the execution', '2h ago', at('06:00')],
    ['one that the backups do not reach yet: it is waited for', '1m ago', at('07:59')],
  ])('%s', async (_, restoreTo, fixed) => {
    expect(await prepare({ input: { restoreTo } })).toMatchObject({ restoreTo: fixed, askedFor: fixed });
  });

  test('before the window: refused', async () => {
    await expect(prepare({ input: { restoreTo: '20d ago' } })).rejects.toMatchObject({
      name: 'RestoreTimeOutsideWindow',
    });
  });
});

test.each<[string, World, string]>([
  [
    "the sandbox has another plan's endpoint",
    { found: { endpoint: 'bills.example', port: source.port } },
    'billing',
  ],
  ['the sandbox was made anew', { found: { resourceId: 'cluster-ANEW' } }, 'cluster-ANEW'],
  ['the sandbox has an older version', { found: { engineVersion: '1.0' } }, '1.0'],
  ['the sandbox has another engine', { found: { engine: 'aurora-mysql' } }, 'aurora-mysql'],
])('%s: SandboxRefused that names it', async (_, world, named) => {
  await expect(prepare(world)).rejects.toMatchObject({
    name: 'SandboxRefused',
    message: expect.stringContaining(named),
  });
});

test.each([
  ['no table', { tables: [] }, 'InvalidInput'],
  ['a key that nobody knows', { table: 'orders' }, 'InvalidInput'],
  ['a condition that is none', { where: { orders: 'true) or (true' } }, 'InvalidInput'],
  ['a sandbox that there is not', { sandbox: 'qa' }, 'InvalidInput'],
  ['a plan without a sandbox', { plan: 'bills' }, 'InvalidPlan'],
])('%s: %o is refused as %s', async (_, input, name) => {
  await expect(prepare({ input })).rejects.toMatchObject({ name });
});
