// Called by the state machine before anything is made, inside the VPC.
// Changes nothing: asks production what would act by itself in a clone of it.
// Running it twice asks twice.
import { iamDatabase } from '../../shared/aws/iam-database.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import { askSideEffects } from '../../shared/database/ask-side-effects.ts';
import type { Database } from '../../shared/database/port.ts';
import { DrillError } from '../../shared/errors.ts';
import { type Clock, countDown } from '../../shared/instants.ts';
import { judgeSideEffects } from '../../shared/plan/side-effects.ts';
import { defineRehearsalStep } from '../../shared/rehearsing/state.ts';

type Deps = { database: Database; now: Clock };

const mostMs = 30_000;

export const askProduction = defineRehearsalStep(
  'AskProduction',
  ['PrepareRehearsal'],
  async ({ PrepareRehearsal: job }, { database, now }: Deps) => {
    const found = await askSideEffects(database, job.sourceAddress, countDown(now, mostMs));
    const decision = judgeSideEffects(found, job.sideEffects, job.source.identifier);
    if (decision.action === 'refuse') {
      throw new DrillError('SideEffects', decision.reason, { hint: decision.hint });
    }
    return { doubt: decision.doubt };
  },
);

export const handler = lambdaHandler(askProduction, { database: iamDatabase(), now: systemClock });
