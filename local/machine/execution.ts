import { readFile } from 'node:fs/promises';
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { parse } from 'yaml';
import { addWriter } from '../../functions/copy/add-writer.ts';
import { checkCluster } from '../../functions/copy/check-cluster.ts';
import { checkRestorePoint } from '../../functions/copy/check-restore-point.ts';
import { checkTeardown } from '../../functions/copy/check-teardown.ts';
import { checkWriter } from '../../functions/copy/check-writer.ts';
import { restoreCluster } from '../../functions/copy/restore-cluster.ts';
import { tearDown } from '../../functions/copy/tear-down.ts';
import { captureBaseline } from '../../functions/drill/capture-baseline.ts';
import { concludeDrill } from '../../functions/drill/conclude-drill.ts';
import { notifyResult } from '../../functions/drill/notify-result.ts';
import { prepareDrill } from '../../functions/drill/prepare-drill.ts';
import { verifyRestore } from '../../functions/drill/verify-restore.ts';
import type { Aurora } from '../../shared/aurora/port.ts';
import type { Warn } from '../../shared/aws/lambda.ts';
import type { Database } from '../../shared/database/port.ts';
import type { DrillState } from '../../shared/drill/state.ts';
import type { FileResult } from '../../shared/history/filing.ts';
import type { Clock } from '../../shared/instants.ts';
import type { Step } from '../../shared/job/step.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import type { Metrics } from '../../shared/monitors/metrics.ts';
import type { PlaceOf } from '../../shared/report/place.ts';
import type { DrillResult } from '../../shared/result/document.ts';
import type { Prices } from '../../shared/result/prices.ts';
import type { CheckResult } from '../../shared/truth/checks.ts';

/** What the functions of the drill are given on this machine instead of AWS. */
export type World = {
  aurora: Aurora;
  database: Database;
  notify: Notify;
  readPlans: () => Promise<string>;
  placeOf: PlaceOf;
  file: FileResult;
  metrics: Pick<Metrics, 'publish'>;
  prices: () => Prices;
  onCheck: (check: CheckResult) => void;
  teardownMinutes: number;
  now: Clock;
  pause: () => Promise<unknown>;
  warn: Warn;
};

/** The functions' own cores, by the name that function, state and serverless key share. */
const steps: Record<string, Step<World, unknown>> = {
  PrepareDrill: prepareDrill,
  CaptureBaseline: captureBaseline,
  CheckRestorePoint: checkRestorePoint,
  RestoreCluster: restoreCluster,
  CheckCluster: checkCluster,
  AddWriter: addWriter,
  CheckWriter: checkWriter,
  VerifyRestore: verifyRestore,
  NotifyResult: notifyResult,
  TearDown: tearDown,
  CheckTeardown: checkTeardown,
  ConcludeDrill: concludeDrill,
};

export type ExecutionOptions = {
  world: World;
  input: unknown;
  /** Begins with `local-`; the drill's id and names derive from it. */
  name: string;
  /** How long each Wait state and each retry really waits, in milliseconds. */
  waitMs: number;
  /** Called as the execution enters each state, waits and choices included, with the state data so far. */
  onState?: (name: string, state: DrillState) => void;
  /** Runs each task instead of what would just run it: to interrupt it, or to run it again. */
  aroundTask?: (name: string, run: () => Promise<unknown>) => Promise<unknown>;
};

export type RunningExecution = {
  /** The result document, and whether the execution ended green. @throws what ended it without a result */
  finished: Promise<{ result: DrillResult; hasSucceeded: boolean }>;
};

/** The ARNs that the state machine and an execution of it have on this machine; a drill's id derives from the latter. */
export const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:drill';
export const executionArn = (name: string): string =>
  `arn:aws:states:us-east-1:000000000000:execution:drill:${name}`;

/** The real definition, with an ARN for each ${Function}, as CloudFormation would put it in. */
export const readDefinition = async (): Promise<StateMachineDefinition> => {
  const text = await readFile(new URL('../../statemachines/drill.asl.yaml', import.meta.url), 'utf8');
  return parse(text.replace(/\$\{(\w+)\}/g, 'arn:aws:lambda:us-east-1:000000000000:function:$1'), {
    merge: true,
  });
};

/** Runs the drill's state machine in this process. */
export const startExecution = async (options: ExecutionOptions): Promise<RunningExecution> => {
  const { world, input, name, waitMs, onState, aroundTask = (_, run) => run() } = options;
  const definition = await readDefinition();
  let result: DrillResult | undefined;
  const tasks = Object.entries(steps).map(([state, step]) => [
    state,
    async (data: never) => {
      const piece = await aroundTask(state, () => step(data, world));
      if (state === 'ConcludeDrill') result = piece as DrillResult;
      // Through JSON, as between Lambda and Step Functions.
      return JSON.parse(JSON.stringify(piece));
    },
  ]);
  const states = Object.entries(definition.States);
  const waits = states.filter(([, { Type }]) => Type === 'Wait').map(([state]) => [state, waitMs]);
  const retries = Object.keys(steps).map((state) => [state, waitMs]);
  const run = new StateMachine(definition).run(input as never, {
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(tasks),
      waitTimeOverrides: Object.fromEntries(waits),
      retryIntervalOverrides: Object.fromEntries(retries),
    },
    context: { Execution: { Id: executionArn(name), Name: name } },
  });
  const following = (async () => {
    for await (const event of run.eventLogs) {
      if (event.type === 'StateEntered') onState?.(event.state.name, event.state.input as DrillState);
    }
  })();
  const ended = run.result.then(
    () => null,
    (error: Error) => error,
  );
  const finished = (async () => {
    const error = await ended;
    await following;
    if (result === undefined) throw error ?? new Error('the execution ended without a result');
    return { result, hasSucceeded: error === null };
  })();
  return { finished };
};
