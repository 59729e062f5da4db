import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Phase } from '../../shared/drill/state.ts';
import { DrillError, describeError, isDrillError } from '../../shared/errors.ts';
import type { Progress } from '../command/progress.ts';
import type { Keeper } from '../servers/keeper.ts';
import type { CallAnswer, ChildMessage, CrashOrder } from './crash-messages.ts';
import type { ExecutionOptions, World } from './drill.ts';

/**
 * Runs the execution in a process of its own, which kills itself after one of its phases, chosen at random: no handler and no
 * `finally` of it runs. Its calls to AWS come here, so that what it made outlives it.
 */
export const crashExecution = async (
  keeper: Keeper,
  { world, name, input, waitMs, onState }: ExecutionOptions,
  { phases, ...signIn }: Pick<CrashOrder, 'engine' | 'password'> & { phases: readonly Phase[] },
  progress: Progress,
): Promise<{ result: null; hasSucceeded: false }> => {
  const lastPhase = phases[randomInt(phases.length)] ?? 'PrepareDrill';
  const child = fork(fileURLToPath(new URL('crashing-execution.ts', import.meta.url)), {
    // What it has to say comes by messages.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { pid } = child;
  if (pid !== undefined) keeper.watch(pid);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('message', (message: ChildMessage) => {
    switch (message.kind) {
      case 'call':
        void answer(child, message, world);
        return;
      case 'state':
        onState?.(message.name, message.state);
        return;
      case 'check':
        world.onCheck(message.check);
        return;
      default:
        message satisfies never;
    }
  });
  const plansText = await world.readPlans();
  const { teardownMinutes } = world;
  child.send({
    name,
    input,
    waitMs,
    ...signIn,
    lastPhase,
    plansText,
    teardownMinutes,
  } satisfies CrashOrder);
  await ended;
  if (pid !== undefined) keeper.forget(pid);
  progress.fail(`the process of the drill was killed after ${lastPhase} (${child.signalCode})`);
  return { result: null, hasSucceeded: false };
};

type Call = Extract<ChildMessage, { kind: 'call' }>;

const answer = async (child: ChildProcess, call: Call, world: World): Promise<void> => {
  const { id } = call;
  const send = (message: CallAnswer) => child.connected && child.send(message);
  try {
    send({ id, value: await ask(call, world) });
  } catch (thrown) {
    const { name, summary, hint } = isDrillError(thrown)
      ? thrown
      : new DrillError('AwsFailure', describeError(thrown));
    send({ id, error: { name, summary, hint } });
  }
};

/** The verbs of a port have one argument at most, and the child's own types have seen to it that it is right. */
const ask = async ({ port, verb, argument }: Call, { aurora, notify }: World): Promise<unknown> => {
  const verbs = port === 'notify' ? { notify } : aurora;
  const asked = (verbs as unknown as Record<string, (argument: unknown) => Asked>)[verb]?.(argument);
  return asked !== undefined && Symbol.asyncIterator in asked ? collect(asked) : asked;
};

type Asked = Promise<unknown> | AsyncIterable<unknown>;

/** What comes page by page crosses all at once. */
const collect = async (pages: AsyncIterable<unknown>): Promise<unknown[]> => {
  const all: unknown[] = [];
  for await (const page of pages) all.push(page);
  return all;
};
