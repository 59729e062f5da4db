import { expect, test } from 'vitest';
import { sweepLeftovers } from '../../../functions/monitors/sweep-leftovers.ts';
import { stateMachineArn } from '../../../local/machine/execution.ts';
import type { Aurora } from '../../../shared/aurora/port.ts';
import type { Message } from '../../../shared/messages/message.ts';
import { testPrices } from '../../shared/result/prices-fixture.ts';
import {
  makeRecoveryModel,
  type RecoveryModel,
  recoveredOf,
  recoverOnce,
  recoverUntil,
} from '../../statemachines/recovery/world.ts';
import { failWith } from '../fakes.ts';

const arnOf = (name: string) => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;

/** What people are told once Step Functions says so. */
const hearOf = async (
  { world, changes }: RecoveryModel,
  name: string,
  {
    status = 'ABORTED',
    aurora = {},
    ...said
  }: { status?: string; aurora?: Partial<Aurora>; input?: object } & object = {},
): Promise<Message[]> => {
  const told: Message[] = [];
  const before = changes.length;
  await sweepLeftovers(
    {
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: {
        executionArn: arnOf(name),
        name,
        status,
        startDate: Date.now(),
        ...said,
        ...('input' in said && { input: JSON.stringify(said.input) }),
      },
    },
    {
      aurora: { ...world.aurora, ...aurora },
      executions: { findStatus: async () => 'ended' },
      metrics: { publish: async () => {} },
      notify: async (message) => void told.push(message),
      reports: { read: async () => null },
      placeOf: (key) => key,
      readPlans: world.readPlans,
      stateMachineArns: () => ['arn:aws:states:eu-west-1:111122223333:stateMachine:drills-alone'],
      recoverMachineArn: () => stateMachineArn,
      rewindMachineArn: () => 'arn:aws:states:eu-west-1:111122223333:stateMachine:rewinds-alone',
      prices: () => testPrices,
      now: () => new Date(),
    },
  );
  // Nothing of a recovery is swept.
  expect(changes.slice(before)).toEqual([]);
  return told;
};

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

    const [message, ...more] = await hearOf(model, 'half', { status, input });
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
    expect(result.cluster?.owner).toBe(arnOf('half'));
    expect(await hearOf(model, 'again', { status: 'SUCCEEDED', input })).toEqual([]);
  },
);

test('the latest time was asked for: the same input has the time of what stands', async () => {
  const model = makeRecoveryModel();
  const input = { restoreTo: 'latest' };
  await recoverUntil(model, 'latest', input, 'AddWriter', 'before');
  const [message] = await hearOf(model, 'latest', { input });
  const again = JSON.parse(/\{.*\}/.exec(message?.toDo.join() ?? '')?.[0] ?? '');
  const { result } = await recoverOnce(model, 'next', { input: again });
  expect(result.cluster?.owner).toBe(arnOf('latest'));
});

test('a start that had joined what another one made: that cluster is named', async () => {
  const model = makeRecoveryModel();
  const input = { restoreTo: model.restoreTo };
  await recoverOnce(model, 'first', { input });
  await recoverUntil(model, 'joined', input, 'CheckWriter', 'before');
  const [message] = await hearOf(model, 'joined', { input });
  expect(message?.clusters).toEqual([recoveredOf(model.restoreTo).cluster]);
});

test('stopped before anything was made: said, with a look once more for what a step was at', async () => {
  const model = makeRecoveryModel();
  const input = { restoreTo: '10m ago' };
  await recoverUntil(model, 'early', input, 'RestoreCluster', 'before');
  const [message] = await hearOf(model, 'early', { input });
  expect(message?.happened.join(' ')).toContain('No cluster of it is seen');
  expect(message?.happened.join(' ')).toContain('look once more in some minutes');
  // The time that was meant, not ten minutes before the next start.
  expect(message?.toDo.join(' ')).toMatch(/"restoreTo":"[\dT:-]+Z"/);
});

test('what stands cannot be described: the message comes all the same, and says so', async () => {
  const model = makeRecoveryModel();
  const input = { restoreTo: model.restoreTo };
  await recoverUntil(model, 'blind', input, 'CheckWriter', 'before');
  const [message] = await hearOf(model, 'blind', { input, aurora: { listInstances: failWith('Throttled') } });
  expect(message?.happened.join(' ')).toContain('What stands of it is not known: injected Throttled');
});

test.each([
  ['a dry run', { input: { restoreTo: 'latest', dryRun: true } }],
  ['an input that somebody mistyped', { status: 'FAILED', error: 'InvalidInput', input: {} }],
  ['one that goes on', { status: 'RUNNING', input: { restoreTo: 'latest' } }],
])('%s: nobody is woken', async (_, said) => {
  expect(await hearOf(makeRecoveryModel(), 'quiet', said)).toEqual([]);
});

test('it failed before its last state could tell: its error is in the message', async () => {
  const said = { status: 'FAILED', error: 'Lambda.Unknown', cause: 'exited', input: { restoreTo: 'latest' } };
  const [message] = await hearOf(makeRecoveryModel(), 'untold', said);
  expect(message?.happened[0]).toBe('The recovery of shop failed by Lambda.Unknown: exited.');
});
