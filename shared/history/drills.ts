import { type ComponentChild, h } from 'preact';
import { describeCounts } from '../drill/figures.ts';
import type { Objective } from '../drill/objectives.ts';
import { describeSeconds } from '../instants.ts';
import { type Column, section, table, text } from '../report/parts.ts';
import type { HistoryEntry } from './document.ts';

/** The labels of stacked rows are in the style: repeated in thousands of rows, they would be a fifth of the page. */
const columns: Column[] = [
  { label: 'began, UTC', width: '15%', isName: true },
  { label: 'plan', width: '21%', isPlain: true },
  { label: 'verdict', width: '18%', isPlain: true },
  { label: 'RTO', width: '11%', isPlain: true },
  { label: 'RPO', width: '11%', isPlain: true },
  { label: 'checks', width: '13%', isPlain: true },
  { label: 'teardown', width: '11%', isPlain: true },
];

/** The second form hides it from screen readers, which already say the column. */
const showAs = (words: string): string => `content: "${words}"; content: "${words}" / ""`;

const labels = columns
  .map(({ label }, index) => `.drills td:nth-child(${index + 1})::before { ${showAs(label)} }`)
  .slice(1);

export const drillsStyle = `
  .month { content-visibility: auto; contain-intrinsic-size: auto 40rem; margin-bottom: 1.5rem }
  .drills { table-layout: fixed }
  .drills tbody th { font-weight: 400 }
  .mark.bad::before { ${showAs('✕ ')} } .mark:not(.bad)::before { ${showAs('✓ ')} }
  @media screen and (max-width: 44rem) {
    .stacked.drills tbody th { display: block }
    .stacked.drills td:nth-child(n) { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: 0.75rem; margin: 0 }
    .drills td::before { color: var(--muted) }
    ${labels.join('\n    ')}
  }`;

/** Every drill in the order given. One table for each month, so that a browser lays out only those in view. */
export const renderDrills = (drills: HistoryEntry[]): ComponentChild => {
  const months = Map.groupBy(drills, ({ startedAt }) => startedAt.slice(0, 7));
  return section(
    'drills',
    'Drills',
    ...[...months].map(([month, ofMonth]) =>
      h('div', { class: 'month' }, [
        h('h3', null, nameMonth(month)),
        table(
          h('span', { class: 'unseen' }, `Drills of ${nameMonth(month)}`),
          columns,
          ofMonth.map((drill) => ({ cells: listCells(drill) })),
          'stacked drills',
        ),
      ]),
    ),
  );
};

const nameMonth = (month: string): string =>
  new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en-GB', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });

const listCells = (drill: HistoryEntry): ComponentChild[] => {
  const { plan, source, rto, rpo, checks, teardown } = drill;
  return [
    linkToReport(drill),
    h('div', null, [
      plan === null ? 'unknown' : text(plan),
      source === null || source === plan ? null : h('small', null, ['of ', text(source)]),
    ]),
    renderVerdict(drill),
    renderMeasure(rto),
    renderMeasure(rpo),
    describeCounts(checks),
    teardown === 'failed' ? mark('bad', 'failed') : teardown,
  ];
};

/** Begins with a dot, so that no path can lead to another site or scheme. */
export const linkToReport = ({
  report,
  startedAt,
}: Pick<HistoryEntry, 'report' | 'startedAt'>): ComponentChild =>
  h(
    'a',
    { href: `./${report.split('/').map(encodePart).join('/')}`, class: 'numeric' },
    startedAt.slice(0, 16).replace('T', ' '),
  );

/** A lone surrogate has no encoding. */
const encodePart = (part: string): string => encodeURIComponent(part.toWellFormed());

export const renderVerdict = ({ dryRun, verdict, failure }: HistoryEntry): ComponentChild => {
  const tone = verdict === 'failed' ? 'bad' : dryRun ? 'warn' : 'good';
  return h('div', null, [
    mark(tone, dryRun ? `dry run ${verdict}` : verdict),
    failure && h('small', null, text(`${failure.error} in ${failure.phase}`)),
  ]);
};

const mark = (tone: 'good' | 'warn' | 'bad', words: string): ComponentChild =>
  h('span', { class: `mark ${tone}` }, words);

const renderMeasure = ({ seconds, met }: Objective): ComponentChild => {
  if (seconds === null) return 'not measured';
  return met === false ? mark('bad', `${describeSeconds(seconds)}, missed`) : describeSeconds(seconds);
};
