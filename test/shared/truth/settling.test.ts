import { describe, expect, test } from 'vitest';
import type { Table } from '../../../shared/database/tables.ts';
import type { Definitions } from '../../../shared/truth/bracket.ts';
import { compareCounts, findChanges } from '../../../shared/truth/settling.ts';
import { makeTable } from '../../functions/fakes.ts';

const orders: Table = {
  ...makeTable('public.orders', 10),
  version: '16384:16384',
  isFresh: false,
  removals: 7,
};

const definitions = (tables: Table[], renames = 0): Definitions => ({
  tables,
  others: [],
  changes: { all: renames, renames, trace: '' },
});

/** What is known of public.orders when it was like this before the first reading and like that after the last. */
const changeOf = (early: Table[], late: Table[], renames = 0) =>
  findChanges(definitions(early), definitions(late, renames)).get('public.orders');

test('a table that stayed as it was: nothing is unsettled', () => {
  expect(changeOf([orders], [orders])).toEqual({ hasRemovals: false });
});

test('rows were deleted or updated: known, since some may have come and gone', () => {
  expect(changeOf([orders], [{ ...orders, removals: 8 }])).toEqual({ hasRemovals: true });
});

test('no second look at the definitions: none is judged', () => {
  const late = { tables: [orders], others: [], changes: null };
  const change = findChanges(definitions([orders]), late).get('public.orders');
  expect(change).toEqual({ unsettled: expect.stringContaining('a second time'), hasRemovals: false });
});

test('a server that does not count removals: there may have been some', () => {
  const uncounted = { ...orders, removals: null };
  expect(changeOf([uncounted], [uncounted])).toEqual({ hasRemovals: true });
});

test.each<[string, Table[], Table[]]>([
  ['created', [], [orders]],
  ['dropped', [orders], []],
])('a table that was %s: neither its definition nor its rows are known', (_, early, late) => {
  const change = changeOf(early, late);
  expect(change?.unsettled).toContain('created, dropped or renamed');
  expect(change?.replaced).toBe(change?.unsettled);
});

describe('a definition that changed', () => {
  test.each<[string, Partial<Table>]>([
    ['an index more', { objects: [...orders.objects, 'CREATE INDEX i'] }],
    ['the same texts, written again in between', { isFresh: true }],
  ])('%s: the definition is unsettled, the rows are not', (_, changes) => {
    const change = changeOf([orders], [{ ...orders, ...changes }]);
    expect(change?.unsettled).toContain('changed the definition');
    expect(change?.replaced).toBeUndefined();
  });

  test('other columns: the rows are unsettled too', () => {
    const change = changeOf([orders], [{ ...orders, columns: [...orders.columns, 'note text'] }]);
    expect(change?.unsettled).toContain('changed the definition');
    expect(change?.replaced).toContain('truncated, rewrote or replaced');
  });

  test('the same objects in another order: nothing changed', () => {
    const two = { ...orders, objects: ['a', 'b'] };
    expect(changeOf([two], [{ ...two, objects: ['b', 'a'] }])).toEqual({ hasRemovals: false });
  });
});

test('a table that was truncated or swapped for another: its rows are unsettled, its definition is not', () => {
  const change = changeOf([orders], [{ ...orders, version: '16384:16999' }]);
  expect(change).toMatchObject({ replaced: expect.stringContaining('truncated') });
  expect(change?.unsettled).toBeUndefined();
});

test('a server that does not tell what is fresh: a table of another version may have been made again', () => {
  const { isFresh: _, ...plain } = orders;
  expect(changeOf([plain], [{ ...plain, version: '16999' }])?.unsettled).toContain('changed the definition');
});

describe('counts of changed definitions', () => {
  const counted = { all: 5, renames: 0, trace: '' };
  const traced = { all: null, renames: 0, trace: '11 12' };

  test.each([
    ['the same count', counted, counted, { has: false, mayHave: false }],
    ['a count that grew', counted, { ...counted, all: 6 }, { has: true, mayHave: true }],
    ['a reader, the same trace', traced, traced, { has: false, mayHave: true }],
    ['a reader, another trace', traced, { ...traced, trace: '11 13' }, { has: true, mayHave: true }],
    ['no time for a second look', counted, null, { has: true, mayHave: true }],
  ])('%s', (_, early, late, expected) => {
    expect(compareCounts(early, late)).toEqual(expected);
  });
});

test('tables were renamed: those with a twin may have been swapped and swapped back', () => {
  const twin = { ...makeTable('public.orders_old', 10) };
  expect(changeOf([orders, twin], [orders, twin], 2)?.replaced).toContain('replaced');
  const other = { ...twin, columns: ['n int'] };
  expect(changeOf([orders, other], [orders, other], 2)?.replaced).toBeUndefined();
});
