import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DrillResult } from '../../../shared/drill/document.ts';
import { readProofs } from '../../../shared/history/coverage.ts';
import { formatHistory, parseHistory } from '../../../shared/history/document.ts';
import { addProof, type ProofEntry } from '../../../shared/history/proofs.ts';
import type { CheckResult, Whole } from '../../../shared/truth/checks.ts';
import { makeFinding, makeResult } from '../drill/result-fixture.ts';
import { historyOf } from './history-fixture.ts';

const day = (number: number): string => new Date(Date.UTC(2026, 10, number)).toISOString();

const checkOf = (table: string, whole?: Whole): CheckResult => ({
  ...makeFinding(table, 'passed'),
  name: `rows ${table}`,
  ...(whole !== undefined && { whole }),
});

/** A drill of this day, and how each of its tables was judged. */
const drillOn = (
  number: number,
  tables: Record<string, Whole | undefined>,
  changes: Partial<DrillResult> = {},
): DrillResult =>
  makeResult({
    drillId: `day${number}`,
    startedAt: day(number),
    checks: Object.entries(tables).map(([table, whole]) => checkOf(table, whole)),
    sideEffects: null,
    ...changes,
  });

const proofsOf = (...results: DrillResult[]): readonly ProofEntry[] =>
  results.reduce(addProof, [] as readonly ProofEntry[]);

/** Any plan here has this source, but for those named. */
const source = { source: 'prod-shop' };
const plans = { shop: source, audit: source, ['__proto__']: source };

test('tables of one drill: those with the same answer stand together', () => {
  expect(proofsOf(drillOn(1, { a: 'rows', b: 'values', c: undefined, d: 'rows' }))).toEqual([
    {
      plan: 'shop',
      source: 'prod-shop',
      listedAt: day(1),
      tables: [
        { rows: day(1), values: null, names: ['a', 'd'] },
        { rows: day(1), values: day(1), names: ['b'] },
        { rows: null, values: null, names: ['c'] },
      ],
      sideEffects: null,
    },
  ]);
});

test('a later drill that samples: rows are as of the later one, values as of the earlier one', () => {
  const [proof] = proofsOf(drillOn(1, { a: 'values' }), drillOn(8, { a: 'rows' }));
  expect(proof?.tables).toEqual([{ rows: day(8), values: day(1), names: ['a'] }]);
});

test('a table that a later drill no longer has: gone, also where an earlier drill is filed after it', () => {
  const [early, late] = [drillOn(1, { a: 'rows', gone: 'rows' }), drillOn(8, { a: 'rows', made: undefined })];
  for (const order of [
    [early, late],
    [late, early],
  ]) {
    const [proof] = proofsOf(...order);
    expect(proof?.tables).toEqual([
      { rows: day(8), values: null, names: ['a'] },
      { rows: null, values: null, names: ['made'] },
    ]);
  }
});

test('drills of the same tables, in any order, some of them twice: the last instant of each', () => {
  const whole = fc.constantFrom<(Whole | undefined)[]>('rows', 'values', undefined);
  const drills = fc.array(fc.record({ a: whole, b: whole }), { minLength: 1, maxLength: 6 });
  const orders = drills.chain((all) => {
    const results = all.map((tables, index) => drillOn(index + 1, tables));
    return fc.tuple(
      fc.constant(results),
      fc.shuffledSubarray([...results, ...results], { minLength: 2 * results.length }),
    );
  });
  fc.assert(
    fc.property(orders, ([results, order]) => {
      const lastOf = (table: string, ...wholes: (Whole | undefined)[]) =>
        results.findLast(({ checks }) =>
          checks.some((one) => one.table === table && wholes.includes(one.whole)),
        )?.startedAt ?? null;
      const history = historyOf(order.map((result) => ({ ...result, plan: 'shop' })));
      const [proof] = readProofs(history, plans);
      expect(proof?.tables.toSorted((one, other) => (one.table < other.table ? -1 : 1))).toEqual(
        ['a', 'b'].map((table) => ({
          table,
          rows: lastOf(table, 'rows', 'values'),
          values: lastOf(table, 'values'),
        })),
      );
      expect(history.proofs).toEqual(historyOf(results).proofs);
    }),
    { numRuns: 200 },
  );
});

describe('nothing new: the very same list', () => {
  const before = proofsOf(drillOn(8, { a: 'rows' }));
  test.each([
    ['the same drill again', drillOn(8, { a: 'rows' })],
    ['an earlier drill', drillOn(1, { a: 'rows' })],
    ['a drill that failed before it checked anything', drillOn(9, {})],
    ['a dry run', drillOn(9, { a: 'values' }, { dryRun: true })],
    ['a drill of no known plan', drillOn(9, { a: 'values' }, { plan: null })],
  ])('%s', (_, result) => {
    expect(addProof(before, result)).toBe(before);
  });
});

test('what would act in a copy: as the last drill that asked was told, a dry run too', () => {
  const asked = (number: number, active: string[], dryRun = false) =>
    drillOn(
      number,
      {},
      { dryRun, sideEffects: { active, quiet: ['1 event (q)'], unknown: ['events: denied'] } },
    );
  const drills = [asked(1, ['1 event (a)']), drillOn(9, { a: 'rows' }), asked(8, [], true)];
  for (const order of [drills, drills.toReversed()]) {
    const [proof] = readProofs(historyOf(order), plans);
    expect(proof?.sideEffects).toEqual({ seen: [], unknown: ['events: denied'], at: day(8) });
    expect(proof?.tables).toEqual([{ table: 'a', rows: day(9), values: null }]);
  }
});

test('proofs of plans: in the order of their names, with the last pass of each', () => {
  const passed = { verdict: 'passed', failure: null } as const;
  const history = historyOf([
    drillOn(1, { a: 'rows' }, { ...passed, plan: 'shop' }),
    drillOn(8, { a: 'rows' }, { plan: 'shop' }),
    drillOn(2, {}, { plan: 'audit' }),
    drillOn(3, {}, { plan: null }),
  ]);
  expect(readProofs(history, plans)).toEqual([
    { plan: 'audit', lastPassed: null, tables: [], sideEffects: null },
    {
      plan: 'shop',
      lastPassed: day(1),
      tables: [{ table: 'a', rows: day(8), values: null }],
      sideEffects: null,
    },
  ]);
});

describe('a plan that drilled another cluster before', () => {
  const passed = { verdict: 'passed', failure: null } as const;
  const sideEffects = { active: ['1 event (a)'], quiet: [], unknown: [] };
  const before = drillOn(1, { a: 'rows' }, { ...passed, sideEffects, source: 'old-shop' });

  test('no drill since: nothing is proven of the new one', () => {
    expect(readProofs(historyOf([before]), plans)).toEqual([]);
    expect(readProofs(historyOf([before]), { shop: { source: 'Old-Shop' } })).toMatchObject([
      { plan: 'shop', lastPassed: day(1), tables: [{ table: 'a' }] },
    ]);
  });

  test('a drill since: what that has shown, and nothing older, whichever was filed first', () => {
    const since = drillOn(8, { a: undefined, b: 'rows' });
    for (const order of [
      [before, since],
      [since, before],
    ])
      expect(readProofs(historyOf(order), plans)).toEqual([
        {
          plan: 'shop',
          lastPassed: null,
          tables: [
            { table: 'a', rows: null, values: null },
            { table: 'b', rows: day(8), values: null },
          ],
          sideEffects: null,
        },
      ]);
  });

  test('a plan that is no more, or is named as what every object has: none', () => {
    expect(readProofs(historyOf([{ ...before, plan: 'constructor' }]), {})).toEqual([]);
  });
});

describe('in the index', () => {
  const history = historyOf([drillOn(1, { a: 'rows', b: 'values' })]);

  test('written and read: the same', () => {
    expect(parseHistory(formatHistory(history))).toEqual(history);
  });

  test('an index of an earlier version: read, and no proof is made up', () => {
    const { proofs: _, ...earlier } = history;
    expect(parseHistory(formatHistory(earlier))).toEqual(earlier);
    expect(readProofs(earlier, plans)).toMatchObject([{ plan: 'shop', tables: [], sideEffects: null }]);
  });

  test('keys of a later version, at every level: they are kept when a drill is added', () => {
    const [proof] = history.proofs ?? [];
    const later = {
      ...history,
      proofs: [
        { ...proof, next: 1, tables: proof?.tables.map((one) => ({ ...one, schema: day(1) })) },
        { ...proof, plan: 'other', next: 2 },
      ],
    };
    const added = addProof(
      parseHistory(JSON.stringify(later)).proofs ?? [],
      drillOn(8, { a: 'rows', b: 'rows' }),
    );
    expect(added).toMatchObject([
      { plan: 'other', next: 2 },
      {
        plan: 'shop',
        next: 1,
        tables: [
          { rows: day(8), values: null, schema: day(1), names: ['a'] },
          { rows: day(8), values: day(1), schema: day(1), names: ['b'] },
        ],
      },
    ]);
  });

  test('hostile names of tables and plans: kept as they are', () => {
    const names = ['__proto__', 'constructor', '"a,b"."c"', '\u202e<script>'];
    const checks = names.map((name) => checkOf(name, 'rows'));
    const result = makeResult({ plan: '__proto__', checks, startedAt: day(1) });
    const [proof] = readProofs(parseHistory(formatHistory(historyOf([result]))), plans);
    expect([proof?.plan, proof?.tables.map(({ table }) => table)]).toEqual(['__proto__', names]);
  });

  test('50 plans of 600 tables with names of 43 letters: less than 48 bytes for each table', () => {
    const name = 'x'.repeat(40);
    const tables = Array.from({ length: 600 }, (_, number) => checkOf(`${name}${number}`, 'rows'));
    const drills = Array.from({ length: 50 }, (_, number) =>
      drillOn(1, {}, { plan: `plan-${number}`, checks: tables }),
    );
    const bytes = JSON.stringify(proofsOf(...drills)).length;
    expect(bytes / (50 * 600)).toBeLessThan(48);
  });
});
