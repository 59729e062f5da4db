import {
  type DefaultRenderer,
  Listr,
  ListrLogger,
  type ListrTaskWrapper,
  PRESET_TIMER,
  ProcessOutput,
  type SimpleRenderer,
} from 'listr2';
import { describeSeconds } from '../../shared/instants.ts';
import type { CheckResult } from '../../shared/truth/checks.ts';

/** The first and the last step of each command. */
export const startStep = 'StartLocalAurora';
export const stopStep = 'StopLocalAurora';

/** Shows how far a drill is. Beginning a step ends the one before. */
export type Progress = {
  begin(step: string): void;
  check(check: CheckResult): void;
  /** A note about the current step. */
  note(text: string): void;
  /** The current step failed. */
  fail(cause: string): void;
  end(): Promise<void>;
};

type Stream = NodeJS.WriteStream;

/** @param steps the names of all possible steps, in order */
export const showProgress = (stream: Stream, steps: readonly string[]): Progress =>
  stream.isTTY ? liveProgress(stream, steps) : plainProgress(stream);

const describeCheck = ({ name, verdict, reason }: CheckResult): string => `${verdict}  ${name}: ${reason}`;

/** One line for each step as it begins, and for each check. */
const plainProgress = (stream: Stream): Progress => {
  const began = Date.now();
  const print = (text: string) =>
    stream.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}\n`);
  return {
    begin: print,
    check: (check) => print(`  ${describeCheck(check)}`),
    note: (text) => void print(`  ${text}`),
    fail: (cause) => void print(`  failed: ${cause}`),
    end: async () => {},
  };
};

type DefaultTask = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;
type Outcome = { kind: 'done' } | { kind: 'skipped' } | { kind: 'failed'; cause: string };

/** A list that updates in place: the current step with its running time and last check, done steps with their time. */
const liveProgress = (stream: Stream, steps: readonly string[]): Progress => {
  const gates = new Map(steps.map((step) => [step, Promise.withResolvers<Outcome>()]));
  let current: string | null = null;
  let show: (text: string) => void = () => {};

  const list = new Listr(
    [...gates].map(([step, gate]) => ({
      title: step,
      task: async (_context: unknown, task: DefaultTask): Promise<void> => {
        const began = Date.now();
        const ticking = setInterval(() => {
          task.title = `${step}  ${describeSeconds((Date.now() - began) / 1000)}`;
        }, 250);
        show = (text) => {
          task.output = text;
        };
        const outcome = await gate.promise;
        clearInterval(ticking);
        task.title = step;
        if (outcome.kind === 'skipped') task.skip();
        if (outcome.kind === 'failed') throw new Error(`${step}: ${outcome.cause}`);
      },
    })),
    {
      exitOnError: false,
      // The command handles Ctrl-C itself.
      registerSignalListeners: false,
      rendererOptions: {
        timer: PRESET_TIMER,
        logger: new ListrLogger({ processOutput: new ProcessOutput(stream, stream) }),
      },
    },
  );
  const shown = list.run().catch(() => {});

  /** Settles the current step, and the steps skipped before the next one. */
  const settle = (outcome: Outcome, next: string | null): void => {
    if (current !== null) gates.get(current)?.resolve(outcome);
    for (const [step, gate] of gates) {
      if (step === next) return;
      gate.resolve({ kind: 'skipped' });
    }
  };

  return {
    begin: (step) => {
      settle({ kind: 'done' }, step);
      current = step;
    },
    check: (check) => show(describeCheck(check)),
    note: (text) => show(text),
    fail: (cause) => {
      if (current !== null) gates.get(current)?.resolve({ kind: 'failed', cause });
    },
    end: async () => {
      settle({ kind: 'done' }, null);
      await shown;
    },
  };
};

/** A loop comes back to a phase that has already begun. A failure shows in the phase where it happened. */
export const followPhases = <State>(
  progress: Progress,
  phases: readonly string[],
  findFailure: (state: State) => { phase: string; cause: string } | null,
) => {
  const known = new Set(phases);
  let current = '';
  return (name: string, state: State): void => {
    if (!known.delete(name)) return;
    const failure = findFailure(state);
    if (failure?.phase === current) progress.fail(failure.cause);
    progress.begin(name);
    current = name;
  };
};
