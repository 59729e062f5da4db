import { expect, test } from 'vitest';
import type { InstanceSettings } from '../../../shared/aurora/settings.ts';
import { DrillError } from '../../../shared/errors.ts';
import { makeRecoveryModel, recoveredOf, recoverOnce } from './world.ts';

test('a recovery to a time in the window: a protected cluster with a writer and readers stands, and people hear of it twice', async () => {
  const model = makeRecoveryModel();
  const states: string[] = [];
  const { result, hasSucceeded } = await recoverOnce(model, 'local-recover', {
    input: { restoreTo: model.restoreTo, readers: 2, reason: 'a bad update' },
    onState: (state) => states.push(state),
  });

  expect(result.failure).toBeNull();
  expect(hasSucceeded).toBe(true);
  const { cluster, writer } = recoveredOf(model.restoreTo);
  expect(await model.aurora.findCluster(cluster)).toMatchObject({ status: 'available', isProtected: true });
  const instances = await model.aurora.listInstances(cluster);
  expect(instances.map(({ identifier, status }) => [identifier, status])).toEqual([
    [writer, 'available'],
    [`${cluster}-reader-1`, 'available'],
    [`${cluster}-reader-2`, 'available'],
  ]);
  expect(model.messages.map(({ kind }) => kind)).toEqual(['recovery-handed-over', 'recovery-handed-over']);
  expect(model.messages[0]?.happened[0]).toContain('0 of 2 readers ready so far');
  expect(model.filed).toHaveLength(2);
  expect(model.filed.at(-1)).toEqual(result);
  expect(result.restore.reached).toBe(model.restoreTo);
  expect(result.cost.used.stateTransitions).toBe(states.length);
  expect(states).not.toContain('CheckRestorePoint');
  expect(states.indexOf('HandOver')).toBeLessThan(states.indexOf('AddReaders'));
});

test('readers: each is in the estimate of the cost, as the writer is', async () => {
  const model = makeRecoveryModel();
  const { result } = await recoverOnce(model, 'local-readers', {
    input: { restoreTo: model.restoreTo, readers: 2 },
  });
  const { used } = result.cost;
  expect(used.readers).toHaveLength(2);
  for (const reader of used.readers ?? [])
    expect(reader).toMatchObject({ class: used.instance?.class, isSeenAvailable: true });
  expect(result.cost.assumptions.filter((one) => one.includes('3 times: '))).toHaveLength(1);
});

test('a reader of the source has what the new one lacks: it is in the table of settings, once the new one is there', async () => {
  const model = makeRecoveryModel();
  const { aurora } = model.world;
  const { cluster } = recoveredOf(model.restoreTo);
  const monitor = (seconds: number): InstanceSettings => ({
    promotionTier: null,
    hasMinorUpgrades: null,
    isPublic: null,
    maintenanceWindow: null,
    certificateAuthority: null,
    monitoring: seconds === 0 ? null : { seconds, role: 'arn:monitoring' },
    insights: null,
  });
  model.world.aurora = {
    ...aurora,
    listInstances: async (name) =>
      (await aurora.listInstances(name)).map((instance) => ({
        ...instance,
        settings: monitor(name === 'prod-shop' ? 15 : 0),
      })),
  };
  const { result } = await recoverOnce(model, 'local-monitored');
  const listed = model.filed.map(({ settings }) =>
    settings.filter(({ setting }) => setting.startsWith('reader ')),
  );
  expect(listed).toEqual([
    [],
    [expect.objectContaining({ setting: 'reader prod-shop-2: Enhanced Monitoring' })],
  ]);
  expect(listed[1]?.[0]?.command).toContain(`--db-instance-identifier ${cluster}-reader-1 `);
  expect(result.failure).toBeNull();
});

test('a writer that is available, and that the verification cannot sign in to: told so, with its endpoint and how to switch', async () => {
  const model = makeRecoveryModel();
  const { database } = model.world;
  let isVerifying = false;
  model.world.database = {
    open: async (address, options) => {
      if (isVerifying) throw new DrillError('DatabaseDenied', 'sign-in refused');
      return database.open(address, options);
    },
  };
  const { result } = await recoverOnce(model, 'local-denied', {
    aroundTask: async (state, run) => {
      isVerifying = state === 'VerifyRecovery';
      return run();
    },
  });
  expect(result.cluster).toMatchObject({ isAvailable: true, isUsable: false });
  const [message] = model.messages;
  expect(message?.happened[0]).toContain('whose writer is available, but nothing could be read from it');
  expect(message?.facts.map(([label]) => label)).toEqual(
    expect.arrayContaining(['Writer', 'To switch, two renames']),
  );
  expect(result.readers.map(({ isReady }) => isReady)).toEqual([true]);
});

test('the instances run out at the second of three readers: the first stands, and is told', async () => {
  const model = makeRecoveryModel();
  const { cluster, writer } = recoveredOf(model.restoreTo);
  const { aurora } = model.world;
  model.world.aurora = {
    ...aurora,
    addWriter: async (request) => {
      if (request.identifier.endsWith('-reader-2'))
        throw new DrillError('QuotaExceeded', 'add instance: InstanceQuotaExceededFault');
      await aurora.addWriter(request);
    },
  };
  const { result } = await recoverOnce(model, 'local-quota', {
    input: { restoreTo: model.restoreTo, readers: 3 },
  });
  expect(result.failure).toMatchObject({ phase: 'AddReaders', error: 'QuotaExceeded' });
  const standing = [cluster, writer, `${cluster}-reader-1`];
  expect(result.resources.map(({ name }) => name)).toEqual(standing);
  expect(model.messages.at(-1)?.happened.join(' ')).toContain(
    `Nothing is deleted: ${standing.join(', ')} stand`,
  );
});
