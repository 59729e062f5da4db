import { type ComponentChild, h } from 'preact';
import type { DrillResult } from '../drill/document.ts';
import type { Failure } from '../drill/failure.ts';
import { explainVerdict, type VerdictWords } from '../drill/verdict-words.ts';
import { makeVisible, splitInstants } from '../result/format.ts';
import { ellipsize } from '../words.ts';
import { renderChecks } from './checks.ts';
import { renderCost } from './cost.ts';
import { renderFacts } from './facts.ts';
import { type PageSection, renderSections } from './job-page.ts';
import { renderObjectives } from './objectives.ts';
import { longText, text, time } from './parts.ts';
import { renderPhases } from './phases.ts';
import { renderResources } from './resources.ts';
import { renderPage } from './shell.ts';
import { reportStyle } from './style.ts';

/** The sections in order, each with the name that the navigation jumps to. */
const own: PageSection<DrillResult>[] = [
  ['objectives', 'Recovery time and data loss', renderObjectives],
  ['timeline', 'Timeline', renderPhases],
  ['checks', 'Checks', renderChecks],
  ['resources', 'Created and deleted', renderResources],
  ['cost', 'Cost', renderCost],
];
const last: PageSection<DrillResult> = ['facts', 'Facts', renderFacts];

/**
 * The report of one drill: one file that fetches nothing and runs nothing.
 * @param more sections of what does not come from the drill
 */
export const renderReport = (result: DrillResult, more: PageSection<DrillResult>[] = []): string => {
  const words = explainVerdict(result);
  const sections = [...own, ...more, last];
  return renderPage(
    titleOf(result),
    h('main', null, [
      renderHead(result, words, sections),
      renderNext(result, words),
      renderSections(sections, result),
    ]),
    reportStyle,
  );
};

const titleOf = ({ plan, drillId, dryRun, verdict }: DrillResult): string =>
  `${dryRun ? 'Dry run' : 'Restore drill'} ${verdict}: ${ellipsize(makeVisible(plan ?? drillId), maxNameLength)}`;

/** A heading cannot unfold; the facts have the names in full. */
const maxSentenceLength = 400;
const maxNameLength = 80;

/** A date that breaks over two lines is hard to read. */
const keepInstants = (sentence: string): ComponentChild[] =>
  splitInstants(sentence).map((piece, index) =>
    index % 2 === 1 ? h('span', { class: 'whole-line' }, piece) : piece,
  );

const renderHead = (
  result: DrillResult,
  { sentence, meaning }: VerdictWords,
  sections: readonly PageSection<DrillResult>[],
): ComponentChild => {
  return h('header', null, [
    renderBadge(result),
    h('h1', { dir: 'auto' }, keepInstants(ellipsize(makeVisible(sentence), maxSentenceLength))),
    result.failure === null ? meaning.map((line) => h('p', null, line)) : null,
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
      plan === null ? null : [text(ellipsize(plan, maxNameLength)), ' · '],
      time(endedAt),
    ]),
  ]);
};

/** What a failure means for a recovery, and what to do about it. */
const renderNext = (
  { failure, otherFailures }: DrillResult,
  { meaning, steps }: VerdictWords,
): ComponentChild =>
  failure === null
    ? null
    : h('section', { class: 'next', 'aria-labelledby': 'next' }, [
        h('h2', { id: 'next' }, 'What this means'),
        meaning.map((line) => h('div', { class: 'line' }, longText(line))),
        h('div', { class: 'line' }, nameFailure(failure)),
        h('h3', null, 'What to do next'),
        h(
          'ol',
          null,
          steps.map((step) => h('li', null, longText(capitalize(step)))),
        ),
        renderOthers(otherFailures),
      ]);

const nameFailure = ({ error, phase, cause }: Failure): ComponentChild[] => [
  h('strong', null, text(ellipsize(error, maxNameLength))),
  ` in ${phase}: `,
  longText(cause),
];

const renderOthers = (failures: Failure[]): ComponentChild =>
  failures.length === 0
    ? null
    : [
        h('h3', null, 'What else went wrong'),
        h(
          'ul',
          null,
          failures.map((failure) =>
            h('li', null, [
              nameFailure(failure),
              h('div', { class: 'screen-only' }, longText(capitalize(failure.hint))),
            ]),
          ),
        ),
      ];

const capitalize = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
