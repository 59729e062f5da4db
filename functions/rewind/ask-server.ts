// Called by the state machine before anything is made, inside the VPC.
// Changes nothing: asks production for its binary log, watches its writes for a minute, and asks what would act in a clone.
// Running it twice asks twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { iamDatabase } from '../../shared/aws/iam-database.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import { askSideEffects } from '../../shared/database/ask-side-effects.ts';
import type { Database } from '../../shared/database/port.ts';
import { DrillError } from '../../shared/errors.ts';
import { type Clock, countDown } from '../../shared/instants.ts';
import { judgeSideEffects } from '../../shared/plan/side-effects.ts';
import {
  askServer as ask,
  mostAskedMs,
  unasked,
  type Watch,
  watchMs,
} from '../../shared/rewinding/server.ts';
import { defineRewindStep, type RewindPreparation } from '../../shared/rewinding/state.ts';

type Deps = { database: Database; watch: Watch; now: Clock };

export const askServer = defineRewindStep(
  'AskServer',
  ['PrepareRewind'],
  async ({ PrepareRewind: job }, { database, watch, now }: Deps) => {
    if (job.source.engine !== 'aurora-mysql') return unasked('only Aurora MySQL is asked');
    const remainingMs = countDown(now, mostAskedMs);
    refuseActing(job, await askSideEffects(database, job.sourceAddress, remainingMs));
    return ask(database, job.sourceAddress, remainingMs, watch);
  },
);

/** A clone must not act. @throws DrillError SideEffects */
const refuseActing = (
  { sideEffects, source }: RewindPreparation,
  found: Awaited<ReturnType<typeof askSideEffects>>,
): void => {
  const decision = judgeSideEffects(found, sideEffects, source.identifier);
  if (decision.action !== 'refuse') return;
  throw new DrillError('SideEffects', decision.reason, { hint: decision.hint });
};

export const handler = lambdaHandler(askServer, {
  database: iamDatabase(),
  watch: () => sleep(watchMs),
  now: systemClock,
});
