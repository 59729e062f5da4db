import { expect, test } from 'vitest';
import type { Definition, Reader } from '../../../shared/database/port.ts';
import { formatTableName, type Table } from '../../../shared/database/tables.ts';
import { describeChanges, type ListedDatabase } from '../../../shared/rows/database-changes.ts';
import { failWith } from '../../functions/fakes.ts';
import { makeSimulatedTable, type Row, readerOf } from '../truth/simulated-table.ts';

type State = { tables: [Table, Row[]][]; views?: Definition[]; changes?: Partial<Reader> };

/** A database with tables of these rows. */
const open = async ({ tables, views = [], changes = {} }: State): Promise<ListedDatabase> => {
  const readers = new Map<string, Reader>();
  for (const [table, rows] of tables) readers.set(table.table, (await readerOf(rows)).reader);
  const readerFor = ({ table }: { table: string }): Reader => {
    const reader = readers.get(table);
    if (reader === undefined) throw new Error(`there is no table ${table}`);
    return reader;
  };
  const { reader } = await readerOf([], {
    readDigest: (table, request) => readerFor(table).readDigest(table, request),
    readRows: (table, request) => readerFor(table).readRows(table, request),
    readByKey: (table, keys, hashing) => readerFor(table).readByKey(table, keys, hashing),
    listDefinitions: async () => views,
    ...changes,
  });
  return { reader, tables: new Map(tables.map(([table]) => [formatTableName(table), table])) };
};

const named = (table: string, changes: Partial<Table> = {}): Table =>
  makeSimulatedTable({ table, ...changes });
const rows = (...values: [number, string][]): Row[] => values.map(([id, value]) => ({ key: [id], value }));
const limits = { mostFetched: 1000, mostListed: 10, mostExamined: 100 };

const nothing = { dropped: [], added: [] };
const view = (name: string, text: string): Definition => ({ kind: 'views', name, text });

test('tables that changed, what was lost first; those that came and went; definitions by kind; and it is JSON', async () => {
  const earlier = await open({
    tables: [
      [named('added to'), rows([1, 'a'])],
      [named('dropped'), rows([1, 'a'], [2, 'b'])],
      [named('same'), rows([1, 'a'])],
      [named('written'), rows([1, 'a'], [2, 'b'], [3, 'c'], [10, 'd'])],
    ],
    views: [
      view('recent', 'select 1'),
      view('old', 'select 1'),
      view('same', 'select 1'),
      { ...view('secret', ''), isUnread: true },
    ],
  });
  const later = await open({
    tables: [
      [named('added to'), rows([1, 'a'], [2, 'b'], [3, 'c'], [4, 'd'])],
      [named('new'), rows([1, 'a'])],
      [named('same'), rows([1, 'a'])],
      [
        named('written', { columns: ['id bigint not null', 'value varchar'] }),
        rows([1, 'a'], [3, 'x'], [10, 'y']),
      ],
    ],
    views: [
      view('recent', 'select 2'),
      view('later', 'select 1'),
      view('same', 'select 1'),
      view('secret', 'select 1'),
    ],
  });
  const changes = await describeChanges(earlier, later, limits);
  const common = { isExact: true, margin: 0, key: ['id'] };
  expect(changes).toEqual({
    tables: [
      {
        ...common,
        table: 'public.written',
        unchanged: 1,
        changed: 2,
        gone: 1,
        added: 0,
        columns: [{ column: 'value', rows: 2 }],
        listed: {
          changed: [
            { key: ['3'], columns: ['value'] },
            { key: ['10'], columns: ['value'] },
          ],
          gone: [['2']],
          added: [],
        },
        redefined: { dropped: ['value text'], added: ['value varchar'] },
      },
      {
        ...common,
        table: 'public.added to',
        unchanged: 1,
        changed: 0,
        gone: 0,
        added: 3,
        columns: [],
        listed: { changed: [], gone: [], added: [['2'], ['3'], ['4']] },
        redefined: nothing,
      },
    ],
    unchangedTables: 1,
    goneTables: [{ table: 'public.dropped', rows: 2 }],
    addedTables: [{ table: 'public.new', rows: 1 }],
    definitions: [{ kind: 'views', added: ['later'], dropped: ['old'], altered: ['recent'] }],
    notCompared: [{ what: 'views secret', reason: 'the user may not read all of it' }],
  });
  expect(JSON.parse(JSON.stringify(changes))).toEqual(changes);
});

test('a table and the definitions that cannot be read: named with the reason, and the others compared', async () => {
  const same = rows([1, 'a']);
  const tables: [Table, Row[]][] = [
    [named('locked'), same],
    [named('open'), same],
  ];
  const earlier = await open({ tables });
  const later = await open({
    tables,
    changes: {
      readDigest: async (table, request) =>
        table.table === 'locked' ? failWith('DatabaseBusy')() : earlier.reader.readDigest(table, request),
      listDefinitions: failWith('OutOfTime'),
    },
  });
  expect(await describeChanges(earlier, later, limits)).toMatchObject({
    tables: [],
    unchangedTables: 1,
    notCompared: [
      { what: 'public.locked', reason: 'injected DatabaseBusy' },
      { what: 'definitions', reason: 'injected OutOfTime' },
    ],
  });
});

test('tables alone, one with a condition: nothing is asked of definitions, and only its rows that meet it are read', async () => {
  const conditions = { 'public.orders': { expression: 'tenant = 7' } };
  const read: unknown[] = [];
  const earlier = await open({
    tables: [
      [named('orders'), rows([1, 'a'])],
      [named('users'), rows([1, 'a'])],
    ],
    changes: { listDefinitions: failWith('OutOfTime') },
  });
  const noting = (reader: Reader): Reader => ({
    ...reader,
    readDigest: (table, request) => {
      read.push([table.table, request.where]);
      return reader.readDigest(table, request);
    },
  });
  const later = { ...earlier, tables: new Map([...earlier.tables].slice(1)) };
  const changes = await describeChanges({ ...earlier, reader: noting(earlier.reader) }, later, {
    ...limits,
    conditions,
    isTablesAlone: true,
  });
  expect(changes).toMatchObject({ definitions: [], notCompared: [], goneTables: [{ rows: 1 }] });
  expect(read).toContainEqual(['orders', conditions['public.orders']]);
  expect(read).toContainEqual(['users', undefined]);
});

test('a materialized view: its rows are not compared, and it is named', async () => {
  const database = await open({ tables: [[named('sums', { isPopulated: true }), rows([1, 'a'])]] });
  expect(await describeChanges(database, database, limits)).toMatchObject({
    tables: [],
    unchangedTables: 0,
    notCompared: [{ what: 'public.sums', reason: 'rows of materialized views are not compared' }],
  });
});
