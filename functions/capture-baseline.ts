// Called by the state machine after PrepareDrill, inside the VPC.
// Changes nothing: one read-only snapshot of production gives the instant to restore to and every check's figures.
// Running it twice takes a later snapshot, which is as good: only the last one counts.
import { systemClock } from '../shared/clock.ts';
import type { Database } from '../shared/database.ts';
import { iamPostgres } from '../shared/database-iam.ts';
import type { Baseline } from '../shared/drill-state.ts';
import { DrillError } from '../shared/errors.ts';
import { readFigures } from '../shared/figures.ts';
import type { Clock } from '../shared/instants.ts';
import { lambdaHandler } from '../shared/lambda.ts';
import { defineStep } from '../shared/step.ts';

type Deps = { database: Database; now: Clock };

/** State data holds 256 KiB at most (Step Functions quotas); the verification of the same tables has to fit beside it. */
const maxFiguresBytes = 100 * 1024;

export const captureBaseline = defineStep(
  'CaptureBaseline',
  ['PrepareDrill'],
  async ({ PrepareDrill: drill }, { database }: Deps): Promise<Baseline> => {
    const { restoreTo, baselineAddress, checks } = drill;
    const session = await database.open(baselineAddress);
    try {
      const isSameInstant = restoreTo === null;
      const { second, delayMs } = await session.openSnapshot({ atWholeSecond: isSameInstant });
      const tables = await readFigures(session, checks, { countRows: isSameInstant });
      const total = tables.reduce((sum, { rows }) => sum + (rows ?? 0), 0);
      if (isSameInstant && total === 0) {
        throw new DrillError(
          'EmptyDatabase',
          `database ${baselineAddress.database} on ${baselineAddress.host} has ${tables.length} tables and no row in any`,
        );
      }
      const bytes = Buffer.byteLength(JSON.stringify(tables));
      if (bytes > maxFiguresBytes) {
        throw new DrillError(
          'BaselineTooLarge',
          `the figures of ${tables.length} tables take ${bytes} bytes, and at most ${maxFiguresBytes} fit the state data`,
        );
      }
      return {
        kind: isSameInstant ? 'same-instant' : 'none',
        restoreTo: restoreTo ?? second,
        capturedAt: second,
        delayMs,
        tables,
      };
    } finally {
      await session.close();
    }
  },
);

export const handler = lambdaHandler(captureBaseline, { database: iamPostgres(), now: systemClock });
