import { type ComponentChild, h } from 'preact';
import { describeSeconds } from '../instants.ts';
import { renderCost } from '../report/cost.ts';
import { facts, longText, section, text, time } from '../report/parts.ts';
import { renderPage } from '../report/shell.ts';
import { reportStyle } from '../report/style.ts';
import { drawTimeline } from '../report/timeline.ts';
import { makeVisible } from '../result/format.ts';
import { ellipsize } from '../words.ts';
import type { RecoveryDocument } from './document.ts';
import {
  renderAccident,
  renderReaders,
  renderSettings,
  renderSwitch,
  renderTests,
  renderWays,
} from './page-parts.ts';
import { explainRecovery, listEndpoints, type RecoveryWords } from './words.ts';

/** The sections in order, each with the name that the navigation jumps to. */
const sections: [name: string, heading: string, render: (recovery: RecoveryDocument) => ComponentChild][] = [
  ['changes', 'What production has changed since', renderAccident],
  ['tests', 'Tests', renderTests],
  ['switch', 'How to switch', renderSwitch],
  ['ways', 'Ways back', renderWays],
  ['settings', 'Settings of the source', renderSettings],
  ['readers', 'What was made', renderReaders],
  [
    'timeline',
    'Timeline',
    ({ phases, failure }) => drawTimeline(phases, new Set(failure === null ? [] : [failure.phase])),
  ],
  ['cost', 'Cost', renderCost],
  ['facts', 'Facts', (recovery) => renderFacts(recovery)],
];

/** A heading cannot unfold; the facts have the names in full. */
const maxSentenceLength = 400;
const maxNameLength = 80;

/** The page of one recovery: one file that fetches nothing and runs nothing. Texts in it are hostile. */
export const renderRecovery = (recovery: RecoveryDocument): string => {
  const { plan, id, verdict, dryRun } = recovery;
  const kind = dryRun ? 'Advice' : 'Recovery';
  const words = explainRecovery(recovery);
  return renderPage(
    `${kind} ${verdict}: ${ellipsize(makeVisible(plan ?? id), maxNameLength)}`,
    h('main', null, [
      renderHead(recovery, `${kind} ${verdict}`, words),
      renderNext(recovery, words),
      sections.map(([name, heading, render]) => section(name, heading, render(recovery))),
    ]),
    `${reportStyle}${recoveryStyle}`,
  );
};

const renderHead = (
  { verdict, plan, endedAt }: RecoveryDocument,
  badge: string,
  { sentence }: RecoveryWords,
): ComponentChild =>
  h('header', null, [
    h('p', { class: 'badge' }, [
      h('span', { class: verdict === 'failed' ? 'bad' : 'good' }, [
        h('span', { 'aria-hidden': 'true' }, verdict === 'failed' ? '✕ ' : '✓ '),
        badge,
      ]),
      h('span', { class: 'muted' }, [
        ' · ',
        plan === null ? null : [text(ellipsize(plan, maxNameLength)), ' · '],
        time(endedAt),
      ]),
    ]),
    h('h1', { dir: 'auto' }, ellipsize(makeVisible(sentence), maxSentenceLength)),
    h(
      'nav',
      { 'aria-label': 'Sections' },
      h(
        'ul',
        null,
        sections.map(([name, heading]) => h('li', null, h('a', { href: `#${name}` }, heading))),
      ),
    ),
  ]);

const renderNext = (
  { failure, cluster }: RecoveryDocument,
  { meaning, steps }: RecoveryWords,
): ComponentChild =>
  h('section', { class: failure === null ? 'next fine' : 'next', 'aria-labelledby': 'next' }, [
    h('h2', { id: 'next' }, 'What to do next'),
    failure === null
      ? null
      : h('div', { class: 'line' }, [
          h('strong', null, text(ellipsize(failure.error, maxNameLength))),
          ` in ${failure.phase}: `,
          longText(failure.cause),
        ]),
    meaning.map((line) => h('div', { class: 'line' }, longText(line))),
    cluster?.isUsable === true ? facts(renderEndpoints(cluster)) : null,
    h(
      'ol',
      null,
      steps.map((step) => h('li', null, longText(step, 600))),
    ),
  ]);

const renderEndpoints = (cluster: RecoveryDocument['cluster']): [string, ComponentChild][] =>
  cluster === null ? [] : listEndpoints(cluster).map(([label, value]) => [label, longText(value, 120)]);

const renderFacts = (recovery: RecoveryDocument): ComponentChild => {
  const { plan, source, engine, cluster, restore, trigger, id, startedAt, endedAt, schema } = recovery;
  const named = (value: string | null | undefined): ComponentChild =>
    value === null || value === undefined ? 'not known' : longText(value, 120);
  const moment = (instant: string | null, otherwise: string): ComponentChild =>
    instant === null ? otherwise : time(instant);
  return facts([
    ['Plan', named(plan)],
    ['Source', named(source)],
    ['Engine', named(engine)],
    ...renderEndpoints(cluster),
    ['Restored by', restore.kind ?? 'nothing yet'],
    ['Asked for', moment(restore.restoreTo, 'the latest time')],
    ['Reached', moment(restore.reached, 'nothing yet')],
    [
      'Usable after',
      recovery.usableAfterSeconds === null ? 'not measured' : describeSeconds(recovery.usableAfterSeconds),
    ],
    ['Started by', longText(`${trigger.kind}${trigger.reason === null ? '' : `: ${trigger.reason}`}`)],
    ['Recovery', text(id)],
    ['Began', time(startedAt)],
    ['Ended', time(endedAt)],
    ['Schema', text(schema)],
  ]);
};

const recoveryStyle = `
  .next.fine { border-left-color: var(--good) }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.25rem 0 0.75rem; font-size: 0.8125rem }
`;
