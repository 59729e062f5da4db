import { describe, expect, test } from 'vitest';
import type { DrillResult } from '../../../shared/drill/document.ts';
import { addEntry, emptyHistory, type HistoryEntry, toEntry } from '../../../shared/history/document.ts';
import { renderHistory } from '../../../shared/history/page.ts';
import type { Whole } from '../../../shared/truth/checks.ts';
import { hostile, makeFinding } from '../drill/result-fixture.ts';
import { historyOf, makeDrill, makeDrills } from './history-fixture.ts';

const render = (...changes: Partial<DrillResult>[]): string =>
  renderHistory(
    changes
      .map((change, number): HistoryEntry => toEntry(makeDrill(number, change), `shop/${number}`))
      .reduce(addEntry, emptyHistory),
  );

/** What people read: the texts of the tables' cells, row by row. */
const rowsOf = (page: string): string[][] =>
  [...page.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
      cell
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    ),
  );
const [fail, pass] = [
  { verdict: 'failed', failure: { phase: 'RestoreCluster', error: 'QuotaExceeded', cause: '', hint: '' } },
  { verdict: 'passed', failure: null },
] as const;

test('an empty history: says so, and has no table', () => {
  const page = renderHistory(emptyHistory);
  expect(page).toContain('No drill has been filed yet.');
  expect(page).not.toContain('<table');
});

test('a plan that passed and failed since: its last success with its age up to the newest drill, and what failed', () => {
  const page = render(
    { ...pass, plan: 'shop', startedAt: '2026-11-02T08:00:00Z' },
    { ...fail, plan: 'shop', startedAt: '2026-11-16T08:00:00Z' },
    { ...pass, plan: 'orders', startedAt: '2026-11-16T09:30:00Z' },
  );
  const measures = ['12 min 34 s (objective 60 min, met)', '11 min 40 s (objective 10 min, missed)'] as const;
  expect(rowsOf(page).slice(0, 3)).toEqual([
    ['plan', 'last success', 'last drill', 'RTO', 'RPO'],
    [
      'shop',
      '2026-11-02 08:00 14 days before the newest drill',
      '2026-11-16 08:00 failed QuotaExceeded in RestoreCluster',
      ...measures,
    ],
    ['orders', '2026-11-16 09:30 the newest drill', '2026-11-16 09:30 passed', ...measures],
  ]);
  expect(page).toContain('The last filed drill passed for 1 of 2 plans.');
  expect(page).toContain('3 drills of 2 plans. The newest began ');
});

test('plans that all passed last: says so of what was filed, and what is never filed', () => {
  const page = render({ ...pass, plan: 'shop' }, { ...pass, plan: 'orders' });
  expect(page).toContain('<strong>The last filed drill of every plan passed.</strong>');
  expect(page).toContain('Drills that were stopped or timed out file nothing, so they are not listed.');
  expect(page).toContain('Each picture shows the last 52 drills');
});

describe('tables judged as a whole', () => {
  const tablesOf = (wholes: (Whole | undefined)[]) =>
    wholes.map((whole, number) => ({
      ...makeFinding(`t${number}`, 'passed'),
      ...(whole !== undefined && { whole }),
    }));
  const rowsOfTables = (...drills: DrillResult[]) =>
    rowsOf(
      /<section aria-labelledby="tables".*?<\/section>/s.exec(renderHistory(historyOf(drills)))?.[0] ?? '',
    );

  test('of each plan: how many, since when, which are the oldest, and which never were', () => {
    const early = makeDrill(0, { plan: 'shop', checks: tablesOf(['values', 'values', undefined]) });
    const late = makeDrill(50, { plan: 'shop', checks: tablesOf([undefined, 'rows', undefined]) });
    const other = makeDrill(51, { plan: 'audit', checks: tablesOf(['values']) });
    expect(rowsOfTables(early, late, other)).toEqual([
      ['plan', 'tables', 'by rows', 'by values'],
      [
        'audit',
        '1 table checked 2026-01-12 08:01:00 UTC',
        '1 of 1 all since 2026-01-12 08:01:00 UTC',
        '1 of 1 all since 2026-01-12 08:01:00 UTC',
      ],
      [
        'shop',
        '3 tables checked 2026-01-12 08:00:00 UTC',
        '2 of 3 the oldest since 2026-01-05 08:00:00 UTC : t0 never: t2',
        '2 of 3 all since 2026-01-05 08:00:00 UTC never: t2',
      ],
    ]);
  });

  test('thousands of tables: three are named, and the rest is counted', () => {
    const checks = tablesOf(Array.from({ length: 2000 }, () => undefined));
    const [, [, , rows] = []] = rowsOfTables(makeDrill(0, { checks }));
    expect(rows).toBe('0 of 2,000 never: t0, t1, t2 and 1997 more');
  });

  test('no drill has judged a table: no section', () => {
    expect(rowsOfTables(makeDrill(0, { checks: [] }))).toEqual([]);
  });
});

test('no drill that knew its plan: nothing is said of plans, and the list is there', () => {
  const page = render({ ...fail, plan: null });
  expect(page).toContain('1 drill of no known plan. The newest began ');
  expect(page).not.toContain('every plan');
  expect(page).not.toContain('id="plans"');
  expect(page).toContain('id="drills"');
});

test('the pictures of a plan go from its earliest drill to its last', () => {
  const rto = (seconds: number) => ({ rto: { seconds, objectiveSeconds: 1200, met: true } });
  const page = render(
    { ...pass, plan: 'shop', startedAt: '2026-11-02T08:00:00Z', ...rto(600) },
    { ...pass, plan: 'shop', startedAt: '2026-11-09T08:00:00Z', ...rto(1200) },
  );
  expect(page).toContain('RTO of 2 drills, from 10 min to 20 min, last 20 min, objective 20 min, 0 failed');
  expect(page).toContain('d="M5 22L175 5"');
});

test.each([
  ['2026-11-16T07:59:00Z', '60 s'],
  ['2026-11-14T08:01:00Z', '47 h 59 min'],
  ['2026-11-14T08:00:00Z', '2 days'],
])('a success of %s and a newest drill of 2026-11-16T08:00:00Z: %s before it', (startedAt, age) => {
  const page = render(
    { ...pass, plan: 'shop', startedAt },
    { ...fail, plan: 'orders', startedAt: '2026-11-16T08:00:00Z' },
  );
  expect(page).toContain(`<small>${age} before the newest drill</small>`);
});

test('plans whose last drill failed come first, then those without one, then by name and number', () => {
  const page = render(
    { ...pass, plan: 'shop-10' },
    { ...pass, plan: 'shop-9' },
    { ...pass, plan: 'dry', dryRun: true },
    { ...fail, plan: 'zebra' },
  );
  expect(
    rowsOf(page)
      .slice(1, 5)
      .map(([plan]) => plan),
  ).toEqual(['zebra', 'dry', 'shop-9', 'shop-10']);
  expect(page).toContain('The last filed drill passed for 2 of 4 plans.');
});

test('dry runs: marked as such in the list, and no success, no last drill and no mark of a plan', () => {
  const page = render(
    { ...pass, plan: 'shop', startedAt: '2026-11-02T08:00:00Z' },
    { ...pass, plan: 'shop', dryRun: true, startedAt: '2026-11-03T08:00:00Z' },
    { ...pass, plan: 'orders', dryRun: true, startedAt: '2026-11-01T08:00:00Z' },
  );
  const [, orders, shop, , ...drills] = rowsOf(page);
  expect(orders).toEqual(['orders', 'never', 'dry runs only', '', '']);
  expect(shop?.slice(0, 3)).toEqual([
    'shop',
    '2026-11-02 08:00 24 h before the newest drill',
    '2026-11-02 08:00 passed',
  ]);
  expect(page).toContain('aria-label="RTO of 1 drill, ');
  expect(drills.map(([, , verdict]) => verdict)).toEqual(['dry run passed', 'passed', 'dry run passed']);
});

test('the list: every drill, the newest first, a table for each month', () => {
  const page = render(
    { ...pass, plan: 'shop', startedAt: '2026-10-31T23:59:59Z', checks: [] },
    { ...fail, plan: null, source: null, startedAt: '2026-11-01T00:00:00Z', rto: none, rpo: none },
    { ...fail, plan: 'shop', startedAt: '2026-11-02T08:00:00Z', teardown: { status: 'failed', deleted: [] } },
  );
  const columns = ['began, UTC', 'plan', 'verdict', 'RTO', 'RPO', 'checks', 'teardown'];
  const checks = '1 passed, 1 failed, 1 skipped';
  const failed = 'failed QuotaExceeded in RestoreCluster';
  const measures = ['12 min 34 s', '11 min 40 s, missed'];
  const list = page.slice(page.indexOf('id="drills"'));
  expect(rowsOf(list)).toEqual([
    columns,
    ['2026-11-02 08:00', 'shop of prod-shop', failed, ...measures, checks, 'failed'],
    ['2026-11-01 00:00', 'unknown', failed, 'not measured', 'not measured', checks, 'completed'],
    columns,
    ['2026-10-31 23:59', 'shop of prod-shop', 'passed', ...measures, '0 passed', 'completed'],
  ]);
  expect(list.match(/<h3>.*?<\/h3>/g)).toEqual(['<h3>November 2026</h3>', '<h3>October 2026</h3>']);
});

const none = { seconds: null, objectiveSeconds: null, met: null };

describe('hostile texts', () => {
  const turning = 'a\u202eb';
  const page = render({
    ...fail,
    plan: hostile,
    source: turning,
    failure: { phase: 'VerifyRestore', error: hostile, cause: '', hint: '' },
  });

  test('names and errors stand as text that turns nothing around', () => {
    expect(page).not.toContain('<script');
    // Among the plans and among the drills.
    expect(page.match(/<bdi>&lt;script>alert\(&quot;x&quot;\)&lt;\/script><\/bdi>/g)).toHaveLength(2);
    expect(page).not.toContain('\u202e');
    expect(page).toContain('a\\u{202e}b');
  });

  test.each([
    ['shop/2026-11-19/1a2b3c4d', './shop/2026-11-19/1a2b3c4d/report.html'],
    ['javascript:alert(1)', './javascript%3Aalert(1)/report.html'],
    ['//elsewhere.example', './//elsewhere.example/report.html'],
    ['a b"><x>#?%\ud800', './a%20b%22%3E%3Cx%3E%23%3F%25%EF%BF%BD/report.html'],
  ])('a report in %s: a relative link of encoded parts', (folder, href) => {
    const linked = renderHistory(addEntry(emptyHistory, toEntry(makeDrill(0), folder)));
    expect(linked).toContain(`<a href="${href}" `);
    expect(new URL(href, 'https://reports.example/index.html').origin).toBe('https://reports.example');
  });
});

test('a year of 50 plans: pictures of the last 52 drills of each, and a page of less than 1.6 MB', () => {
  const drills = makeDrills(50 * 53);
  const page = renderHistory(historyOf(drills));
  expect(page.match(/aria-label="RTO of 52 drills, /g)).toHaveLength(50);
  expect(page.match(/<svg /g)).toHaveLength(100);
  for (const { drillId } of [drills[0], drills.at(-1)].filter((drill) => drill !== undefined)) {
    expect(page).toContain(`/${drillId}/report.html`);
  }
  expect(Buffer.byteLength(page)).toBeLessThan(1_600_000);
});
