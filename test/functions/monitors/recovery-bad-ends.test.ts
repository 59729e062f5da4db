import { expect, test } from 'vitest';
import { executionArn } from '../../../local/machine/execution.ts';
import {
  makeRecoveryModel,
  recoveredOf,
  recoverOnce,
  recoverUntil,
} from '../../statemachines/recovery/world.ts';
import { failWith } from '../fakes.ts';
import { hearOf } from './hear-of.ts';

test.each([
  ['ABORTED', 'was stopped by somebody', 'StopExecution'],
  ['TIMED_OUT', 'ran past the time limit', 'find the state where it hung'],
])(
  '%s with a writer there: what stands, what it costs, and the same input again',
  async (status, how, search) => {
    const model = makeRecoveryModel();
    const input = { restoreTo: model.restoreTo, readers: 1, reason: 'a bad update' };
    await recoverUntil(model, 'half', input, 'CheckWriter', 'before');
    const { cluster, writer } = recoveredOf(model.restoreTo);

    const [message, ...more] = await hearOf('recover', model, 'half', { status, input });
    expect(more).toEqual([]);
    expect(message).toMatchObject({ kind: 'recovery-failed', clusters: [cluster] });
    expect(message?.happened.join(' ')).toContain(how);
    expect(message?.happened.join(' ')).toMatch(
      new RegExp(
        `Nothing is deleted: ${cluster}, ${writer} stand, protected, and cost [\\d.]+ to [\\d.]+ USD an hour`,
      ),
    );
    const [first, again, removal] = message?.toDo ?? [];
    expect(first).toContain(search);
    expect(again).toContain(JSON.stringify({ plan: 'shop', ...input }));
    expect(removal).toContain(`--db-cluster-identifier ${cluster} --no-deletion-protection`);

    // What the message says to type goes on with what stands.
    const { result } = await recoverOnce(model, 'again', {
      input: JSON.parse(/\{.*\}/.exec(again ?? '')?.[0] ?? ''),
    });
    expect(result.cluster?.owner).toBe(executionArn('half'));
    expect(await hearOf('recover', model, 'again', { status: 'SUCCEEDED', input })).toEqual([]);
  },
);

test('the latest time was asked for: the same input has the time of what stands', async () => {
  const model = makeRecoveryModel();
  const input = { restoreTo: 'latest' };
  await recoverUntil(model, 'latest', input, 'AddWriter', 'before');
  const [message] = await hearOf('recover', model, 'latest', { input });
  const again = JSON.parse(/\{.*\}/.exec(message?.toDo.join() ?? '')?.[0] ?? '');
  const { result } = await recoverOnce(model, 'next', { input: again });
  expect(result.cluster?.owner).toBe(executionArn('latest'));
});

test('a start that had joined what another one made: that cluster is named', async () => {
  const model = makeRecoveryModel();
  const input = { restoreTo: model.restoreTo };
  await recoverOnce(model, 'first', { input });
  await recoverUntil(model, 'joined', input, 'CheckWriter', 'before');
  const [message] = await hearOf('recover', model, 'joined', { input });
  expect(message?.clusters).toEqual([recoveredOf(model.restoreTo).cluster]);
});

test('stopped before anything was made: said, with a look once more for what a step was at', async () => {
  const model = makeRecoveryModel();
  const input = { restoreTo: '10m ago' };
  await recoverUntil(model, 'early', input, 'RestoreCluster', 'before');
  const [message] = await hearOf('recover', model, 'early', { input });
  expect(message?.happened.join(' ')).toContain('No cluster of it is seen');
  expect(message?.happened.join(' ')).toContain('look once more in some minutes');
  // The time that was meant, not ten minutes before the next start.
  expect(message?.toDo.join(' ')).toMatch(/"restoreTo":"[\dT:-]+Z"/);
});

test('what stands cannot be described: the message comes all the same, and says so', async () => {
  const model = makeRecoveryModel();
  const input = { restoreTo: model.restoreTo };
  await recoverUntil(model, 'blind', input, 'CheckWriter', 'before');
  const [message] = await hearOf('recover', model, 'blind', {
    input,
    aurora: { listInstances: failWith('Throttled') },
  });
  expect(message?.happened.join(' ')).toContain('What stands of it is not known: injected Throttled');
});

test.each([
  ['a dry run', { input: { restoreTo: 'latest', dryRun: true } }],
  ['an input that somebody mistyped', { status: 'FAILED', error: 'InvalidInput', input: {} }],
  ['one that goes on', { status: 'RUNNING', input: { restoreTo: 'latest' } }],
])('%s: nobody is woken', async (_, said) => {
  expect(await hearOf('recover', makeRecoveryModel(), 'quiet', said)).toEqual([]);
});

test('it failed before its last state could tell: its error is in the message', async () => {
  const said = { status: 'FAILED', error: 'Lambda.Unknown', cause: 'exited', input: { restoreTo: 'latest' } };
  const [message] = await hearOf('recover', makeRecoveryModel(), 'untold', said);
  expect(message?.happened[0]).toBe('The recovery of shop failed by Lambda.Unknown: exited.');
});
