// Called by the state machine before anything is made, inside the VPC.
// Changes nothing: asks production what would act by itself in a copy of it, and for the tables as they are now; asks the sandbox
// whether it can take them.
// Running it twice asks twice.
import { iamDatabase } from '../../shared/aws/iam-database.ts';
import { iamExtraction } from '../../shared/aws/iam-extraction.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Extraction, Limits } from '../../shared/copying/port.ts';
import { askSideEffects } from '../../shared/database/ask-side-effects.ts';
import type { Database } from '../../shared/database/port.ts';
import { resolveAll } from '../../shared/database/resolved-host.ts';
import { DrillError, type ErrorName, isDrillError } from '../../shared/errors.ts';
import { packTables } from '../../shared/extracting/packed-tables.ts';
import { assertApart, requestOf, sandboxOf } from '../../shared/extracting/sides.ts';
import { defineExtractStep, type ExtractPreparation } from '../../shared/extracting/state.ts';
import { assertSandboxServer, inspectAs } from '../../shared/extraction/sandbox.ts';
import { type Clock, countDown } from '../../shared/instants.ts';
import type { Resolve } from '../../shared/job/production.ts';
import { judgeSideEffects } from '../../shared/plan/side-effects.ts';

type Deps = { database: Database; extraction: Extraction; resolve: Resolve; now: Clock };

const mostMs = 30_000;

export const askSides = defineExtractStep(
  'AskSides',
  ['PrepareExtract'],
  async ({ PrepareExtract: job }, deps: Deps) => {
    const limits = { remainingMs: countDown(deps.now, mostMs) };
    await assertSandbox(job, deps, limits);
    const found = await askSideEffects(deps.database, job.sourceAddress, limits.remainingMs);
    const decision = judgeSideEffects(found, job.sideEffects, job.source.identifier);
    if (decision.action === 'refuse') {
      throw new DrillError('SideEffects', decision.reason, { hint: decision.hint });
    }
    return { doubt: decision.doubt, tablesNow: await askTables(job, deps, limits) };
  },
);

const assertSandbox = async (
  job: ExtractPreparation,
  { extraction, resolve }: Deps,
  limits: Limits,
): Promise<void> => {
  await assertApart(job, resolve);
  const server = await inspectAs(job.sandbox, () => extraction.inspectSandbox(sandboxOf(job), limits));
  assertSandboxServer(job.sandbox, server, job.schema);
};

/** What production refuses now may have been another thing then. */
const ofNow: readonly ErrorName[] = ['TableNotFound', 'TableNotExtractable', 'InvalidInput'];

/** @returns why production would not give these tables; empty if it would. @throws DrillError when the copy is of now */
const askTables = async (job: ExtractPreparation, { extraction }: Deps, limits: Limits): Promise<string> => {
  try {
    packTables(await extraction.describeTables(job.sourceAddress, requestOf(job), limits));
    return '';
  } catch (error) {
    if (job.askedFor === null || !isDrillError(error) || !ofNow.includes(error.name)) throw error;
    return error.summary;
  }
};

export const handler = lambdaHandler(askSides, {
  database: iamDatabase(),
  extraction: iamExtraction(),
  resolve: resolveAll,
  now: systemClock,
});
