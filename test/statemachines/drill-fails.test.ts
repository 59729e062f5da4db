import { describe, expect, test } from 'vitest';
import type { ErrorName } from '../../shared/errors.ts';
import { addSeconds, type Clock, toIso } from '../../shared/instants.ts';
import { makeTable } from '../functions/fakes.ts';
import { makeModelWorld, requestOfStranger } from './model-world.ts';
import { type DrillOptions, databaseWith, failWith, type Ports, runDrill } from './run-drill.ts';

/** Without an objective, since time passes quickly in a model. */
const plans = 'plans: { shop: { source: prod-shop, database: { name: shop, user: drill_reader } } }';

/** The ports and the clock of a model of its own. */
const makeWorld = (): Ports & { now: Clock } => {
  const { aurora, world, now } = makeModelWorld();
  return { aurora, database: world.database, now };
};

const run = ({ now, ...ports }: Ports & { now: Clock }, options: DrillOptions = {}) =>
  runDrill(ports, { now, plans, ...options });

/** The reader of a drill that reads the copy, after the two that read production. */
const copy = 3;
const sevenRows = async () => [{ range: 0, bucket: 0, rows: 7, hash: 7n }];

describe.concurrent('a drill that fails', () => {
  const failures: [string, (world: Ports) => DrillOptions, string, string, string][] = [
    ['input is no object', () => ({ input: 'hello' }), 'PrepareDrill', 'InvalidInput', 'not-needed'],
    ['plan is unknown', () => ({ input: { plan: 'x' } }), 'PrepareDrill', 'UnknownPlan', 'not-needed'],
    [
      'restoreTo lies ahead',
      () => ({ input: { restoreTo: '2099-01-01T00:00:00Z' } }),
      'PrepareDrill',
      'RestoreTimeOutsideWindow',
      'not-needed',
    ],
    [
      'restoreTo lies before the window',
      () => ({ input: { restoreTo: '2001-01-01T00:00:00Z' } }),
      'PrepareDrill',
      'RestoreTimeOutsideWindow',
      'not-needed',
    ],
    ['plans file is malformed', () => ({ plans: 'plans: 5' }), 'PrepareDrill', 'InvalidPlan', 'not-needed'],
    [
      'database cannot be reached',
      () => ({ database: { open: failWith('DatabaseUnreachable') } }),
      'CaptureBaseline',
      'DatabaseUnreachable',
      'not-needed',
    ],
    [
      'database has no table',
      (world) => ({ database: databaseWith(world, () => ({ listTables: async () => [] })) }),
      'CaptureBaseline',
      'EmptyDatabase',
      'not-needed',
    ],
    [
      'foreign server would act in the copy',
      (world) => ({
        database: databaseWith(world, () => ({
          listSideEffects: async () => ({ found: [{ kind: 'foreign server', name: 'erp' }], unseen: [] }),
        })),
      }),
      'CaptureBaseline',
      'SideEffects',
      'not-needed',
    ],
    [
      'tables have no row',
      (world) => ({ database: databaseWith(world, () => ({ readDigest: async () => [] })) }),
      'CaptureBaseline',
      'EmptyDatabase',
      'not-needed',
    ],
    [
      'RTO objective is missed',
      () => ({
        plans:
          'plans: { shop: { source: prod-shop, database: { name: shop, user: drill_reader }, objectives: { rtoMinutes: 0.00001 } } }',
      }),
      'VerifyRestore',
      'ObjectiveMissed',
      'completed',
    ],
    [
      'copy lacks rows',
      (world) => ({
        database: databaseWith(
          world,
          ({ readDigest }) => ({
            readDigest: async (table, request) =>
              (await readDigest(table, request)).map((bucket) => ({ ...bucket, rows: bucket.rows - 1 })),
          }),
          copy,
        ),
      }),
      'VerifyRestore',
      'ChecksFailed',
      'completed',
    ],
    [
      'copy lacks a table',
      (world) => ({
        database: databaseWith(
          world,
          ({ listTables }) => ({ listTables: async () => (await listTables()).slice(1) }),
          copy,
        ),
      }),
      'VerifyRestore',
      'ChecksFailed',
      'completed',
    ],
    [
      'copy cannot be read',
      (world) => ({
        database: databaseWith(world, () => ({ listTables: failWith('DatabaseFailure') }), copy),
      }),
      'VerifyRestore',
      'DatabaseFailure',
      'completed',
    ],
    [
      'people cannot be told',
      () => ({ notify: failWith('NotificationFailed') }),
      'NotifyResult',
      'NotificationFailed',
      'completed',
    ],
  ];

  test.each(failures)(
    '%s: told, torn down, and ended as failed',
    async (_condition, options, phase, error, teardown) => {
      const world = makeWorld();
      const { result, hasSucceeded, messages, isGone } = await run(world, options(world));
      expect(result.failure).toMatchObject({
        phase,
        error,
        cause: expect.any(String),
        hint: expect.stringMatching(/\w{3}/),
      });
      expect(result).toMatchObject({ verdict: 'failed', teardown: { status: teardown } });
      expect(hasSucceeded).toBe(false);
      expect(isGone).toBe(true);
      if (error !== 'NotificationFailed') expect(messages[0]?.title).toContain('failed');
    },
  );

  test.each<[string, ErrorName, string]>([
    ['exploded', 'StatusUnknown', 'which is unknown to this tool, and the deadline'],
    ['inaccessible-encryption-credentials', 'KeyUnusable', 'inaccessible-encryption-credentials'],
    ['incompatible-restore', 'ClusterUnusable', 'incompatible-restore'],
  ])('restored cluster has the status %s: it fails as %s', async (status, error, cause) => {
    const world = makeWorld();
    const { findCluster } = world.aurora;
    const { result, isGone } = await run(world, {
      aurora: {
        findCluster: async (name) => {
          const cluster = await findCluster(name);
          return cluster?.status === 'available' && name !== 'prod-shop' ? { ...cluster, status } : cluster;
        },
      },
    });
    expect(result.failure).toMatchObject({
      phase: 'CheckCluster',
      error,
      cause: expect.stringContaining(cause),
    });
    expect(isGone).toBe(true);
  });

  test('writer never becomes available: the deadline fires and the cluster is gone', async () => {
    const world = makeWorld();
    const { listInstances } = world.aurora;
    const { result, isGone } = await run(world, {
      aurora: {
        listInstances: async (name) =>
          (await listInstances(name)).map((instance) =>
            instance.cluster === 'prod-shop' || instance.status === 'deleting'
              ? instance
              : { ...instance, status: 'creating' },
          ),
      },
    });
    expect(result.failure).toMatchObject({ phase: 'CheckWriter', error: 'DeadlineExceeded' });
    expect(isGone).toBe(true);
  });

  test('cluster that cannot be deleted: the drill says what is left, and tells people a second time', async () => {
    const { result, hasSucceeded, messages } = await run(makeWorld(), {
      aurora: { deleteCluster: failWith('InvalidClusterState') },
    });
    expect(hasSucceeded).toBe(false);
    expect(result.failure).toMatchObject({ phase: 'CheckTeardown', error: 'TeardownFailed' });
    expect(result.teardown.status).toBe('failed');
    expect(messages.map(({ title }) => title)).toEqual([
      expect.stringContaining('passed'),
      expect.stringContaining('could not delete what it restored'),
    ]);
  });

  test('restored to a time of its own, and the copy is empty: failed, though every schema is the same', async () => {
    const world = makeWorld();
    const restoreTo = '2024-03-01T12:00:00Z';
    const { result } = await run(world, {
      input: { restoreTo },
      database: databaseWith(world, () => ({ readDigest: async () => [] }), copy),
    });
    expect(result.failure).toMatchObject({ phase: 'VerifyRestore', error: 'ChecksFailed' });
  });

  test('more findings than the state data holds: ChecksFailed with their number and the first', async () => {
    const many = (columns: string[]) =>
      Array.from({ length: 380 }, (_, index) => ({
        ...makeTable(`a_table_with_a_rather_long_name_${String(index).padStart(3, '0')}`, 7),
        columns,
      }));
    const wide = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name.repeat(20)} character varying(100)`);
    const readers = [wide, wide, []].map((columns) => ({
      listTables: async () => many(columns),
      readDigest: sevenRows,
    }));
    const world = makeWorld();
    const { result } = await run(world, { database: databaseWith(world, () => readers.shift() ?? {}) });
    expect(result.failure).toMatchObject({
      phase: 'VerifyRestore',
      error: 'ChecksFailed',
      cause: expect.stringContaining('380 of 763 checks failed, too many to list'),
    });
  });

  test('more tables than the state data holds: BaselineTooLarge before anything is restored', async () => {
    const tables = Array.from({ length: 900 }, (_, index) => makeTable(`t${index}`, 7));
    const world = makeWorld();
    const { result, states } = await run(world, {
      database: databaseWith(world, () => ({ listTables: async () => tables, readDigest: sevenRows })),
    });
    expect(result.failure).toMatchObject({ phase: 'CaptureBaseline', error: 'BaselineTooLarge' });
    expect(states).not.toContain('RestoreCluster');
  });

  test('a stranger has the name of the drill: nothing of the stranger is touched', async () => {
    const world = makeWorld();
    const { result: first } = await run(world, { input: { dryRun: true }, name: 'local-stranger' });
    const stranger = first.target ?? '';
    const restoreTo = addSeconds(toIso(world.now()), -3600);
    await world.aurora.restoreCluster(requestOfStranger(stranger, restoreTo));
    const { result } = await run(world, { name: 'local-stranger' });
    expect(result.failure).toMatchObject({ phase: 'RestoreCluster', error: 'TargetNameTaken' });
    expect(result.teardown.status).toBe('failed');
    const found = await world.aurora.findCluster(stranger);
    expect(['creating', 'available']).toContain(found?.status);
  });
});
