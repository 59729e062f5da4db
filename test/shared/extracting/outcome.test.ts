import { expect, test } from 'vitest';
import { prepareExtract } from '../../../functions/extract/prepare-extract.ts';
import { documentExtract } from '../../../shared/extracting/outcome.ts';
import { makeModelWorld } from '../../statemachines/model-world.ts';
import { testPrices } from '../result/prices-fixture.ts';

/** An extract whose copying failed with this error, on this engine. */
const documentOf = async (error: string, engine: string) => {
  const { world } = makeModelWorld();
  const startedAt = new Date().toISOString();
  const input = { restoreTo: 'latest', tables: ['orders'] };
  const execution = { id: 'arn:aws:states:us-east-1:0:execution:drill:x', name: 'x', startedAt, input };
  const job = await prepareExtract({ execution }, world);
  const state = {
    execution,
    PrepareExtract: { ...job, source: { ...job.source, engine } },
    failures: { CopyTables: { Error: error, Cause: 'said so' } },
  };
  return documentExtract(state, startedAt, testPrices);
};

test.each([
  ['SandboxRefused', 'aurora-postgresql', 'not made'],
  // What defines a table there cannot be undone.
  ['SandboxRefused', 'aurora-mysql', 'incomplete'],
  ['DatabaseUnreachable', 'aurora-postgresql', 'incomplete'],
])('%s while tables are made on %s: the schema is %s', async (error, engine, schema) => {
  const { sandbox, failure } = await documentOf(error, engine);
  expect([sandbox?.state, failure?.error]).toEqual([schema, error]);
});
