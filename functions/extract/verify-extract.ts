// Called by the state machine once all of the tables are in the sandbox, inside the VPC.
// Changes the comment of their schema: whether they are what they were. Reads them, the copy, and production as it is now.
// Running it twice compares twice.
import { iamDatabase } from '../../shared/aws/iam-database.ts';
import { iamExtraction } from '../../shared/aws/iam-extraction.ts';
import { lambdaHandler, logCheck } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Extraction } from '../../shared/copying/port.ts';
import { verifyTables } from '../../shared/copying/verify.ts';
import { type Database, maxReadingMs } from '../../shared/database/port.ts';
import { compareWithNow } from '../../shared/extracting/changes.ts';
import { copyOf, sandboxOf } from '../../shared/extracting/sides.ts';
import { defineExtractStep, type ExtractVerification } from '../../shared/extracting/state.ts';
import { describeDiffering } from '../../shared/extraction/document.ts';
import { type Clock, countDown, limitTime } from '../../shared/instants.ts';
import { fitsPacked, pack, unpack } from '../../shared/job/packing.ts';
import { takeFirst } from '../../shared/job/room.ts';
import { sizesOfChanges } from '../../shared/rows/told-changes.ts';
import { type CheckResult, countVerdicts } from '../../shared/truth/checks.ts';
import { lendProduction, openNow } from '../../shared/truth/production.ts';

type Deps = {
  database: Database;
  /** Signs in as the user of a sandbox. */
  sandboxes: Database;
  extraction: Extraction;
  onCheck: (check: CheckResult) => void;
  now: Clock;
};

const mostMarkingMs = 20_000;

/** A fifth of what Step Functions carries. */
const mostChangeBytes = 48 * 1024;

export const verifyExtract = defineExtractStep(
  'VerifyExtract',
  ['PrepareExtract', 'CheckCluster', 'DescribeTables'],
  async (state, deps: Deps): Promise<ExtractVerification> => {
    const { database, sandboxes, extraction, onCheck, now } = deps;
    const { sourceAddress, sessions, schema, freshness } = state.PrepareExtract;
    const sandbox = sandboxOf(state.PrepareExtract);
    const tables = unpack(state.DescribeTables.tables);
    const { remainingMs, within } = limitTime(now, maxReadingMs);
    const options = { sessions, remainingMs };
    const copy = await openNow(() => database.open(copyOf(state), options));
    const production = lendProduction(() => database.open(sourceAddress, options), within);
    try {
      const there = await openNow(() => sandboxes.open(sandbox.address, options));
      const checks = await verifyTables(copy.reader, there.reader, tables, {
        schema,
        columns: freshness,
      }).finally(() => there.reader.close());
      checks.forEach(onCheck);
      // All of the time may be used up by now.
      const toMark = { remainingMs: countDown(now, mostMarkingMs) };
      await extraction.markSchema(sandbox, describeDiffering(checks), toMark);
      const changes = await compareWithNow(copy, production, tables);
      const { passed } = countVerdicts(checks);
      return {
        summary: `${passed} of ${checks.length} checks passed; ${changes.summary}`,
        checks: pack(checks),
        changes: pack(takeFirst(sizesOfChanges(changes), fitsPacked(mostChangeBytes))),
      };
    } finally {
      await Promise.all([copy.reader.close(), production.close()]);
    }
  },
);

export const handler = lambdaHandler(verifyExtract, {
  database: iamDatabase(),
  sandboxes: iamDatabase(),
  extraction: iamExtraction(),
  onCheck: logCheck,
  now: systemClock,
});
