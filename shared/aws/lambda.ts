import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import * as z from 'zod';
import { DrillError } from '../errors.ts';
import { jobId } from '../job/names.ts';
import type { JobState } from '../job/state.ts';
import type { Step } from '../job/step.ts';
import { listProblems } from '../problems.ts';
import type { CheckResult } from '../truth/checks.ts';

const logger = new Logger({ serviceName: 'aurora-drills' });

/** The one bundle around every function: log context, run, log the error, rethrow it so that the caller sees its name. */
const bundle = <Answer>(run: (event: unknown) => Promise<Answer>) => {
  // Called just before Lambda ends the function, so that the error has a name and a hint, not Sandbox.Timedout.
  const timeoutEarlyResponse = (): never => {
    throw new DrillError('OutOfTime', 'the function used up its time');
  };
  return middy(run, { timeoutEarlyResponse })
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use({ onError: ({ error }) => logger.error('the function failed', { error }) });
};

/** A step of a job: parses the state data, and puts the execution on every log line. */
export const lambdaHandler = <Deps, Piece, State extends JobState>(
  step: Step<Deps, Piece, State>,
  deps: Deps,
) =>
  bundle((event): Promise<Piece> => {
    const state = parseState(event) as State;
    const { id } = state.execution;
    logger.appendKeys({ drill: jobId(id), execution: id });
    return step(state, deps);
  });

/** A monitor reads its events itself, since there are many kinds. What it found goes to the log. */
export const monitorHandler = <Deps, Found extends object>(
  monitor: (event: unknown, deps: Deps) => Promise<Found>,
  deps: Deps,
) =>
  bundle(async (event): Promise<Found> => {
    const found = await monitor(event, deps);
    logger.info('monitor done', { found });
    return found;
  });

/** Notes what is odd but no error. */
export type Warn = (message: string, details: object) => void;

export const logWarning: Warn = (message, details) => logger.warn(message, { details });

/** Notes an error that does not end the function. */
export const logError: Warn = (message, details) => logger.error(message, { details });

const stateData = z.looseObject({
  execution: z.object({ id: z.string().min(1), name: z.string(), startedAt: z.string(), input: z.unknown() }),
});

/** State data comes from our own functions, so parsing only proves that the state machine is the caller. */
const parseState = (event: unknown): JobState => {
  const parsed = stateData.safeParse(event);
  if (parsed.success) return event as JobState;
  throw new DrillError(
    'UnreadableAnswer',
    `this is not the state data of a drill:\n${listProblems(parsed.error, event)}`,
    {
      hint: 'start a drill with an execution of the state machine; its functions are not called by hand',
    },
  );
};

/** Logs each check as it is done, so that a verification that times out shows how far it came. */
export const logCheck = ({ name, verdict, reason }: CheckResult): void =>
  logger.info('check done', { check: { name, verdict, reason } });
