// Called by the state machine after PrepareDrill, inside the VPC.
// Changes nothing: one read-only snapshot of production gives the instant to restore to and every check's figures.
// Running it twice takes a later snapshot, which is as good: only the last one counts.
import { compareRows, compareSchema, toleranceOf } from '../shared/checks.ts';
import { systemClock } from '../shared/clock.ts';
import type { Database } from '../shared/database.ts';
import { iamPostgres } from '../shared/database-iam.ts';
import { type Baseline, maxVerificationBytes, type TableFigures } from '../shared/drill-state.ts';
import { DrillError } from '../shared/errors.ts';
import { readFigures } from '../shared/figures.ts';
import type { Clock } from '../shared/instants.ts';
import { lambdaHandler } from '../shared/lambda.ts';
import type { Checks } from '../shared/plan.ts';
import { defineStep } from '../shared/step.ts';
import { countOf } from '../shared/words.ts';

type Deps = { database: Database; now: Clock };

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
      assertFits(tables, checks);
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

/** Fails before anything is restored when the figures and their comparison would not fit the state data. */
const assertFits = (tables: TableFigures[], checks: Checks): void => {
  const comparison = tables.flatMap((table) => [
    compareSchema(table, table, 'same-instant'),
    compareRows(table, table, toleranceOf(checks, table.table), 0),
  ]);
  const bytes = Buffer.byteLength(JSON.stringify([tables, comparison]));
  if (bytes > maxVerificationBytes) {
    throw new DrillError(
      'BaselineTooLarge',
      `the figures of ${countOf(tables.length, 'table')} take ${bytes} bytes, and ${maxVerificationBytes} fit`,
    );
  }
};

export const handler = lambdaHandler(captureBaseline, { database: iamPostgres(), now: systemClock });
