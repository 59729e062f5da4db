import { type ComponentChild, h } from 'preact';
import { renderPage } from './page.ts';
import { renderChecks } from './report-checks.ts';
import { makeVisible, shorten, splitInstants } from './report-format.ts';
import { renderObjectives } from './report-objectives.ts';
import { longText, text, time } from './report-parts.ts';
import { renderPhases } from './report-phases.ts';
import { renderCost, renderFacts, renderResources } from './report-remains.ts';
import { reportStyle } from './report-style.ts';
import type { DrillResult } from './result.ts';
import { explainVerdict, type VerdictWords } from './verdict-words.ts';

/** The report of one drill: one file that fetches nothing and runs nothing, the verdict first. */
export const renderReport = (result: DrillResult): string => {
  const words = explainVerdict(result);
  return renderPage(
    titleOf(result),
    h('main', null, [
      renderHead(result, words),
      renderNext(result, words),
      renderObjectives(result),
      renderPhases(result),
      renderChecks(result),
      renderResources(result),
      renderCost(result),
      renderFacts(result),
    ]),
    reportStyle,
  );
};

const titleOf = ({ plan, drillId, dryRun, verdict }: DrillResult): string =>
  `${dryRun ? 'Dry run' : 'Restore drill'} ${verdict}: ${shorten(makeVisible(plan ?? drillId), maxNameLength)}`;

/** A sentence stands in a heading, which cannot unfold; the names in it stand in full among the facts. */
const maxSentenceLength = 400;
const maxNameLength = 80;

/** A date that breaks over two lines is hard to read. */
const keepInstants = (sentence: string): ComponentChild[] =>
  splitInstants(sentence).map((piece, index) =>
    index % 2 === 1 ? h('span', { class: 'whole-line' }, piece) : piece,
  );

const sections = [
  ['objectives', 'Recovery time and data loss'],
  ['timeline', 'Timeline'],
  ['checks', 'Checks'],
  ['resources', 'Created and deleted'],
  ['cost', 'Cost'],
  ['facts', 'Facts'],
];

const renderHead = (result: DrillResult, { sentence, meaning }: VerdictWords): ComponentChild => {
  return h('header', null, [
    renderBadge(result),
    h('h1', { dir: 'auto' }, keepInstants(shorten(makeVisible(sentence), maxSentenceLength))),
    result.failure === null ? meaning.map((line) => h('p', null, line)) : null,
    h(
      'nav',
      { 'aria-label': 'Sections' },
      h(
        'ul',
        null,
        sections.map(([id, label]) => h('li', null, h('a', { href: `#${id}` }, label))),
      ),
    ),
  ]);
};

const renderBadge = ({ verdict, dryRun, plan, endedAt }: DrillResult): ComponentChild => {
  const isProof = verdict === 'passed' && !dryRun;
  const tone = verdict === 'failed' ? 'bad' : isProof ? 'good' : 'warn';
  return h('p', { class: 'badge' }, [
    h('span', { class: tone }, [
      h('span', { 'aria-hidden': 'true' }, verdict === 'failed' ? '✕ ' : '✓ '),
      `${dryRun ? 'Dry run' : 'Restore drill'} ${verdict}`,
    ]),
    h('span', { class: 'muted' }, [
      ' · ',
      plan === null ? null : [text(shorten(plan, maxNameLength)), ' · '],
      time(endedAt),
    ]),
  ]);
};

/** What a failure means for a recovery and what to do about it; nothing for a drill that passed. */
const renderNext = ({ failure }: DrillResult, { meaning, steps }: VerdictWords): ComponentChild =>
  failure === null
    ? null
    : h('section', { class: 'next', 'aria-labelledby': 'next' }, [
        h('h2', { id: 'next' }, 'What this means'),
        meaning.map((line) => h('div', { class: 'line' }, longText(line))),
        h('div', { class: 'line' }, [
          h('strong', null, text(failure.error)),
          ` in ${failure.phase}: `,
          longText(failure.cause),
        ]),
        h('h3', null, 'What to do next'),
        h(
          'ol',
          null,
          steps.map((step) => h('li', null, longText(capitalize(step)))),
        ),
      ]);

const capitalize = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
