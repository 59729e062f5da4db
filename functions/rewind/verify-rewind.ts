// Called by the state machine once the cluster is rewound and available, inside the VPC.
// Changes nothing: runs the plan's tests on production, and compares it with the clone of what it was before.
// Running it twice tests and compares twice.
import { iamDatabase } from '../../shared/aws/iam-database.ts';
import { lambdaHandler, logCheck } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import { addressOfCopy } from '../../shared/database/copy-address.ts';
import { type Database, maxReadingMs } from '../../shared/database/port.ts';
import { type Clock, limitTime } from '../../shared/instants.ts';
import { fitsPacked, pack } from '../../shared/job/packing.ts';
import { takeFirst } from '../../shared/job/room.ts';
import { runTests } from '../../shared/recovering/plan-tests.ts';
import { defineRewindStep, type RewindVerified } from '../../shared/rewinding/state.ts';
import { describeChanges } from '../../shared/rows/database-changes.ts';
import { changeLimits, sizesOfChanges, tellChanges, unreadChanges } from '../../shared/rows/told-changes.ts';
import { type CheckResult, countVerdicts } from '../../shared/truth/checks.ts';
import { lendProduction, openNow } from '../../shared/truth/production.ts';

type Deps = { database: Database; onCheck: (check: CheckResult) => void; now: Clock };

/** A quarter of what Step Functions carries. */
const mostChangeBytes = 64 * 1024;

export const verifyRewind = defineRewindStep(
  'VerifyRewind',
  ['PrepareRewind', 'CheckCluster'],
  async (state, { database, onCheck, now }: Deps): Promise<RewindVerified> => {
    const { PrepareRewind: job, CheckCluster: cloned } = state;
    const { sourceAddress, sessions, tests, source } = job;
    const address = addressOfCopy(job.target.cluster, cloned, {
      address: sourceAddress,
      endpoint: source.endpoint,
    });
    const { remainingMs, within } = limitTime(now, maxReadingMs);
    const options = { sessions, remainingMs };
    const rewound = await openNow(() => database.open(sourceAddress, options));
    // What cannot be compared is said, and ends nothing: production is rewound.
    const before = lendProduction(() => database.open(address, options), within);
    try {
      const tested = await runTests(rewound.reader, tests);
      tested.forEach(onCheck);
      const compared = await before.ask((clone) => describeChanges(clone, rewound, changeLimits));
      const changes = 'answer' in compared ? tellChanges(compared.answer) : unreadChanges(compared.unread);
      const { passed } = countVerdicts(tested);
      return {
        summary: `${passed} of ${tested.length} tests passed; taken away: ${changes.summary}`,
        tests: tested,
        changes: pack(takeFirst(sizesOfChanges(changes), fitsPacked(mostChangeBytes))),
      };
    } finally {
      await Promise.all([rewound.reader.close(), before.close()]);
    }
  },
);

export const handler = lambdaHandler(verifyRewind, {
  database: iamDatabase(),
  onCheck: logCheck,
  now: systemClock,
});
