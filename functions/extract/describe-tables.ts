// Called by the state machine once the copy's writer is available, inside the VPC.
// Changes nothing: reads the catalog of the copy.
// Running it twice reads it twice: a copy does not change.
import { iamExtraction } from '../../shared/aws/iam-extraction.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Extraction } from '../../shared/copying/port.ts';
import { packTables } from '../../shared/extracting/packed-tables.ts';
import { copyOf, requestOf } from '../../shared/extracting/sides.ts';
import { defineExtractStep } from '../../shared/extracting/state.ts';
import { type Clock, countDown } from '../../shared/instants.ts';
import { countOf } from '../../shared/words.ts';

type Deps = { extraction: Extraction; now: Clock };

const mostMs = 30_000;

export const describeTables = defineExtractStep(
  'DescribeTables',
  ['PrepareExtract', 'CheckCluster'],
  async (state, { extraction, now }: Deps) => {
    const limits = { remainingMs: countDown(now, mostMs) };
    const request = requestOf(state.PrepareExtract);
    const tables = await extraction.describeTables(copyOf(state), request, limits);
    return { summary: countOf(tables.length, 'table'), tables: packTables(tables) };
  },
);

export const handler = lambdaHandler(describeTables, { extraction: iamExtraction(), now: systemClock });
