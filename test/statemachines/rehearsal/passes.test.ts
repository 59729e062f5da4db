import { describe, expect, test } from 'vitest';
import { DrillError } from '../../../shared/errors.ts';
import { findLeft, settle, sweepUntilGone, targetOf } from '../model-world.ts';
import { harmless, makeRehearsalModel, rehearseOnce } from './world.ts';

test('a harmless change: safe, told, filed before the teardown and after it, and nothing is left', async () => {
  const model = makeRehearsalModel();
  const states: string[] = [];
  const { result, hasSucceeded } = await rehearseOnce(model, 'local-safe', {
    onState: (state) => void states.push(state),
  });
  expect([result.failure, result.verdict, hasSucceeded]).toEqual([null, 'safe', true]);
  expect(model.seen).toMatchObject({ ran: harmless, open: 0 });
  expect(model.messages).toHaveLength(1);
  expect(model.filed.map(({ teardown }) => teardown.status)).toEqual(['pending', 'completed']);
  expect(states).toContain('WaitForPassword');
  await settle(model);
  expect(await findLeft(model, 'local-safe')).toEqual([]);
  const { cluster, writer } = targetOf('local-safe');
  expect([...new Set(model.changes)]).toEqual([
    `restoreCluster ${cluster}`,
    `addWriter ${writer}`,
    `setMasterPassword ${cluster}`,
    `deleteInstance ${writer}`,
    `deleteCluster ${cluster}`,
  ]);
});

test('a dry run: the script is read and production asked, and nothing is made', async () => {
  const model = makeRehearsalModel();
  const { result, hasSucceeded } = await rehearseOnce(model, 'local-dry', {
    input: { change: harmless, dryRun: true },
  });
  expect([result.failure, result.dryRun, result.measured, hasSucceeded]).toEqual([null, true, null, true]);
  expect(model.changes).toEqual([]);
});

test('a change without a lock timeout: unsafe, the execution ends red, and nothing is left', async () => {
  const model = makeRehearsalModel();
  const { result, hasSucceeded } = await rehearseOnce(model, 'local-unsafe', {
    input: { change: ['alter table users add column locale text'], contenderSeconds: 0 },
  });
  expect([result.verdict, hasSucceeded]).toEqual(['unsafe', false]);
  expect(result.failure).toMatchObject({ phase: 'RehearseChange', error: 'ChangeUnsafe' });
  await settle(model);
  expect(await findLeft(model, 'local-unsafe')).toEqual([]);
});

test('a change that is refused: told by its line, and nothing is made', async () => {
  const model = makeRehearsalModel();
  const { result, hasSucceeded } = await rehearseOnce(model, 'local-refused', {
    input: { change: ['drop database app'] },
  });
  expect([result.failure?.error, hasSucceeded]).toEqual(['ChangeRefused', false]);
  expect(model.changes).toEqual([]);
  expect(model.messages).toHaveLength(1);
});

test('what answers is not the clone: nothing is run, it is told, and the clone is torn down', async () => {
  const model = makeRehearsalModel({ nameOf: () => 'prod-shop-1' });
  const { result, hasSucceeded } = await rehearseOnce(model, 'local-stranger');
  expect(result.failure).toMatchObject({ phase: 'RehearseChange', error: 'NotTheClone' });
  expect([hasSucceeded, model.seen.ran]).toEqual([false, []]);
  await settle(model);
  expect(await findLeft(model, 'local-stranger')).toEqual([]);
});

test('a statement that sleeps past the time: cancelled, told, and neither a session nor the clone stays', async () => {
  const { promise: slept, resolve: wake } = Promise.withResolvers<void>();
  const cancelled = {
    message: 'canceling statement due to user request',
    code: '57014',
    isLockTimeout: false,
  };
  const model = makeRehearsalModel({ onStatement: () => slept.then(() => cancelled), onCancel: wake });
  model.world = { ...model.world, mostMs: 100 };
  const { result } = await rehearseOnce(model, 'local-sleeps');
  expect(result.measured).toMatchObject({ isFinished: false, statements: [{ isCancelled: true }] });
  expect(result.failure).toMatchObject({
    error: 'ChangeUnsafe',
    cause: expect.stringContaining('not finished'),
  });
  expect(model.seen.open).toBe(0);
  await settle(model);
  expect(await findLeft(model, 'local-sleeps')).toEqual([]);
});

test('the clone cannot be deleted: told a second time, the execution ends red, and a sweep removes it', async () => {
  const model = makeRehearsalModel();
  const refuse = () => Promise.reject(new DrillError('AccessDenied', 'delete: no'));
  const world = { ...model.world, aurora: { ...model.world.aurora, deleteInstance: refuse } };
  const { result, hasSucceeded } = await rehearseOnce({ world }, 'local-left');
  expect([result.verdict, result.teardown.status, hasSucceeded]).toEqual(['safe', 'failed', false]);
  expect(model.messages.map(({ kind }) => kind)).toEqual(['rehearsal-safe', 'teardown-failed']);
  expect(await findLeft(model, 'local-left')).not.toEqual([]);
  await sweepUntilGone(model);
  await settle(model);
  expect(await findLeft(model, 'local-left')).toEqual([]);
});

describe('a step that is run a second time', () => {
  const steps = ['PrepareRehearsal', 'AskProduction', 'RestoreCluster', 'AddWriter', 'SetPassword'];

  test.each([...steps, 'CheckPassword', 'NotifyRehearsal', 'TearDown', 'ConcludeRehearsal'])(
    '%s: the same end',
    async (twice) => {
      const model = makeRehearsalModel();
      const { result, hasSucceeded } = await rehearseOnce(model, `local-twice-${twice}`, {
        aroundTask: async (state, run) => {
          if (state === twice) await run();
          return run();
        },
      });
      expect([result.failure, hasSucceeded, model.seen.ran]).toEqual([null, true, harmless]);
      await settle(model);
      expect(await findLeft(model, `local-twice-${twice}`)).toEqual([]);
    },
  );

  test('RehearseChange: the second run runs nothing on a clone that is changed, and says so', async () => {
    const model = makeRehearsalModel();
    const { result } = await rehearseOnce(model, 'local-twice-change', {
      aroundTask: async (state, run) => {
        if (state === 'RehearseChange') await run();
        return run();
      },
    });
    expect(result.failure).toMatchObject({ phase: 'RehearseChange', error: 'AlreadyRehearsed' });
    expect(model.seen.ran).toEqual(harmless);
  });
});

test('two rehearsals at once: each has a clone and a password of its own', async () => {
  const [one, other] = [makeRehearsalModel(), makeRehearsalModel()];
  await Promise.all([rehearseOnce(one, 'local-one'), rehearseOnce(other, 'local-other')]);
  const passwords = [...one.seen.passwords, ...other.seen.passwords];
  expect(new Set(passwords).size).toBe(2);
});

test('the state data of the largest script stays far below what Step Functions carries', async () => {
  const model = makeRehearsalModel();
  const change = Array.from(
    { length: 199 },
    (_, n) => `insert into users (id, name) values (${n}, 'user ${n}')`,
  );
  let bytes = 0;
  await rehearseOnce(model, 'local-large', {
    input: { change, contenderSeconds: 0 },
    onState: (_, state) => {
      bytes = Math.max(bytes, Buffer.byteLength(JSON.stringify(state)));
    },
  });
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(210_000);
});
