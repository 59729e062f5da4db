import { describe, expect, test } from 'vitest';
import type { Reader } from '../../../shared/database/port.ts';
import { DrillError } from '../../../shared/errors.ts';
import type { Checks } from '../../../shared/plan/plans.ts';
import { summarizeCounters } from '../../../shared/truth/counter-checks.ts';
import { describeFigures, type FiguresRequest, readFigures } from '../../../shared/truth/figures.ts';
import { failWith, makeDatabase, makeTable } from '../../functions/fakes.ts';
import { at, makeChecks, makeFigures, makePassedDrill, makeTableFigures } from '../drill/state-fixture.ts';

const { baselineAddress } = makePassedDrill().PrepareDrill;
const bracket = { instant: at('08:00:04'), beforeMs: 36, afterMs: 254 };
const noCounters = summarizeCounters([], []);
const rows = { 'public.users': 1200, 'public.events': 16_000 };

type Changes = { before?: Partial<Reader>; after?: Partial<Reader>; request?: Partial<FiguresRequest> };

/** The figures of production, which stands still except for these changes. */
const read = async (checks: Partial<Checks>, { before, after, request }: Changes = {}) => {
  const [early, late] = [makeDatabase(rows, before), makeDatabase(rows, after)];
  const options = { sessions: 1, remainingMs: () => 1000 };
  const readers = {
    before: await early.database.open(baselineAddress, options),
    after: await late.database.open(baselineAddress, options),
  };
  const tables = await readers.before.listTables();
  const opened = {
    bracket,
    tables,
    progress: [],
    early: { tables, others: [], changes: { all: 0, renames: 0, trace: '' } },
    counters: noCounters,
  };
  const asked = { checks: makeChecks(checks), defaultSchema: 'public', opened, seed: 7, ...request };
  return {
    figures: await readFigures(readers, asked),
    readBefore: early.seen.read,
    readAfter: late.seen.read,
  };
};

const onlyUsers = { tables: ['users'] };
const onlyEvents = { tables: ['events'] };

describe('what is read of a table', () => {
  test('tolerance auto: the keys', async () => {
    const { figures, readBefore, readAfter } = await read(onlyUsers);
    expect(figures.tables).toMatchObject([
      { keys: { content: 'keys' }, values: null, note: null, unread: null },
    ]);
    expect([readBefore, readAfter]).toEqual([['keys public.users'], ['keys public.users']]);
  });

  test('a tolerance by hand: the count alone, and nothing counts as moved', async () => {
    const late = { readDigest: async () => [{ range: 0, bucket: 0, rows: 1203, hash: 0n }] };
    const { figures, readBefore } = await read({ ...onlyUsers, tolerance: '1%' }, { after: late });
    expect(figures.tables).toMatchObject([
      { rows: { before: 1200, after: 1203, moved: 0 }, keys: null, values: null },
    ]);
    expect(readBefore).toEqual(['rows public.users']);
  });

  test('checksum full: all values, which hold the count too', async () => {
    const { figures, readBefore } = await read({ ...onlyUsers, checksum: 'full' });
    expect(figures.tables).toMatchObject([
      { rows: { before: 1200 }, keys: null, values: { content: 'values', seed: null }, note: null },
    ]);
    expect(readBefore).toEqual(['values public.users']);
  });

  const view = { ...makeTable('seen', 10), isPopulated: true };
  const withView = (changes: object = {}) => ({
    listTables: async () => [makeTable('users', 1200), { ...view, ...changes }],
    readDigest: async () => [{ range: 0, bucket: 0, rows: 10, hash: 7n }],
  });

  test('a materialized view: read if the plan names it, and left out of all tables', async () => {
    const named = await read({ tables: ['users', 'seen'] }, { before: withView(), after: withView() });
    expect(named.figures.tables).toMatchObject([
      { table: 'public.users' },
      { table: 'public.seen', unread: null },
    ]);
    const all = await read({}, { before: withView(), after: withView() });
    expect(all.figures.tables).toMatchObject([{ table: 'public.users' }]);
  });

  test('all tables, and an override for a materialized view: TableNotFound', async () => {
    const overrides = { seen: { checksum: 'full' as const } };
    await expect(read({ overrides }, { before: withView(), after: withView() })).rejects.toMatchObject({
      name: 'TableNotFound',
    });
  });

  test.each<[string, Partial<Reader>, string]>([
    ['that is not populated', withView({ isPopulated: false }), 'the materialized view is not populated'],
    [
      'that loses its rows while it is read',
      { ...withView(), readDigest: failWith('DatabaseFailure') },
      'injected DatabaseFailure',
    ],
  ])('a materialized view %s: unread, with the reason', async (_, before, unread) => {
    const { figures } = await read({ tables: ['seen'] }, { before, after: withView() });
    expect(figures.tables).toMatchObject([{ table: 'public.seen', rows: null, unread }]);
  });

  const changed: Reader['readDigest'] = async (_table, { content }) => [
    { range: 0, bucket: 0, rows: 1200, hash: content === 'values' ? 8n : 7n },
  ];

  test('checksum full, every row changed between the readings: by their keys the rows are told all the same', async () => {
    const still = { readDigest: async () => [{ range: 0, bucket: 0, rows: 1200, hash: 7n }] };
    const { figures } = await read(
      { ...onlyUsers, checksum: 'full' },
      { before: still, after: { readDigest: changed } },
    );
    expect(figures.tables).toMatchObject([
      { rows: { before: 1200, after: 1200, moved: 0 }, keys: { parts: [{ rows: 1200, moved: [] }] } },
    ]);
  });

  test('checksum full and a tolerance by hand, every row changed: that allows no row to be missing', async () => {
    const { figures } = await read(
      { ...onlyUsers, checksum: 'full', tolerance: '1%' },
      { after: { readDigest: changed } },
    );
    expect(figures.tables).toMatchObject([{ rows: { moved: 0 }, keys: null }]);
  });

  const samples = [{ from: ['7'], to: null }];
  const chooseSamples: Reader['chooseSamples'] = async (_table, { ranges, rows: each, seed }) =>
    `${ranges} of ${each} by ${seed}` === '8 of 1000 by 7' ? samples : [];

  test('checksum sampled: values of samples that the seed chooses, and the keys of all rows', async () => {
    const { figures, readBefore } = await read(
      { ...onlyEvents, checksum: 'sampled' },
      { before: { chooseSamples } },
    );
    expect(figures.tables).toMatchObject([
      {
        rows: { before: 16_000 },
        keys: { content: 'keys', ranges: { kind: 'bounds' } },
        values: { content: 'values', seed: 7, ranges: { kind: 'samples', samples } },
        note: null,
      },
    ]);
    expect(readBefore.toSorted()).toEqual(['keys public.events', 'values public.events']);
  });

  test('checksum sampled with a tolerance by hand: values of samples, and the count', async () => {
    const checks = { ...onlyEvents, checksum: 'sampled', tolerance: 3 } as const;
    const { figures, readBefore } = await read(checks, { before: { chooseSamples } });
    expect(figures.tables).toMatchObject([{ rows: { before: 16_000 }, keys: null, values: { seed: 7 } }]);
    expect(readBefore.toSorted()).toEqual(['rows public.events', 'values public.events']);
  });

  const listOne = (changes: object) => ({
    listTables: async () => [{ ...makeTable('events', 16_000), ...changes }],
  });

  test.each<[string, Partial<Reader>]>([
    ['with fewer than 16,000 rows', { ...listOne({ estimatedRows: 15_999 }), chooseSamples }],
    ['without a key', { ...listOne({ key: [] }), chooseSamples }],
    ['in which the database finds no samples', { chooseSamples: async () => [] }],
  ])('checksum sampled, table %s: all values, and a note says so', async (_, before) => {
    const { figures, readBefore } = await read({ ...onlyEvents, checksum: 'sampled' }, { before });
    expect(figures.tables).toMatchObject([
      { keys: null, values: { seed: null }, note: expect.stringMatching(/sample/) },
    ]);
    expect(readBefore).toEqual(['values public.events']);
  });

  test('freshness: the newest time before the instant, from the first reading', async () => {
    const newest = { text: '2026-11-16 09:00:00', isZoned: false };
    const freshness = { column: 'at', within: '1h', timeZone: 'Europe/Paris' };
    const before = { readNewest: async () => newest };
    const after = { readNewest: failWith('DatabaseFailure') };
    const { figures } = await read({ ...onlyUsers, overrides: { users: { freshness } } }, { before, after });
    expect(figures.tables[0]?.newest).toBe(at('08:00'));
  });
});

describe('what a start that names its own time gets', () => {
  test('no rows and no times, but the schema; and every query is asked once, so that a wrong one is found', async () => {
    const freshness = { column: 'at', within: '1h', timeZone: 'UTC' };
    const checks = {
      overrides: { users: { freshness } },
      queries: [{ name: 'sum', sql: 'select 1', expect: 'same' }],
    };
    const { figures, readBefore } = await read(checks, {
      before: { readNewest: failWith('DatabaseFailure') },
      after: { runQuery: failWith('DatabaseFailure') },
      request: { opened: null },
    });
    expect(figures.tables).toMatchObject([
      {
        table: 'public.users',
        columns: ['id bigint not null', 'name text'],
        rows: null,
        keys: null,
      },
      { table: 'public.events', rows: null, keys: null },
    ]);
    expect(figures.queries).toEqual([{ name: 'sum', before: [['1']], after: null }]);
    expect(readBefore).toEqual([]);
  });
});

describe('what is asked of the database as a whole', () => {
  test('extensions that only one reading has, and late counters: unsettled, and as they are before the instant', async () => {
    const late = [{ name: 'public.s', table: 'public.users', next: '7', highest: '8' }];
    const before = {
      listObjects: async () => ['plpgsql 1.0', 'citext 1.6'],
      listLateCounters: async () => late,
    };
    const { figures } = await read(onlyUsers, { before });
    expect(figures).toMatchObject({
      objects: ['plpgsql 1.0'],
      unsettledObjects: ['citext 1.6'],
      lateCounters: ['public.s'],
    });
  });

  test('a table that was there at the second snapshot alone: neither its definition nor its rows are judged', async () => {
    const tables = Object.entries(rows).map(([name, count]) => makeTable(name, count));
    const early = { tables, others: [], changes: { all: 0, renames: 0, trace: '' } };
    const passingBy = [...tables, makeTable('public.passing', 3)];
    const opened = { bracket, early, progress: [], tables: passingBy, counters: noCounters };
    const { figures } = await read({}, { request: { opened } });
    const passing = figures.tables.find(({ table }) => table === 'public.passing');
    expect(passing?.unsettled).toContain('created, dropped or renamed');
    expect(passing?.unread).toBe(passing?.unsettled);
  });

  test.each(['OutOfTime', 'DatabaseBusy'] as const)(
    'a second look at the definitions ends with %s: what was read of the rows still counts',
    async (error) => {
      const { figures } = await read(onlyUsers, { after: { listTables: failWith(error) } });
      expect(figures.tables).toMatchObject([{ rows: { before: 1200, after: 1200 }, unread: null }]);
      expect(figures.definitions).toMatchObject({ kinds: null, unread: expect.stringContaining(error) });
    },
  );

  test('queries: asked after the instant only where the same answer is expected, without the semicolon', async () => {
    const asked: string[] = [];
    const ask = (when: string) => ({
      runQuery: async (sql: string) => {
        asked.push(`${when} ${sql}`);
        return [[when]];
      },
    });
    const queries = [
      { name: 'sum', sql: 'select sum(a) from b;', expect: 'same' },
      { name: 'orphans', sql: 'select 0', expect: 0 },
    ];
    const { figures } = await read({ ...onlyUsers, queries }, { before: ask('before'), after: ask('after') });
    expect(figures.queries).toEqual([
      { name: 'sum', before: [['before']], after: [['after']] },
      { name: 'orphans', before: [['before']], after: null },
    ]);
    expect(asked.toSorted()).toEqual([
      'after select sum(a) from b',
      'before select 0',
      'before select sum(a) from b',
    ]);
  });
});

describe('what stops the baseline', () => {
  const query = { name: 'sum', sql: 'select 1', expect: 0 };

  test('a query that fails: its error, with the name of the query and the hint', async () => {
    const runQuery = () => Promise.reject(new DrillError('DatabaseDenied', 'no right', { hint: 'grant it' }));
    const reading = read({ queries: [query] }, { before: { runQuery } });
    await expect(reading).rejects.toMatchObject({
      name: 'DatabaseDenied',
      summary: 'query "sum": no right',
      hint: 'grant it',
    });
  });

  test('a query that fails otherwise: as it is', async () => {
    const runQuery = () => Promise.reject(new TypeError('a defect'));
    await expect(read({ queries: [query] }, { before: { runQuery } })).rejects.toMatchObject({
      name: 'TypeError',
    });
  });

  test('no such freshness column: ColumnNotFound', async () => {
    const freshness = { column: 'at', within: '1h', timeZone: 'UTC' };
    const reading = read(
      { overrides: { users: { freshness } } },
      { before: { readNewest: failWith('ColumnNotFound') } },
    );
    await expect(reading).rejects.toMatchObject({ name: 'ColumnNotFound' });
  });

  test('settled rows by a column that there is not: ColumnNotFound, whatever is restored to', async () => {
    const settled = { users: { column: 'at', margin: '15m', deletes: 'never', timeZone: 'UTC' } } as const;
    const timeColumn = () => {
      throw new DrillError('ColumnNotFound', 'injected');
    };
    const reading = read({ settled }, { before: { timeColumn }, request: { opened: null } });
    await expect(reading).rejects.toMatchObject({ name: 'ColumnNotFound' });
  });

  test('settled rows of a table that there is not: TableNotFound', async () => {
    const settled = { gone: { column: 'at', margin: '15m', deletes: 'never', timeZone: 'UTC' } } as const;
    await expect(read({ settled })).rejects.toMatchObject({
      name: 'TableNotFound',
      summary: expect.stringContaining('no table public.gone'),
    });
  });

  test('several tables fail: the error of the first in order, and only once nothing is under way', async () => {
    const held = Promise.withResolvers<void>();
    let isSettled = false;
    const readDigest: Reader['readDigest'] = async ({ table }) => {
      if (table === 'users') await held.promise;
      throw new DrillError(table === 'users' ? 'DatabaseDenied' : 'DatabaseBusy', table);
    };
    const reading = read({}, { before: { readDigest } }).finally(() => {
      isSettled = true;
    });
    reading.catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    expect(isSettled).toBe(false);
    held.resolve();
    await expect(reading).rejects.toMatchObject({ name: 'DatabaseDenied' });
  });
});

describe('figures in words', () => {
  const users = makeTableFigures('public.users', 1200);

  test.each([
    ['nothing was read', makeFigures({ ...users, rows: null }), '1 table'],
    ['nothing moved', makeFigures(users, users), '2 tables; 2,400 rows, 0 of them moved during the instant'],
    [
      'rows were told apart',
      makeFigures({ ...users, rows: { before: 1200, after: 1201, moved: 5 } }),
      '1 table; 1,200 rows, 5 of them moved during the instant',
    ],
    [
      'rows were only counted',
      makeFigures({ ...users, rows: { before: 1200, after: 1193, moved: 0 } }),
      '1 table; 1,200 rows, 7 of them moved during the instant',
    ],
    [
      'many were not read in time',
      makeFigures(users, ...Array.from({ length: 7 }, () => ({ ...users, rows: null, unread: 'late' }))),
      `8 tables; 1,200 rows, 0 of them moved during the instant; not read: ${'public.users, '.repeat(4)}public.users and 2 more`,
    ],
  ])('%s: in these words', (_, figures, words) => {
    expect(describeFigures(figures)).toBe(words);
  });
});
