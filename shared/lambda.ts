import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { CheckResult } from './checks.ts';
import type { DrillState } from './drill-state.ts';
import { DrillError } from './errors.ts';
import { drillId } from './names.ts';
import type { Step } from './step.ts';

const logger = new Logger({ serviceName: 'aurora-drills' });

/**
 * The one bundle around every function: log context, run, log the error, and throw it on, so that Step Functions
 * sees its name.
 */
export const lambdaHandler = <Deps, Piece>(step: Step<Deps, Piece>, deps: Deps) =>
  middy((state: DrillState) => step(state, deps), {
    // Just before Lambda ends the function, so that the error has a name and a hint instead of Sandbox.Timedout.
    timeoutEarlyResponse: () => {
      throw new DrillError('OutOfTime', 'the function used up its time');
    },
  })
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use({
      before: ({ event }) =>
        logger.appendKeys({ drill: drillId(event.execution.id), execution: event.execution.id }),
      onError: ({ error }) => logger.error('the step failed', { error }),
    });

/** Leaves a trace of each check as it is done: a verification that runs into its time-out shows how far it came. */
export const logCheck = ({ name, verdict, reason }: CheckResult): void =>
  logger.info('check done', { check: { name, verdict, reason } });
