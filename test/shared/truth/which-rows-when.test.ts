import { expect, test } from 'vitest';
import type { Ranges } from '../../../shared/database/port.ts';
import { compareRestored, type Expectation } from '../../../shared/truth/comparison.ts';
import { readBracketed } from '../../../shared/truth/digest-reading.ts';
import { lendProduction } from '../../../shared/truth/production.ts';
import { withoutRows } from '../../../shared/truth/table-reading.ts';
import { at, makeChecks, makeFigures } from '../drill/state-fixture.ts';
import { makeSimulatedTable, type Row, readerOf } from './simulated-table.ts';

const restoreTo = at('08:00:04');
const instant = Date.parse(restoreTo);
const bracket = { instant: restoreTo, beforeMs: 36, afterMs: 254 };
const table = makeSimulatedTable();
const then: Row[] = [1, 2, 3].map((id) => ({ key: [id], value: 'a' }));

/** Production counts a second, and takes a transaction for it. */
const progressAt = (atMs: number) => {
  const count = Math.floor(atMs / 1000);
  return { atMs, counts: { 'public.items': count }, transactions: count };
};
const progress = Array.from({ length: 81 }, (_, index) => progressAt(instant + 50 * (index - 40)));

const readFigures = async () => {
  const { reader } = await readerOf(then);
  const ranges: Ranges = { kind: 'bounds', bounds: [] };
  const room = { mostMoved: () => 10, spendMoved: () => {} };
  const wanted = { content: 'keys', ranges, seed: null, room } as const;
  const { figures: keys, rows } = await readBracketed({ before: reader, after: reader }, table, wanted);
  return { ...makeFigures({ ...withoutRows(table), rows, keys }), progress };
};

/** Compares a copy with these rows, and tells how often production was opened. */
const compare = async (rows: Row[], changes: Partial<Expectation>, copyAtMs: number) => {
  const listTables = async () => [table];
  const copy = await readerOf(rows, { listTables, readProgress: async () => progressAt(copyAtMs) });
  let opened = 0;
  const production = lendProduction(async () => {
    opened += 1;
    return (await readerOf(then, { listTables })).reader;
  });
  const reasons = new Map<string, string>();
  const expectation: Expectation = {
    kind: 'same-instant',
    restoreTo,
    bracket,
    figures: await readFigures(),
    checks: makeChecks({ tables: ['items'] }),
    defaultSchema: 'public',
    production,
    ...changes,
  };
  for await (const { name, reason } of compareRestored(copy.reader, expectation)) reasons.set(name, reason);
  return { opened, reason: reasons.get('rows public.items') };
};

test('a row is missing: production is opened once, and the finding names the row', async () => {
  const { opened, reason } = await compare(then.slice(1), {}, instant);
  expect(opened).toBe(1);
  expect(reason).toMatch(/^1 row is only in production: id 1; 1 row missing, 0 allowed/);
});

test.each<[string, Row[], Partial<Expectation>, number, RegExp]>([
  ['no check fails', then, {}, instant, /^the counts are equal/],
  ['the copy is from another time', then.slice(1), {}, instant - 60_000, /the copy is from another time$/],
  [
    'the start names its own time',
    then.slice(1),
    { kind: 'none', bracket: null },
    instant,
    /can no longer be/,
  ],
])('%s: production is not opened', async (_, rows, changes, copyAtMs, words) => {
  const { opened, reason } = await compare(rows, changes, copyAtMs);
  expect([opened, reason]).toEqual([0, expect.stringMatching(words)]);
});
