import { expect, test } from 'vitest';
import { describeTables } from '../../../functions/extract/describe-tables.ts';
import type { ExtractState } from '../../../shared/extracting/state.ts';
import { unpack } from '../../../shared/job/packing.ts';
import { hardToPack, tableNamed } from '../../shared/copying/fake-copying.ts';
import { clockAt } from '../fakes.ts';
import { makeSandbox } from './fake-sandbox.ts';

const address = {
  engine: 'aurora-postgresql',
  host: 'prod',
  port: 5432,
  database: 'app',
  user: 'drill_reader',
};

/** As far as the step reads it. */
const state = {
  execution: { id: 'x', name: 'x', startedAt: '2026-11-16T08:00:00Z', input: {} },
  PrepareExtract: {
    tables: [{ table: 'public.orders', where: 'id = 7' }],
    withParents: true,
    schema: 'extract_app',
    source: { endpoint: 'prod' },
    target: { cluster: 'drill-app' },
    sourceAddress: address,
  },
  CheckCluster: { endpoint: 'copy', port: 5432 },
} as unknown as ExtractState;

const describeWith = (columns: string[]) => {
  const asked: unknown[] = [];
  const { extraction } = makeSandbox(
    {},
    {
      describeTables: async (copy, request) => {
        asked.push(copy, request);
        return [{ ...tableNamed('public.orders'), columns }];
      },
    },
  );
  return { asked, described: describeTables(state, { extraction, now: clockAt('08:25') }) };
};

test('the copy is asked, as the plan user, for the tables with their conditions and parents', async () => {
  const { asked, described } = describeWith(['id']);
  const { summary, tables } = await described;
  expect([summary, unpack(tables).map(({ table }) => table)]).toEqual(['1 table', ['public.orders']]);
  expect(asked).toEqual([
    { ...address, host: 'copy' },
    {
      tables: ['public.orders'],
      where: { 'public.orders': 'id = 7' },
      withParents: true,
      schema: 'extract_app',
    },
  ]);
});

test('definitions that the state data has no room for: refused by name, before anything is written', async () => {
  await expect(describeWith(hardToPack(4000)).described).rejects.toMatchObject({
    name: 'InvalidInput',
    message: expect.stringMatching(/take \d+ bytes when packed, expected 104000 at most[\s\S]*fewer tables/),
  });
});
