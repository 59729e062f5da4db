// Called by the state machine before anything is made, inside the VPC.
// Changes nothing: asks production what would act by itself in a copy of it.
// Running it twice asks twice.
import { iamDatabase } from '../../shared/aws/iam-database.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import { askSideEffects } from '../../shared/database/ask-side-effects.ts';
import type { Database, SideEffects } from '../../shared/database/port.ts';
import { DrillError, describeError, isDrillError } from '../../shared/errors.ts';
import { type Clock, countDown } from '../../shared/instants.ts';
import { judgeSideEffects } from '../../shared/plan/side-effects.ts';
import { defineRecoveryStep, type RecoveryPreparation } from '../../shared/recovering/state.ts';

type Deps = { database: Database; now: Clock };

export const checkSideEffects = defineRecoveryStep(
  'CheckSideEffects',
  ['PrepareRecovery'],
  async ({ PrepareRecovery: job }, deps: Deps) => {
    if (!job.seen.stands)
      return { doubt: 'the source was deleted, so nobody can tell what would act in the copy' };
    const asked = await askProduction(job, deps);
    if ('unread' in asked) {
      return { doubt: `production could not be asked what would act in the copy: ${asked.unread}` };
    }
    const decision = judgeSideEffects(asked, job.sideEffects, job.source.identifier);
    if (decision.action === 'refuse') {
      throw new DrillError('SideEffects', decision.reason, { hint: decision.hint });
    }
    return { doubt: decision.doubt };
  },
);

/** An emergency does not wait for it. */
const mostMs = 30_000;

/** Production may be what is down: then the recovery goes on, and says what it does not know. */
const askProduction = async (
  { sourceAddress }: RecoveryPreparation,
  { database, now }: Deps,
): Promise<SideEffects | { unread: string }> => {
  try {
    return await askSideEffects(database, sourceAddress, countDown(now, mostMs));
  } catch (error) {
    if (!isDrillError(error)) throw error;
    return { unread: describeError(error) };
  }
};

export const handler = lambdaHandler(checkSideEffects, { database: iamDatabase(), now: systemClock });
