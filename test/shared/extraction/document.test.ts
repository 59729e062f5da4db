import { describe, expect, test } from 'vitest';
import { extractExample } from '../../../local/documents/extract-example.ts';
import { explainExtract } from '../../../shared/extraction/words.ts';
import { nameFailure } from '../../../shared/job/failure.ts';
import { failCheck, halfExtracted, makeExtract, nothingExtracted } from './extract-fixture.ts';

const { sandbox, tables, changes } = extractExample;
const found = changes?.found;

test('all of it is there and equal: passed, and said in one sentence', () => {
  const extract = makeExtract();
  expect(extract).toMatchObject({ verdict: 'passed', failure: null, schema: 'aurora-drills/extract/1' });
  const { sentence, meaning, steps } = explainExtract(extract);
  expect(sentence).toBe(
    'public.orders and 1 more of shop are in sandbox dev as of 2026-11-19 16:00:00 UTC: 1,292,754 rows, 4 of 4 checks passed.',
  );
  expect(meaning).toEqual([
    'Of public.orders, only rows where tenant_id = 7 were asked for.',
    'public.orders: trigger audit_orders is left out',
    'public.orders: policy by_tenant is left out',
    'public.users came along: a foreign key points to it.',
    'Production since then: public.orders: 1,204 changed (in amount), 3 gone, 40 new.',
  ]);
  expect(steps).toEqual([
    'look at it in database sandbox of dev-aurora, schema extract_shop_20261119160000_3c4d5e6f',
    'to bring rows back, have somebody read the SQL in the report first: nothing was written to production',
    'when nobody needs it, drop it by hand: drop schema extract_shop_20261119160000_3c4d5e6f cascade',
  ]);
});

test('the document keeps no columns and keys: they are for the SQL alone', () => {
  expect(Object.keys(makeExtract().tables[0] ?? {}).toSorted()).toEqual([
    'bytes',
    'isParent',
    'leftOut',
    'partitions',
    'ranges',
    'rows',
    'table',
    'where',
  ]);
});

test('a check that failed: ExtractDiffers, though all of it was copied', () => {
  const extract = makeExtract({ checks: [...extractExample.checks, failCheck(), failCheck()] });
  expect(extract.failure).toMatchObject({
    phase: 'VerifyExtract',
    error: 'ExtractDiffers',
    cause: 'checksum public.orders: 3 rows differ, and 1 more',
  });
  expect(explainExtract(extract).sentence).toContain('but 2 of 6 checks failed');
  expect(extract.bringBack).toEqual([]);
});

test('failures of several phases: the first phase comes first', () => {
  const teardown = nameFailure('TearDown', 'TeardownRefused', 'protected');
  const extract = makeExtract({ failures: [teardown], checks: [failCheck()] });
  expect(extract.failure?.error).toBe('ExtractDiffers');
  expect(extract.otherFailures).toEqual([teardown]);
});

const denied = nameFailure('CopyTables', 'DatabaseFailure', 'disk full');

describe.each([
  ['before a sandbox was chosen', { ...nothingExtracted, sandbox: null, tables: [] }, 'nothing was restored'],
  ['before anything was written', nothingExtracted, 'nothing was written to sandbox dev'],
  [
    'in the middle of the copying',
    halfExtracted,
    'are not whole in sandbox dev: schema extract_shop_20261119160000_3c4d5e6f is incomplete',
  ],
  ['after all was verified', {}, 'a later step failed'],
])('a failure %s', (_, more, words) => {
  const extract = makeExtract({ ...more, failures: [denied] });

  test('says how much is there, and what to do first', () => {
    const { sentence, steps } = explainExtract(extract);
    expect(sentence).toContain(words);
    expect(steps[0]).toBe(denied.hint);
    expect(steps.some((step) => step.includes('drop schema'))).toBe(
      'sandbox' in more ? more.sandbox?.state === 'incomplete' : true,
    );
  });

  test('gives SQL to bring rows back only for what is whole', () => {
    expect(extract.bringBack.length).toBe('sandbox' in more ? 0 : 1);
  });
});

test('one table alone: said of one', () => {
  const { sentence } = explainExtract(makeExtract({ tables: tables.slice(0, 1) }));
  expect(sentence).toContain('public.orders of shop is in sandbox dev');
});

test('a dry run: nothing was made, and what could be', () => {
  const { sentence, steps } = explainExtract(makeExtract({ ...nothingExtracted, dryRun: true }));
  expect(sentence).toBe(
    'Nothing was made: public.orders and 1 more of shop can be extracted into sandbox dev, as of 2026-11-19 16:00:00 UTC.',
  );
  expect(steps).toEqual(['start it without dryRun, and the tables are extracted']);
});

test('MySQL: the database is dropped as one', () => {
  const { steps } = explainExtract(makeExtract({ engine: 'aurora-mysql' }));
  expect(steps.at(-1)).toContain('drop database extract_shop_20261119160000_3c4d5e6f');
});

describe('SQL to bring rows back', () => {
  const [orders] = found?.tables ?? [];
  const bringBack = (of: object, engine = 'aurora-postgresql') =>
    makeExtract({
      engine,
      changes: { summary: '', lines: [], found: { ...found, tables: [], ...of } as never },
    }).bringBack;

  test.each([
    ['changed rows: of that table', { tables: [orders] }, [['public.orders', 3, 2, null]]],
    ['nothing changed: none', {}, []],
    [
      'a table that could not be compared: it may have changed',
      { notCompared: [{ what: 'public.users', reason: 'denied' }] },
      [['public.users', 3, 2, null]],
    ],
    [
      'a table of another definition now: none, and why',
      { tables: [{ ...orders, redefined: { dropped: ['a text'], added: [] } }] },
      [['public.orders', 0, 0, expect.stringContaining('definition is another one')]],
    ],
    [
      'a dropped table: the whole of it',
      { goneTables: [{ table: 'public.users', rows: 3 }] },
      [['public.users', 0, 1, expect.stringContaining('never drop that schema with cascade')]],
    ],
  ])('%s', (_, of, expected) => {
    expect(
      bringBack(of).map(({ table, shows, brings, note }) => [table, shows.length, brings.length, note]),
    ).toEqual(expected);
  });

  test('nobody knows what production has changed: of every table', () => {
    const unknown = makeExtract({ changes: { summary: 'not known', lines: [], found: null } });
    expect(unknown.bringBack.map(({ table }) => table)).toEqual(['public.orders', 'public.users']);
  });

  test('a table without a key: none, and why', () => {
    const keyless = tables.map((table) => ({ ...table, key: null }));
    expect(makeExtract({ tables: keyless }).bringBack).toEqual([
      {
        table: 'public.orders',
        shows: [],
        brings: [],
        note: 'it has no key, so no row can be told from another',
      },
    ]);
  });

  test('a table that is all key: its rows are gone or new, and never changed', () => {
    const allKey = tables.map((table) => ({ ...table, columns: ['id'] }));
    const [one] = makeExtract({ tables: allKey }).bringBack;
    expect([one?.shows.length, one?.brings.length]).toEqual([2, 1]);
  });

  test('a dropped table, on each engine: moved beside the others', () => {
    const gone = { goneTables: [{ table: 'public.users', rows: 3 }] };
    const { schema } = sandbox ?? { schema: '' };
    expect(bringBack(gone)[0]?.brings[0]?.sql).toBe(`alter table "${schema}"."users" set schema "public";`);
    expect(bringBack(gone, 'aurora-mysql')[0]?.brings[0]?.sql).toBe(
      `rename table \`${schema}\`.\`users\` to \`public\`.\`users\`;`,
    );
  });
});

test('a dry run while production has no such table: it does not say that it can be extracted', () => {
  const { sentence, meaning } = explainExtract(
    makeExtract({
      ...nothingExtracted,
      dryRun: true,
      tablesNow: 'there is no public.ordrs (near: public.orders)',
    }),
  );
  expect(sentence).toContain('production would not give');
  expect(sentence).not.toContain('can be extracted');
  expect(meaning.join(' ')).toContain('near: public.orders');
});

test('checks that failed, and a schema that says so: how many of them', () => {
  const { sandbox } = makeExtract();
  const { sentence } = explainExtract(
    makeExtract({ checks: [failCheck()], sandbox: sandbox && { ...sandbox, state: 'incomplete' } }),
  );
  expect(sentence).toContain('1 of 1 check failed');
});
