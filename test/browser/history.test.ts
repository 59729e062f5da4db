import { describe } from 'vitest';
import { emptyHistory } from '../../shared/history/document.ts';
import { renderHistory } from '../../shared/history/page.ts';
import type { CheckResult } from '../../shared/truth/checks.ts';
import { makeFinding } from '../shared/drill/result-fixture.ts';
import { historyOf, makeDrill, makeDrills } from '../shared/history/history-fixture.ts';
import { describeChromium } from './chromium.ts';
import { testViews } from './views.ts';

const failure = { phase: 'VerifyRestore', error: 'ChecksFailed', cause: 'rows', hint: 'compare' } as const;
const hostile = `<img src=x onerror=alert(1)>"'\u202e${'x'.repeat(10_000)}`;

/** Of ten tables, of which all but so many are judged as a whole. */
const checksOf = (never: number): CheckResult[] =>
  Array.from({ length: 10 }, (_, table) => ({
    ...makeFinding(`public.table_with_a_name_of_some_length_${table}`, 'passed'),
    ...(table >= never && { whole: table % 2 === 0 ? 'rows' : 'values' }),
  }));

const histories = {
  empty: emptyHistory,
  // Plans that pass and fail, dry runs, and drills without a plan.
  mixed: historyOf(
    makeDrills(90).map((drill, number) => ({
      ...drill,
      checks: checksOf(number % 9),
      plan: number % 23 === 0 ? null : `plan-${number % 7}`,
      dryRun: number % 17 === 0,
      ...(number % 5 === 0 && { verdict: 'failed' as const, failure }),
    })),
  ),
  hostile: historyOf([
    makeDrill(1, {
      ...{ plan: hostile, source: hostile, failure, verdict: 'failed' },
      checks: [makeFinding(hostile, 'passed')],
    }),
  ]),
  // A year of 50 plans, drilled once a week.
  year: historyOf(makeDrills(2600)),
};
const names = Object.keys(histories) as (keyof typeof histories)[];

describeChromium('history of drills in a browser', (openPage) => {
  describe.each(names)('%s', (name) => {
    testViews(openPage, `history-${name}`, renderHistory(histories[name]), name === 'year');
  });
});
