import { readFile } from 'node:fs/promises';
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { parse } from 'yaml';
import type { JobState } from '../../shared/job/state.ts';
import type { Step } from '../../shared/job/step.ts';

/** A state machine, and the functions' own cores by the name that function, state and serverless key share. */
export type Machine<World, State extends JobState> = {
  /** The `*.asl.yaml`. */
  definition: URL;
  steps: Record<string, Step<World, unknown, State>>;
};

export type ExecutionOptions<World, State> = {
  /** What the functions are given on this machine instead of AWS. */
  world: World;
  input: unknown;
  /** Begins with `local-`; the job's id and names derive from it. */
  name: string;
  /** How long each Wait state and each retry really waits, in milliseconds. */
  waitMs: number;
  /** Called as the execution enters each state, waits and choices included, with the state data so far. */
  onState?: (name: string, state: State) => void;
  /**
   * Runs each task instead of what would just run it: to interrupt it, to run it again, or to look around after it. It
   * begins with this state data.
   */
  aroundTask?: (name: string, run: () => Promise<unknown>, state: State) => Promise<unknown>;
};

export type RunningExecution<Document> = {
  /** What the last task answered, and whether the execution ended green. @throws what ended it without that */
  finished: Promise<{ result: Document; hasSucceeded: boolean }>;
};

/** The ARNs that the state machine and an execution of it have on this machine; a job's id derives from the latter. */
export const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:drill';
export const executionArn = (name: string): string =>
  `arn:aws:states:us-east-1:000000000000:execution:drill:${name}`;

/** The real definition, with an ARN for each ${Function}, as CloudFormation would put it in. */
export const readDefinition = async (file: URL): Promise<StateMachineDefinition> => {
  const text = await readFile(file, 'utf8');
  return parse(text.replace(/\$\{(\w+)\}/g, 'arn:aws:lambda:us-east-1:000000000000:function:$1'), {
    merge: true,
  });
};

// A test validates each definition. That takes longer than an execution on a model.
const unvalidated = { validationOptions: { noValidate: true } };

const load = async (file: URL) => {
  const definition = await readDefinition(file);
  return { definition, stateMachine: new StateMachine(definition, unvalidated) };
};

const loaded = new Map<string, ReturnType<typeof load>>();

/** Parsed once for each file. */
const loadOnce = (file: URL): ReturnType<typeof load> => {
  const machine = loaded.get(file.href) ?? load(file);
  loaded.set(file.href, machine);
  return machine;
};

/** Waits are cut short here, so nothing else would notice what ends an execution in AWS: a SecondsPath without whole seconds. */
const assertWaitable = (name: string, state: object | undefined, data: JobState): void => {
  const { SecondsPath: path } = (state ?? {}) as { SecondsPath?: string };
  if (path === undefined) return;
  const [, piece = '', key = ''] = path.split('.');
  const seconds = (data as unknown as Record<string, Record<string, unknown> | undefined>)[piece]?.[key];
  if (!Number.isInteger(seconds)) throw new Error(`${name}: ${path} is ${seconds}, expected whole seconds`);
};

/** Runs a state machine in this process. */
export const startMachine = async <World, State extends JobState, Document>(
  { definition: file, steps }: Machine<World, State>,
  options: ExecutionOptions<World, State>,
): Promise<RunningExecution<Document>> => {
  const { world, input, name, waitMs, onState, aroundTask = (_, run) => run() } = options;
  const { definition, stateMachine } = await loadOnce(file);
  const lastTask = Object.entries(definition.States).findLast(([, { Type }]) => Type === 'Task')?.[0];
  let document: Document | undefined;
  const tasks = Object.entries(steps).map(([state, step]) => [
    state,
    async (data: never) => {
      const piece = await aroundTask(state, () => step(data, world), data);
      if (state === lastTask) document = piece as Document;
      // Through JSON, as between Lambda and Step Functions.
      return JSON.parse(JSON.stringify(piece));
    },
  ]);
  const states = Object.entries(definition.States);
  const waits = states.filter(([, { Type }]) => Type === 'Wait').map(([state]) => [state, waitMs]);
  const retries = Object.keys(steps).map((state) => [state, waitMs]);
  const run = stateMachine.run(input as never, {
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(tasks),
      waitTimeOverrides: Object.fromEntries(waits),
      retryIntervalOverrides: Object.fromEntries(retries),
    },
    context: { Execution: { Id: executionArn(name), Name: name } },
  });
  const following = (async () => {
    for await (const event of run.eventLogs) {
      if (event.type !== 'StateEntered') continue;
      const data = event.state.input as State;
      assertWaitable(event.state.name, definition.States[event.state.name], data);
      onState?.(event.state.name, data);
    }
  })();
  const ended = run.result.then(
    () => null,
    (error: Error) => error,
  );
  const finished = (async () => {
    const error = await ended;
    await following;
    if (document === undefined) throw error ?? new Error('the execution ended without a result');
    return { result: document, hasSucceeded: error === null };
  })();
  return { finished };
};
