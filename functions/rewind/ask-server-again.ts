// Called by the state machine once the clone stands, inside the VPC: the last look before the rewind.
// Changes nothing: asks production for its binary log, and watches its writes for a minute.
// Running it twice asks twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { iamDatabase } from '../../shared/aws/iam-database.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Database } from '../../shared/database/port.ts';
import { type Clock, countDown } from '../../shared/instants.ts';
import { askServer, mostAskedMs, unasked, type Watch, watchMs } from '../../shared/rewinding/server.ts';
import { defineRewindStep } from '../../shared/rewinding/state.ts';

type Deps = { database: Database; watch: Watch; now: Clock };

export const askServerAgain = defineRewindStep(
  'AskServerAgain',
  ['PrepareRewind', 'CheckReadiness'],
  async ({ PrepareRewind: job, CheckReadiness: checked }, { database, watch, now }: Deps) =>
    checked.isAskedFor
      ? unasked('the rewind goes on already')
      : askServer(database, job.sourceAddress, countDown(now, mostAskedMs), watch),
);

export const handler = lambdaHandler(askServerAgain, {
  database: iamDatabase(),
  watch: () => sleep(watchMs),
  now: systemClock,
});
