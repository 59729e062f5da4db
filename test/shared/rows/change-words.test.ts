import { expect, test } from 'vitest';
import { listChanges, summarizeChanges } from '../../../shared/rows/change-words.ts';
import type { DatabaseChanges, TableChanges } from '../../../shared/rows/database-changes.ts';

const nothing: DatabaseChanges = {
  tables: [],
  unchangedTables: 0,
  goneTables: [],
  addedTables: [],
  definitions: [],
  notCompared: [],
};

const orders: TableChanges = {
  table: 'public.orders',
  unchanged: 1000,
  changed: 12,
  gone: 3,
  added: 1040,
  isExact: true,
  margin: 0,
  key: ['id'],
  columns: [{ column: 'amount', rows: 12 }],
  listed: {
    changed: [
      { key: ['7'], columns: ['amount'] },
      { key: ['300007'], columns: ['amount'] },
    ],
    gone: [['1'], ['2'], ['3']],
    added: [['9001']],
  },
  redefined: { dropped: [], added: [] },
};

const everything: DatabaseChanges = {
  tables: [
    { ...orders, redefined: { dropped: ['note text'], added: [] } },
    { ...orders, table: 'public.log', key: [], isExact: false, margin: 20, gone: 0, changed: 0, columns: [] },
  ],
  unchangedTables: 4,
  goneTables: [{ table: 'public.users', rows: 1_000_000 }],
  addedTables: [{ table: 'public.later', rows: 1 }],
  definitions: [{ kind: 'views', added: ['new one'], dropped: [], altered: ['recent', 'revenue'] }],
  notCompared: [{ what: 'public.locked', reason: 'somebody holds a lock' }],
};

test('a message: the first three tables, what was lost first, and what there is besides', () => {
  expect(summarizeChanges({ ...nothing, tables: [orders] })).toBe(
    'public.orders: 12 changed (in amount), 3 gone, 1,040 new',
  );
  expect(summarizeChanges(everything)).toBe(
    'public.users: the table is gone; public.orders: 12 changed (in amount), 3 gone, 1,040 new, redefined; ' +
      'public.log: about 1,040 new, each give or take 20; 1 more table; definitions changed: views; 1 part not compared',
  );
  expect(summarizeChanges(nothing)).toBe('nothing changed');
});

test.each([
  [
    'every row',
    0,
    ': every row counts as changed since amount has another type, which writes values otherwise',
  ],
  ['some rows', 5, ''],
])('a column of another type, and %s differs: said if it may be the type alone', (_, unchanged, words) => {
  const redefined = { dropped: ['`amount` float'], added: ['`amount` varchar(20)'] };
  const line = listChanges({ ...nothing, tables: [{ ...orders, unchanged, redefined }] })[0];
  expect(line?.includes('every row counts as changed')).toBe(words !== '');
  const summary = summarizeChanges({
    ...nothing,
    tables: [{ ...orders, unchanged, redefined, gone: 0, added: 0 }],
  });
  expect(summary).toBe(`public.orders: 12 changed (in amount)${words.replace(':', ',')}, redefined`);
});

test('a page: a line for each table with the first keys, for each kind, and for what was not compared', () => {
  expect(listChanges(everything)).toEqual([
    'public.users: a dropped table, 1,000,000 rows',
    'public.orders: 12 changed (in amount): id 7, 300007 and 10 more; 3 gone: id 1, 2, 3; 1,040 new: id 9001 and 1,039 more; lost note text',
    'public.log: about 1,040 new; each give or take 20',
    'public.later: a new table, 1 row',
    'views: altered recent, revenue; new new one',
    'public.locked: not compared: somebody holds a lock',
    '4 tables unchanged',
  ]);
});

test('long names: cut', () => {
  const long = { ...orders, table: 't'.repeat(500), columns: [{ column: 'c'.repeat(500), rows: 1 }] };
  const [line = ''] = listChanges({ ...nothing, tables: [long] });
  expect(line.startsWith(`${'t'.repeat(120)}…: 12 changed (in ${'c'.repeat(40)}…): id 7`)).toBe(true);
});
