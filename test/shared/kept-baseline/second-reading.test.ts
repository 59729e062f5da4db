import { describe, expect, test } from 'vitest';
import type { Counter, Reader } from '../../../shared/database/port.ts';
import type { Table } from '../../../shared/database/tables.ts';
import { pack, unpack } from '../../../shared/job/packing.ts';
import { readFirst } from '../../../shared/kept-baseline/first-reading.ts';
import { completeFigures } from '../../../shared/kept-baseline/second-reading.ts';
import type { Checks } from '../../../shared/plan/plans.ts';
import { failWith, makeDatabase, makeTable } from '../../functions/fakes.ts';
import { at, makeChecks, makePassedDrill } from '../drill/state-fixture.ts';

const bytesOf = (value: unknown): number => Buffer.byteLength(pack(value));
const rows = { 'public.users': 1200, 'public.events': 16_000 };
const createdAt = at('08:03');

type Options = { first?: Partial<Reader>; second?: Partial<Reader>; checks?: Partial<Checks> };

/** Production stands still but for these changes. The readings are at 08:01 and at 08:06, or as late as is asked for. */
const readTwice = async ({ first = {}, second = {}, checks: asked = {} }: Options = {}) => {
  const { baselineAddress } = makePassedDrill().PrepareDrill;
  const open = (time: string, changes: Partial<Reader>): Promise<Reader> =>
    makeDatabase(rows, {
      openSnapshot: async (notBeforeMs) => Math.max(notBeforeMs, Date.parse(at(time))),
      ...changes,
    }).database.open(baselineAddress, { sessions: 1, remainingMs: () => 1000 });
  const checks = makeChecks(asked);
  const early = await open('08:01', first);
  const kept = pack(await readFirst(early, { checks, defaultSchema: 'public', seed: 1, bytesOf }));
  return completeFigures(await open('08:06', second), unpack(kept), { checks, createdAt });
};

const tableOf = (name: string, { figures }: Awaited<ReturnType<typeof readTwice>>) =>
  figures.tables.find(({ table }) => table === `public.${name}`);

describe('the bracket', () => {
  test('it reaches from the first reading to the second, around the time of the snapshot', async () => {
    const { bracket } = await readTwice();
    expect(bracket).toEqual({ instant: createdAt, beforeMs: 120_000, afterMs: 180_000 });
  });

  test('a server that tells what was written: the span between both', async () => {
    const marks = { first: { readMark: async () => '1:1:' }, second: { readMark: async () => '9:9:' } };
    const span = { from: '1:1:', to: '9:9:' };
    expect((await readTwice(marks)).bracket).toMatchObject({ span, defined: span });
  });

  test('a reader that lags: the second snapshot waits for what was committed before the time of the snapshot', async () => {
    const asked: number[] = [];
    const openSnapshot = async (notBeforeMs: number) => {
      asked.push(notBeforeMs - Date.parse(createdAt));
      return notBeforeMs;
    };
    await readTwice({ second: { readLag: async () => 900, openSnapshot } });
    expect(asked[0]).toBeGreaterThan(900);
  });
});

describe('tables', () => {
  const users = makeTable('users', 1200);
  const events = makeTable('events', 16_000);
  const list = (...tables: Table[]) => ({ listTables: async () => tables });

  test.each<[string, Table[], Table[], string]>([
    ['dropped', [users, events], [events], 'created, dropped or renamed'],
    ['created', [events], [users, events], 'created, dropped or renamed'],
    [
      'rewritten',
      [{ ...users, version: '1' }],
      [{ ...users, version: '2' }],
      'truncated, rewrote or replaced',
    ],
    [
      'given a column',
      [users],
      [{ ...users, columns: ['id bigint not null'] }],
      'truncated, rewrote or replaced',
    ],
  ])(
    'one that production has %s meanwhile: its rows are unread, and its definition is not judged',
    async (_, one, other, why) => {
      const read = await readTwice({ first: list(...one), second: list(...other) });
      expect(tableOf('users', read)).toMatchObject({ rows: null, keys: null, unsettled: expect.any(String) });
      expect(tableOf('users', read)?.unread).toContain(why);
    },
  );

  test('one that is the same, and one whose index is new: the rows of both are compared', async () => {
    const indexed = { ...users, objects: [...users.objects, 'index users_name (name)'] };
    const read = await readTwice({ first: list(users, events), second: list(indexed, events) });
    expect(tableOf('users', read)).toMatchObject({ rows: { before: 1200 }, unread: null });
    expect(tableOf('users', read)?.unsettled).toContain('changed the definition');
    expect(tableOf('events', read)).not.toHaveProperty('unsettled');
  });

  test.each(['first', 'second'] as const)(
    'one that is locked at the %s reading: unread, with the reason',
    async (when) => {
      const locked = { readDigest: failWith('DatabaseBusy') };
      expect(tableOf('users', await readTwice({ [when]: locked }))).toMatchObject({
        rows: null,
        unread: 'injected DatabaseBusy',
      });
    },
  );

  test('one that gets another key: its rows are unread, since ranges and buckets go by the key', async () => {
    const other = { ...users, key: ['name'], objects: ['primary key (name)'] };
    const read = await readTwice({ first: list(users), second: list(other) });
    expect(tableOf('users', read)).toMatchObject({ rows: null, unread: expect.stringContaining('the key') });
  });

  test('a tolerance by hand: counted, and rows that were written meanwhile may have been missing', async () => {
    const fresh = { rows: 7, hash: 0n };
    const late = { readDigest: async () => [{ range: 0, bucket: 0, rows: 1203, hash: 0n, fresh }] };
    const read = await readTwice({ second: late, checks: { tables: ['users'], tolerance: '1%' } });
    expect(tableOf('users', read)).toMatchObject({
      rows: { before: 1200, after: 1203, moved: 7 },
      keys: null,
    });
  });
});

describe('a table of MySQL that counts its rows', () => {
  const queue = { ...makeTable('users', 1200), counted: 'id' };
  const counter: Counter = { name: 'public.users', next: '1300', isRising: true, isRestored: false };
  const old = { range: 0, bucket: 0, rows: 1200, hash: 5n };
  const reader = {
    listTables: async () => [queue],
    listCounters: async () => [counter],
    chooseBounds: async () => [],
    readDigest: async () => [old],
  };

  test('rows that were added since have a range of their own, which proves nothing', async () => {
    const added = { range: 1, bucket: 0, rows: 30, hash: 9n };
    const read = await readTwice({
      first: reader,
      second: { ...reader, readDigest: async () => [old, added] },
    });
    expect(tableOf('users', read)?.keys).toMatchObject({
      ranges: { bounds: ['1300'] },
      newer: 1,
      parts: [
        { rows: 1200, moved: [] },
        { rows: 0, moved: [], movedRows: 30 },
      ],
    });
  });

  test('the server tells a counter that rows have passed already: they are compared all the same', async () => {
    const passed = { range: 1, bucket: 0, rows: 30, hash: 9n };
    const readDigest: Reader['readDigest'] = async (_table, { ranges }) =>
      ranges.kind === 'bounds' && ranges.bounds.length > 0 ? [old, passed] : [{ ...old, rows: 1230 }];
    const both = { ...reader, readDigest };
    const keys = tableOf('users', await readTwice({ first: both, second: both }))?.keys;
    expect(keys).toMatchObject({ ranges: { bounds: [] }, parts: [{ rows: 1230, moved: [] }] });
    expect(keys).not.toHaveProperty('newer');
  });

  test('a server that tells what was written needs no such range', async () => {
    const marks = { readMark: async () => '1:1:' };
    const read = await readTwice({ first: { ...reader, ...marks }, second: { ...reader, ...marks } });
    expect(tableOf('users', read)?.keys).not.toHaveProperty('newer');
  });
});

describe('the rest', () => {
  const view = (name: string, text: string) => ({ kind: 'views', name, text });

  test('definitions: what production changed is named, and only the rest is kept', async () => {
    const { figures } = await readTwice({
      first: { listDefinitions: async () => [view('same', 'a'), view('changed', 'a'), view('gone', 'a')] },
      second: { listDefinitions: async () => [view('same', 'a'), view('changed', 'b'), view('new', 'a')] },
    });
    expect(figures.definitions?.kinds).toMatchObject([
      { kind: 'views', count: 1, each: { names: ['same'] }, unsettled: ['changed', 'gone', 'new'] },
    ]);
  });

  test.each(['first', 'second'] as const)(
    'definitions that cannot be read at the %s reading: none is known, and why',
    async (when) => {
      const { figures } = await readTwice({ [when]: { listDefinitions: failWith('OutOfTime') } });
      expect(figures.definitions).toEqual({ kinds: null, unread: 'injected OutOfTime' });
    },
  );

  test('objects and counters behind their column: what is not the same both times is not judged', async () => {
    const late = (name: string) => ({
      listLateCounters: async () => [{ name, table: '', next: '1', highest: '2' }],
    });
    const { figures } = await readTwice({
      first: { listObjects: async () => ['hstore 1', 'plpgsql 1'], ...late('a') },
      second: { listObjects: async () => ['plpgsql 1'], ...late('b') },
    });
    expect(figures).toMatchObject({
      objects: ['plpgsql 1'],
      unsettledObjects: ['hstore 1'],
      lateCounters: ['a', 'b'],
    });
  });

  test('a counter that went back is not judged, and the others keep their first position', async () => {
    const counter = (name: string, next: string): Counter => ({
      name,
      next,
      isRising: true,
      isRestored: true,
    });
    const { figures } = await readTwice({
      first: { listCounters: async () => [counter('a', '10'), counter('b', '10')] },
      second: { listCounters: async () => [counter('a', '20'), counter('b', '5')] },
    });
    expect(figures.counters).toMatchObject({ each: { names: ['a'], nexts: ['10'] }, unsettled: ['b'] });
  });

  test('more counters than fit: those that are left out are no news', async () => {
    const many = Array.from(
      { length: 1003 },
      (_, index): Counter => ({
        name: `s${index}`,
        next: '1',
        isRising: true,
        isRestored: true,
      }),
    );
    const listCounters = async () => many;
    const { figures } = await readTwice({ first: { listCounters }, second: { listCounters } });
    expect(figures.counters).toMatchObject({ unsettled: [], left: 3 });
  });

  test('two looks at how far production is', async () => {
    const look = (next: number) => ({ readProgress: async () => ({ atMs: 0, counts: { t: next } }) });
    const { figures } = await readTwice({ first: look(5), second: look(9) });
    expect(figures.progress).toEqual([
      { atMs: Date.parse(at('08:01')), counts: { t: 5 } },
      { atMs: Date.parse(at('08:06')), counts: { t: 9 } },
    ]);
  });

  const same = { queries: [{ name: 'sum', sql: 'select 1', expect: 'same' as const }] };

  test.each([
    ['nothing moved', {}, false],
    ['rows moved', { readDigest: async () => [{ range: 0, bucket: 0, rows: 3, hash: 3n }] }, true],
    ['definitions changed', { countChanges: async () => ({ all: 3, renames: 0, trace: '' }) }, true],
  ])('a query, asked twice, and %s: may it have answered otherwise? %s', async (_, second, mayDiffer) => {
    const answers = (answer: string) => ({ runQuery: async () => [[answer]] });
    const { figures } = await readTwice({
      first: answers('1'),
      second: { ...answers('2'), ...second },
      checks: same,
    });
    expect(figures.queries).toEqual([{ name: 'sum', before: [['1']], after: [['2']], mayDiffer }]);
  });

  test('a query of the plan with a mistake: named, before anything is restored', async () => {
    const asked = readTwice({ first: { runQuery: failWith('InvalidPlan') }, checks: same });
    await expect(asked).rejects.toMatchObject({
      name: 'InvalidPlan',
      summary: expect.stringContaining('"sum"'),
    });
  });
});
