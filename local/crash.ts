import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { CheckResult } from '../shared/checks.ts';
import { type DrillState, phases } from '../shared/drill-state.ts';
import { isDrillError } from '../shared/errors.ts';
import type { CrashOrder } from './crashing-execution.ts';
import type { Keeper } from './keeper.ts';
import type { Progress } from './progress.ts';
import type { ExecutionOptions } from './state-machine.ts';

/** What the doomed process tells this one, which keeps the world that it leaves behind. */
export type Report =
  | { kind: 'call'; id: number; port: 'aurora' | 'notify'; verb: string; argument: unknown }
  | { kind: 'state'; name: string; state: DrillState }
  | { kind: 'check'; check: CheckResult };

/**
 * Runs the execution in a process of its own, which kills itself after a phase chosen at random: no handler and no
 * `finally` of it runs. Its calls to AWS come here, so that what it made outlives it.
 */
export const crashExecution = async (
  keeper: Keeper,
  { world, name, input, waitMs, onState }: ExecutionOptions,
  password: string,
  progress: Progress,
): Promise<{ result: null; hasSucceeded: false }> => {
  const lastPhase = phases[randomInt(phases.length)] ?? 'RestoreCluster';
  const child = fork(fileURLToPath(new URL('crashing-execution.ts', import.meta.url)), {
    // A handler of signals here stops the command; the child must not print on its own.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  if (child.pid !== undefined) keeper.watch(child.pid);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('message', (report: Report) => {
    switch (report.kind) {
      case 'call':
        void answer(child, report, world);
        return;
      case 'state':
        onState?.(report.name, report.state);
        return;
      case 'check':
        world.onCheck(report.check);
        return;
      default:
        report satisfies never;
    }
  });
  const order: CrashOrder = {
    name,
    input,
    waitMs,
    password,
    lastPhase,
    plansText: await world.readPlans(),
    teardownMinutes: world.teardownMinutes,
  };
  child.send(order);
  await ended;
  if (child.pid !== undefined) keeper.forget(child.pid);
  progress.fail(`the process of the drill was killed after ${lastPhase} (${child.signalCode})`);
  return { result: null, hasSucceeded: false };
};

/** Errors cross as what DrillError is made of. */
const answer = async (
  child: ChildProcess,
  { id, port, verb, argument }: Extract<Report, { kind: 'call' }>,
  { aurora, notify }: ExecutionOptions['world'],
): Promise<void> => {
  const ask = port === 'notify' ? notify : (aurora as unknown as Record<string, typeof notify>)[verb];
  try {
    const value = await ask?.(argument as never);
    if (child.connected) child.send({ id, value });
  } catch (error) {
    if (!isDrillError(error)) throw error;
    const { name, summary, hint } = error;
    if (child.connected) child.send({ id, error: { name, summary, hint } });
  }
};
