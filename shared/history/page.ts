import { type ComponentChild, h } from 'preact';
import { describeObjective } from '../drill/figures.ts';
import type { Objective } from '../drill/objectives.ts';
import { describeSeconds, secondsBetween } from '../instants.ts';
import { section, table, text, time } from '../report/parts.ts';
import { renderPage } from '../report/shell.ts';
import { formatNumber } from '../result/format.ts';
import { countOf } from '../words.ts';
import { type History, type HistoryEntry, lastPasses } from './document.ts';
import { drillsStyle, linkToReport, renderDrills, renderVerdict } from './drills.ts';
import { renderExtracts } from './extracts.ts';
import { renderRecoveries } from './recoveries.ts';
import { renderRehearsals } from './rehearsals.ts';
import { renderRewinds, renderSeenRewinds } from './rewinds.ts';
import { renderTables, tablesStyle } from './tables.ts';
import { drawTrend, trendStyle } from './trend.ts';

/** A year of weekly drills. Older ones are only in the list. */
const maxDrillsInPicture = 52;

/**
 * index.html: what each plan has proven and when, then every drill, the newest first. The page has no clock: it may be
 * read years later, so it never says "yesterday". Names and errors are hostile input.
 */
export const renderHistory = (history: History): string => {
  const [newest] = history.drills;
  return renderPage(
    'Restore drills',
    h('main', null, [
      h('h1', null, 'Restore drills'),
      newest === undefined
        ? h('p', null, 'No drill has been filed yet.')
        : [renderPlans(history, newest), renderTables(history.proofs ?? []), renderDrills(history.drills)],
      renderRecoveries(history.jobs ?? []),
      renderRehearsals(history.jobs ?? []),
      renderExtracts(history.jobs ?? []),
      renderRewinds(history.jobs ?? []),
      renderSeenRewinds(history.rewinds ?? []),
      h('footer', null, ['For machines: ', h('a', { href: './index.json' }, 'index.json')]),
    ]),
    style,
  );
};

type PlanHistory = {
  plan: string;
  /** All but the dry runs, the newest first. */
  drills: HistoryEntry[];
  lastPass: HistoryEntry | undefined;
};

const renderPlans = (history: History, newest: HistoryEntry): ComponentChild[] => {
  const plans = listPlans(history);
  return [
    h('p', null, [
      `${describeSize(history, plans)}. The newest began `,
      time(newest.startedAt),
      '; ages are counted up to then. Drills that were stopped or timed out file nothing, so they are not listed. ',
      plans.length === 0 ? null : h('strong', null, summarizeStanding(plans)),
    ]),
    plans.length === 0
      ? null
      : section(
          'plans',
          'Plans',
          table(
            `Each picture shows the last ${maxDrillsInPicture} drills: a dot for one that passed, a cross for one that failed, at the bottom if nothing was measured. The broken line is the objective. Dry runs are left out.`,
            planColumns,
            plans.map((plan) => ({ cells: listPlanCells(plan, newest) })),
            'stacked plans',
          ),
        ),
  ];
};

const planColumns = [
  { label: 'plan', width: '19%', isName: true },
  { label: 'last success', width: '18%' },
  { label: 'last drill', width: '19%' },
  { label: 'RTO', width: '22%' },
  { label: 'RPO', width: '22%' },
];

const describeSize = ({ drills }: History, plans: PlanHistory[]): string => {
  const size = countOf(drills.length, 'drill', formatNumber);
  return plans.length === 0 ? `${size} of no known plan` : `${size} of ${countOf(plans.length, 'plan')}`;
};

const summarizeStanding = (plans: PlanHistory[]): string => {
  const passed = plans.filter(({ drills: [last] }) => last?.verdict === 'passed').length;
  return passed === plans.length
    ? 'The last filed drill of every plan passed.'
    : `The last filed drill passed for ${passed} of ${countOf(plans.length, 'plan')}.`;
};

const collator = new Intl.Collator('en', { numeric: true });

/** Plans whose last drill failed come first, then plans that never had one. Within each group, by name. */
const listPlans = (history: History): PlanHistory[] => {
  const passes = lastPasses(history);
  const byPlan = Map.groupBy(history.drills, ({ plan }) => plan);
  return [...byPlan]
    .flatMap(([plan, all]) => {
      // A drill that failed before it knew its plan says nothing about any plan.
      if (plan === null) return [];
      return [{ plan, drills: all.filter(({ dryRun }) => !dryRun), lastPass: passes.get(plan) }];
    })
    .sort((a, b) => rankOf(a) - rankOf(b) || collator.compare(a.plan, b.plan));
};

const rankOf = ({ drills: [last] }: PlanHistory): number =>
  last === undefined ? 1 : last.verdict === 'failed' ? 0 : 2;

const listPlanCells = ({ plan, drills, lastPass }: PlanHistory, newest: HistoryEntry): ComponentChild[] => {
  const [last] = drills;
  return [
    text(plan),
    lastPass === undefined
      ? h('strong', { class: 'bad' }, 'never')
      : h('div', null, [linkToReport(lastPass), h('small', null, describeAge(lastPass, newest))]),
    ...(last === undefined
      ? ['dry runs only', null, null]
      : [
          h('div', null, [linkToReport(last), ' ', renderVerdict(last)]),
          renderTrend('RTO', drills, last.rto, ({ rto }) => rto),
          renderTrend('RPO', drills, last.rpo, ({ rpo }) => rpo),
        ]),
  ];
};

const renderTrend = (
  name: string,
  drills: HistoryEntry[],
  last: Objective,
  measureOf: (drill: HistoryEntry) => Objective,
): ComponentChild => {
  const points = drills.slice(0, maxDrillsInPicture).map((drill) => {
    const { seconds, objectiveSeconds } = measureOf(drill);
    return { at: drill.startedAt, hasPassed: drill.verdict === 'passed', seconds, objectiveSeconds };
  });
  return h('div', null, [drawTrend(name, points.reverse()), h('small', null, describeObjective(last))]);
};

const daySeconds = 86_400;

const describeAge = (drill: HistoryEntry, newest: HistoryEntry): string => {
  if (drill === newest) return 'the newest drill';
  const seconds = secondsBetween(drill.startedAt, newest.startedAt);
  const days = Math.floor(seconds / daySeconds);
  return `${days < 2 ? describeSeconds(seconds) : `${days} days`} before the newest drill`;
};

const style = `
  h1 + p { margin-top: 0.75rem }
  small { display: block; font-size: 0.8125rem; color: var(--muted) }
  .plans { table-layout: fixed }
  footer { margin-top: 2.5rem }
  ${tablesStyle}
  ${drillsStyle}
  ${trendStyle}`;
