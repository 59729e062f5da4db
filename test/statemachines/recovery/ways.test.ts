import { describe, expect, test } from 'vitest';
import type { CopyRequest } from '../../../shared/aurora/port.ts';
import { DrillError } from '../../../shared/errors.ts';
import { addSeconds, toWholeSecond } from '../../../shared/instants.ts';
import { makeDatabase } from '../../functions/fakes.ts';
import { makeRecoveryModel, type RecoveryModel, recoveredOf, recoverOnce } from './world.ts';

const withPlan =
  (...lines: string[]) =>
  async (): Promise<string> =>
    `plans:\n  shop:\n    source: prod-shop\n    database: { name: shop, user: drill_reader }\n${lines.map((line) => `    ${line}\n`).join('')}`;

/** Hears of every restore. */
const listenTo = (model: RecoveryModel): CopyRequest[] => {
  const requests: CopyRequest[] = [];
  const { aurora } = model.world;
  model.world.aurora = {
    ...aurora,
    restoreCluster: async (request) => {
      requests.push(request);
      await aurora.restoreCluster(request);
    },
  };
  return requests;
};

test('a dry run: the advice is told and filed, and nothing is made', async () => {
  const model = makeRecoveryModel();
  const input = { restoreTo: model.restoreTo, dryRun: true };
  const { result, hasSucceeded } = await recoverOnce(model, 'local-dry', { input });

  expect(hasSucceeded).toBe(true);
  expect(result).toMatchObject({
    dryRun: true,
    cluster: null,
    resources: [],
    settings: [],
    usableAfterSeconds: null,
  });
  expect(result.advice?.choice).toMatchObject({ mechanism: 'point-in-time', reaches: model.restoreTo });
  expect(model.changes).toEqual([]);
  expect(model.messages.map(({ kind }) => kind)).toEqual(['recovery-advice']);
  expect(model.filed).toHaveLength(1);
});

test('a time older than the window: the newest snapshot before it, and the gap is told as loss', async () => {
  const model = makeRecoveryModel();
  const { aurora } = model.world;
  const shorten = <Answer extends { earliestRestorableTime: string | null } | undefined>(
    cluster: Answer,
  ): Answer => cluster && { ...cluster, earliestRestorableTime: '2026-02-01T00:00:00Z' };
  model.world.aurora = { ...aurora, findCluster: async (name) => shorten(await aurora.findCluster(name)) };
  const requests = listenTo(model);
  const input = { restoreTo: '2026-01-02T03:00:00Z' };
  const { result } = await recoverOnce(model, 'local-old', { input });

  expect(result.failure).toBeNull();
  expect(requests).toMatchObject([
    { kind: 'snapshot', snapshot: expect.stringMatching(/^rds:prod-shop-2026-01-01/) },
  ]);
  expect(result.restore).toEqual({
    kind: 'snapshot',
    restoreTo: input.restoreTo,
    reached: '2026-01-01T03:00:00Z',
  });
  expect(result.advice?.choice?.lossSeconds).toBe(86_400);
  expect(model.messages[0]?.happened.join('\n')).toContain('Lost: what was written in the 24 h');
});

test('a deleted source: restored by its resource id, with what its backups and the plan tell of it', async () => {
  const model = makeRecoveryModel();
  const { aurora } = model.world;
  const requests: CopyRequest[] = [];
  const latest = new Date(Date.parse(model.restoreTo) + 60_000).toISOString();
  model.world.readPlans = withPlan(
    'restore: { instanceClass: db.serverless, capacity: { min: 1, max: 4 }, subnetGroup: shop, securityGroups: [sg-0a] }',
  );
  model.world.aurora = {
    ...aurora,
    findCluster: async (name) => (name === 'prod-shop' ? undefined : aurora.findCluster(name)),
    listRetainedBackups: async () => [
      {
        cluster: 'prod-shop',
        resourceId: 'cluster-GONE',
        engine: 'aurora-postgresql',
        engineVersion: '17.7',
        engineMode: 'provisioned',
        port: 5433,
        window: { earliest: '2024-03-01T10:00:00Z', latest },
        storageType: null,
        retentionDays: 14,
        backupWindow: null,
        kmsKey: 'arn:aws:kms:eu-west-1:1:key/k',
        hasIamSignIn: true,
        tags: { team: 'payments' },
      },
    ],
    restoreCluster: async (request) => {
      requests.push(request);
      await aurora.restoreCluster(request);
    },
  };
  const { result } = await recoverOnce(model, 'local-deleted');

  expect(result.failure).toBeNull();
  expect(requests).toMatchObject([
    {
      kind: 'point-in-time',
      resourceId: 'cluster-GONE',
      port: 5433,
      subnetGroup: 'shop',
      securityGroups: ['sg-0a'],
      capacity: { min: 1, max: 4 },
      kept: { retentionDays: 14, kmsKey: 'arn:aws:kms:eu-west-1:1:key/k' },
      tags: { team: 'payments' },
    },
  ]);
  expect(result.old).toMatchObject({ resourceId: 'cluster-GONE', stands: false });
  expect(result.changes?.summary).toBe('not known: the source was deleted');
  expect(result.howToSwitch?.variants.map(({ name }) => name)).toContain('one rename');
});

test('a deleted source of which only snapshots are left: the newest that can be restored is, as the plan says', async () => {
  const model = makeRecoveryModel();
  const { aurora } = model.world;
  const requests = listenTo(model);
  model.world.aurora = {
    ...model.world.aurora,
    findCluster: async (name) => (name === 'prod-shop' ? undefined : aurora.findCluster(name)),
    listSnapshots: async function* (names) {
      for await (const page of aurora.listSnapshots(names)) {
        yield page.map((one) => ({ ...one, tags: { team: 'payments' } }));
        yield page.map((one) => ({
          ...one,
          identifier: 'broken',
          status: 'failed',
          createdAt: '2026-11-28T00:00:00Z',
        }));
      }
    },
  };
  model.world.readPlans = withPlan('restore: { instanceClass: db.r6g.large, subnetGroup: shop }');
  const { result } = await recoverOnce(model, 'local-final', { input: { restoreTo: 'latest' } });

  expect(result.failure).toBeNull();
  expect(requests).toMatchObject([
    { kind: 'snapshot', snapshot: expect.stringMatching(/^rds:prod-shop-/), subnetGroup: 'shop' },
  ]);
  expect(requests[0]?.tags).toMatchObject({ team: 'payments' });
  expect(result.old).toMatchObject({ stands: false });
});

test('no source and no backup or snapshot of one: SourceNotFound, and nothing is made', async () => {
  const model = makeRecoveryModel();
  const { aurora } = model.world;
  model.world.aurora = {
    ...aurora,
    findCluster: async () => undefined,
    listSnapshots: async function* () {},
  };
  const input = { plan: 'shop', restoreTo: '10m ago', reason: 'a bad update' };
  const { result } = await recoverOnce(model, 'local-nothing', { input });

  expect(result.failure).toMatchObject({ phase: 'PrepareRecovery', error: 'SourceNotFound' });
  expect(result).toMatchObject({ plan: 'shop', trigger: { reason: 'a bad update' } });
  // The time that was meant, not another ten minutes later, and never the latest.
  expect(result.restore.restoreTo).toBe(addSeconds(toWholeSecond(result.startedAt), -600));
  expect(model.messages[0]?.toDo.join()).toContain(`"restoreTo":"${result.restore.restoreTo}"`);
  expect(model.changes).toEqual([]);
  expect(model.messages.map(({ kind }) => kind)).toEqual(['recovery-failed']);
});

test("a drill's subnets and groups do not count for a recovery, but its quiet parameter group does while jobs may act", async () => {
  const recoverWith = async (sideEffects: string) => {
    const model = makeRecoveryModel();
    const requests = listenTo(model);
    model.world.readPlans = withPlan(
      sideEffects,
      'restore: { subnetGroup: drill-private, securityGroups: [sg-0a], port: 6000, clusterParameterGroup: quiet }',
    );
    await recoverOnce(model, 'local-settings');
    return requests[0];
  };
  const own = { port: 5432, subnetGroup: null, securityGroups: [] };
  expect(await recoverWith('sideEffects: refuse')).toMatchObject({ ...own, parameterGroup: 'quiet' });
  expect(await recoverWith('sideEffects: accepted')).toMatchObject({
    ...own,
    parameterGroup: 'local-cluster',
  });
});

test('no clusters are left, and the same recovery has one already: it is gone on with', async () => {
  const model = makeRecoveryModel();
  await recoverOnce(model, 'local-first');
  model.world.aurora = { ...model.world.aurora, readQuotas: async () => ({ clusters: 0, instances: 0 }) };

  const { result } = await recoverOnce(model, 'local-again');
  expect(result.failure).toBeNull();
  expect(result.cluster?.owner).toMatch(/:local-first$/);
  const elsewhere = { restoreTo: '2025-01-01T00:00:00Z' };
  const { result: other } = await recoverOnce(model, 'local-other', { input: elsewhere });
  expect(other.failure).toMatchObject({ phase: 'PrepareRecovery', error: 'NotRecoverable' });
});

test('somebody else has the name: TargetNameTaken that says what it carries, and it is left alone', async () => {
  const model = makeRecoveryModel();
  const { cluster: target } = recoveredOf(model.restoreTo);
  await model.aurora.restoreCluster({
    kind: 'clone',
    source: 'prod-shop',
    target,
    port: 5432,
    subnetGroup: null,
    securityGroups: [],
    parameterGroup: null,
    capacity: null,
    tags: { team: 'another' },
  });
  const { result } = await recoverOnce(model, 'local-taken');
  expect(result.failure).toMatchObject({
    phase: 'RestoreCluster',
    error: 'TargetNameTaken',
    cause: expect.stringContaining('aurora-recovered:source=(no such tag), expected prod-shop'),
  });
  expect(result.resources).toEqual([]);
});

test.each([{ plan: '../escape', restoreTo: 1 }, { plan: 7, reason: {} }, 'text', null])(
  'an input that nobody can read (%j): InvalidInput, told and filed without it',
  async (input) => {
    const model = makeRecoveryModel();
    const { result } = await recoverOnce(model, 'local-unreadable', { input });
    expect(result.failure).toMatchObject({ phase: 'PrepareRecovery', error: 'InvalidInput' });
    expect(result).toMatchObject({ plan: null, trigger: { reason: null }, resources: [] });
    expect(model.messages.map(({ kind }) => kind)).toEqual(['recovery-failed']);
    expect(model.messages[0]?.toDo.join()).not.toContain('"restoreTo":"latest"');
  },
);

describe('what would act by itself in the copy', () => {
  const subscribed = () =>
    makeDatabase(
      { 'public.orders': 3 },
      { listSideEffects: async () => ({ found: [{ kind: 'foreign server', name: 'crm' }], unseen: [] }) },
    ).database;

  test('the plan refuses it: SideEffects before anything is made', async () => {
    const model = makeRecoveryModel();
    model.world.database = subscribed();
    const { result } = await recoverOnce(model, 'local-refused');
    expect(result.failure).toMatchObject({ phase: 'CheckSideEffects', error: 'SideEffects' });
    expect(model.changes).toEqual([]);
  });

  test('the plan accepts it: it is told, and the recovery goes on', async () => {
    const model = makeRecoveryModel();
    model.world.database = subscribed();
    model.world.readPlans = withPlan('sideEffects: accepted');
    const { result } = await recoverOnce(model, 'local-accepted');
    expect(result.failure).toBeNull();
    expect(model.messages[0]?.happened.join('\n')).toContain(
      'acts in the copy, as the plan accepts: 1 foreign server (crm)',
    );
  });

  test('production does not answer: the recovery goes on, and says what it does not know', async () => {
    const model = makeRecoveryModel();
    const { database } = model.world;
    model.world.database = {
      open: (address, options) =>
        address.port === 5432
          ? Promise.reject(new DrillError('DatabaseUnreachable', 'connection refused'))
          : database.open(address, options),
    };
    const { result } = await recoverOnce(model, 'local-down');
    expect(result.failure).toBeNull();
    expect(result.changes?.summary).toBe('not known: connection refused');
    expect(result.advice?.warnings.join()).toContain(
      'production could not be asked what would act in the copy',
    );
  });
});

describe('the tests of the plan', () => {
  const recoverWith = async (answer: string, input = {}) => {
    const model = makeRecoveryModel();
    model.world.database = makeDatabase(
      { 'public.orders': 3 },
      { runQuery: async () => [[answer]] },
    ).database;
    model.world.readPlans = withPlan(
      'tests: { bad rows gone: { sql: "select count(*) from orders", expect: 0 } }',
    );
    const ended = await recoverOnce(model, 'local-tests', {
      input: { restoreTo: model.restoreTo, ...input },
    });
    return { model, ...ended };
  };

  test('they pass: told at the hand-over', async () => {
    const { model, result } = await recoverWith('0');
    expect(result.failure).toBeNull();
    expect(model.messages[0]?.happened[0]).toContain('1 of 1 test passed');
  });

  test('one fails: the verdict is failed, the cluster stands, and an earlier time is offered with its input', async () => {
    const { model, result, hasSucceeded } = await recoverWith('12', { readers: 1 });
    expect(hasSucceeded).toBe(false);
    expect(result.failure).toMatchObject({ phase: 'VerifyRecovery', error: 'TestsFailed' });
    const earlier = new Date(Date.parse(model.restoreTo) - 600_000).toISOString().replace('.000Z', 'Z');
    for (const message of model.messages)
      expect(message.toDo.join('\n')).toContain(`"restoreTo":"${earlier}"`);
    const { cluster } = recoveredOf(model.restoreTo);
    expect(await model.aurora.findCluster(cluster)).toMatchObject({ status: 'available', isProtected: true });
    expect(await model.aurora.listInstances(cluster)).toHaveLength(2);
  });

  test('none is asked for: none is run; a name that the plan lacks: InvalidInput with those there are', async () => {
    expect((await recoverWith('12', { tests: 'none' })).result.tests).toEqual([]);
    const { result } = await recoverWith('0', { tests: ['bad rows gone', 'checkout'] });
    expect(result.failure).toMatchObject({
      error: 'InvalidInput',
      cause: 'the plan has no test "checkout"; it has bad rows gone',
    });
  });
});
