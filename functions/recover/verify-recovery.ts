// Called by the state machine once the recovered writer is available, inside the VPC.
// Changes nothing: runs the plan's tests on the recovered cluster, and compares it with production as it is now.
// Running it twice tests and compares twice.
import { iamDatabase } from '../../shared/aws/iam-database.ts';
import { lambdaHandler, logCheck } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import { addressOfCopy } from '../../shared/database/copy-address.ts';
import { type Database, maxReadingMs } from '../../shared/database/port.ts';
import { type Clock, limitTime, toIso } from '../../shared/instants.ts';
import { fitsPacked, pack } from '../../shared/job/packing.ts';
import { takeFirst } from '../../shared/job/room.ts';
import { runTests } from '../../shared/recovering/plan-tests.ts';
import { defineRecoveryStep, type RecoveryVerification } from '../../shared/recovering/state.ts';
import { describeChanges } from '../../shared/rows/database-changes.ts';
import { changeLimits, sizesOfChanges, tellChanges, unreadChanges } from '../../shared/rows/told-changes.ts';
import type { CheckResult } from '../../shared/truth/checks.ts';
import { countVerdicts } from '../../shared/truth/checks.ts';
import { lendProduction, openNow } from '../../shared/truth/production.ts';

type Deps = { database: Database; onCheck: (check: CheckResult) => void; now: Clock };

/** A quarter of what Step Functions carries. */
const mostChangeBytes = 64 * 1024;

export const verifyRecovery = defineRecoveryStep(
  'VerifyRecovery',
  ['PrepareRecovery', 'CheckCluster'],
  async (state, { database, onCheck, now }: Deps): Promise<RecoveryVerification> => {
    const { PrepareRecovery: job, CheckCluster: restored } = state;
    const { sourceAddress, sessions, tests, seen } = job;
    const address = addressOfCopy(job.target.cluster, restored, {
      address: sourceAddress,
      endpoint: job.source.endpoint,
    });
    const { remainingMs, within } = limitTime(now, maxReadingMs);
    const options = { sessions, remainingMs };
    const recovered = await openNow(() => database.open(address, options));
    const firstAnswerAt = toIso(now());
    const production = lendProduction(() => database.open(sourceAddress, options), within);
    try {
      const tested = await runTests(recovered.reader, tests);
      tested.forEach(onCheck);
      const compared = seen.stands
        ? await production.ask((present) => describeChanges(recovered, present, changeLimits))
        : { unread: 'the source was deleted' };
      const changes = 'answer' in compared ? tellChanges(compared.answer) : unreadChanges(compared.unread);
      const { passed } = countVerdicts(tested);
      return {
        firstAnswerAt,
        summary: `${passed} of ${tested.length} tests passed; ${changes.summary}`,
        tests: tested,
        changes: pack(takeFirst(sizesOfChanges(changes), fitsPacked(mostChangeBytes))),
      };
    } finally {
      await Promise.all([recovered.reader.close(), production.close()]);
    }
  },
);

export const handler = lambdaHandler(verifyRecovery, {
  database: iamDatabase(),
  onCheck: logCheck,
  now: systemClock,
});
