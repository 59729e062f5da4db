import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DrillError, type ErrorName } from '../../shared/errors.ts';
import { addSeconds } from '../../shared/instants.ts';
import { makeTable } from '../functions/fakes.ts';
import { startTestWorld, type TestWorld } from '../local/world.ts';
import { requestOfStranger } from './model-world.ts';
import { databaseWith, failWith, jumpingClock, runDrill } from './run-drill.ts';

let world: TestWorld;

/** The reader of a drill that reads the copy, after the two that read production. */
const copy = 3;
const sevenRows = async () => [{ range: 0, bucket: 0, rows: 7, hash: 7n }];

beforeAll(async () => {
  world = await startTestWorld();
});
afterAll(() => world?.keeper.close());

describe.concurrent('a drill that fails', () => {
  const failures: [string, () => Parameters<typeof runDrill>[1], string, string, string][] = [
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
      'source is gone',
      () => ({ aurora: { findCluster: async () => undefined } }),
      'PrepareDrill',
      'SourceNotFound',
      'not-needed',
    ],
    [
      'database cannot be reached',
      () => ({ database: { open: failWith('DatabaseUnreachable') } }),
      'CaptureBaseline',
      'DatabaseUnreachable',
      'not-needed',
    ],
    [
      'database has no table',
      () => ({ database: databaseWith(world, () => ({ listTables: async () => [] })) }),
      'CaptureBaseline',
      'EmptyDatabase',
      'not-needed',
    ],
    [
      'tables have no row',
      () => ({ database: databaseWith(world, () => ({ readDigest: async () => [] })) }),
      'CaptureBaseline',
      'EmptyDatabase',
      'not-needed',
    ],
    [
      'quota is used up',
      () => ({ aurora: { restoreCluster: failWith('QuotaExceeded') } }),
      'RestoreCluster',
      'QuotaExceeded',
      'not-needed',
    ],
    [
      'throttling never ends',
      () => {
        // One of the attempts may have got through, so the teardown waits a while before it believes in nothing.
        const clock = jumpingClock();
        const findCluster = (name: string) => {
          if (name !== 'prod-shop') clock.jump();
          return world.aurora.findCluster(name);
        };
        return { now: clock.now, aurora: { findCluster, restoreCluster: failWith('Throttled') } };
      },
      'RestoreCluster',
      'Throttled',
      'not-needed',
    ],
    [
      'no capacity for the writer',
      () => ({ aurora: { addWriter: failWith('CapacityUnavailable') } }),
      'AddWriter',
      'CapacityUnavailable',
      'completed',
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
      () => ({
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
      () => ({
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
      () => ({ database: databaseWith(world, () => ({ listTables: failWith('DatabaseFailure') }), copy) }),
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
      const { result, hasSucceeded, messages, isGone } = await runDrill(world, options());
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
    ['exploded', 'ClusterUnusable', 'which is on no known list'],
    ['incompatible-restore', 'ClusterUnusable', 'incompatible-restore'],
  ])('restored cluster has the status %s: it fails as %s', async (status, error, cause) => {
    const { findCluster } = world.aurora;
    const { result, isGone } = await runDrill(world, {
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
    const clock = jumpingClock();
    const { listInstances } = world.aurora;
    const { result, isGone } = await runDrill(world, {
      now: clock.now,
      aurora: {
        listInstances: async (name) => {
          const instances = await listInstances(name);
          if (name === 'prod-shop' || instances.some(({ status }) => status === 'deleting')) return instances;
          clock.jump();
          return instances.map((instance) => ({ ...instance, status: 'creating' }));
        },
      },
    });
    expect(result.failure).toMatchObject({ phase: 'CheckWriter', error: 'DeadlineExceeded' });
    expect(isGone).toBe(true);
  });

  test('cluster that cannot be deleted: the drill says what is left, and tells people a second time', async () => {
    const clock = jumpingClock();
    const { result, hasSucceeded, messages } = await runDrill(world, {
      now: clock.now,
      aurora: {
        deleteCluster: async () => {
          clock.jump();
          throw new DrillError('InvalidClusterState', 'refused');
        },
      },
    });
    expect(hasSucceeded).toBe(false);
    expect(result.failure).toMatchObject({ phase: 'CheckTeardown', error: 'TeardownFailed' });
    expect(result.teardown.status).toBe('failed');
    expect(messages.map(({ title }) => title)).toEqual([
      expect.stringContaining('passed'),
      expect.stringContaining('could not remove what it restored'),
    ]);
    await world.aurora.deleteCluster(result.target ?? '');
  });

  test('answer to the restore lost, and the cluster appears late: the teardown waits for it and removes it', async () => {
    const { restoreCluster } = world.aurora;
    const { result, states, isGone } = await runDrill(world, {
      aurora: {
        restoreCluster: async (request) => {
          setTimeout(() => void restoreCluster(request), 300);
          throw new DrillError('AwsFailure', 'the socket closed');
        },
      },
    });
    expect(result.failure).toMatchObject({ phase: 'RestoreCluster', error: 'AwsFailure' });
    expect(result.teardown).toEqual({ status: 'completed', deleted: [result.target] });
    expect(states.filter((name) => name === 'CheckTeardown').length).toBeGreaterThan(1);
    expect(isGone).toBe(true);
  });

  test('restored to a time of its own, and the copy is empty: failed, though every schema is the same', async () => {
    const restoreTo = world.source.archive.earliestRestorableTime;
    const { result } = await runDrill(world, {
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
    const { result } = await runDrill(world, { database: databaseWith(world, () => readers.shift() ?? {}) });
    expect(result.failure).toMatchObject({
      phase: 'VerifyRestore',
      error: 'ChecksFailed',
      cause: expect.stringContaining('380 checks failed, and there are 762, too many to list'),
    });
  });

  test('more tables than the state data holds: BaselineTooLarge before anything is restored', async () => {
    const tables = Array.from({ length: 900 }, (_, index) => makeTable(`t${index}`, 7));
    const { result, states } = await runDrill(world, {
      database: databaseWith(world, () => ({ listTables: async () => tables, readDigest: sevenRows })),
    });
    expect(result.failure).toMatchObject({ phase: 'CaptureBaseline', error: 'BaselineTooLarge' });
    expect(states).not.toContain('RestoreCluster');
  });

  test('a stranger has the name of the drill: nothing of the stranger is touched', async () => {
    const { result: first } = await runDrill(world, { input: { dryRun: true }, name: 'local-stranger' });
    const stranger = first.target ?? '';
    const restoreTo = addSeconds(world.source.latestRestorableTime(), -1);
    await world.aurora.restoreCluster(requestOfStranger(stranger, restoreTo));
    const { result } = await runDrill(world, { name: 'local-stranger' });
    expect(result.failure).toMatchObject({ phase: 'RestoreCluster', error: 'TargetNameTaken' });
    expect(result.teardown.status).toBe('failed');
    const found = await world.aurora.findCluster(stranger);
    expect(['creating', 'available']).toContain(found?.status);
  });
});
