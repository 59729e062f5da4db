import { type ComponentChild, h } from 'preact';
import { makeVisible } from '../result/format.ts';
import type { CheckResult } from '../truth/checks.ts';
import { ellipsize } from '../words.ts';
import { longText, section, text, time } from './parts.ts';

/** What the pages of all jobs but the drill have in common. Texts in them are hostile. */

/** A section, with the name that the navigation jumps to. */
export type PageSection<Document> = [
  name: string,
  heading: string,
  render: (document: Document) => ComponentChild,
];

/** A heading cannot unfold; the sections below have it in full. */
const maxSentenceLength = 400;
const maxNameLength = 80;

/** A colour never goes without a sign and a word. */
export type Badge = { tone: 'good' | 'bad' | 'warn'; sign: string; words: string };

export const badgeOf = (verdict: 'passed' | 'failed', words: string): Badge =>
  verdict === 'failed' ? { tone: 'bad', sign: '✕', words } : { tone: 'good', sign: '✓', words };

export const renderHead = (
  { plan, endedAt }: { plan: string | null; endedAt: string },
  { tone, sign, words }: Badge,
  sentence: string,
  sections: readonly [name: string, heading: string, ...unknown[]][],
): ComponentChild =>
  h('header', null, [
    h('p', { class: 'badge' }, [
      h('span', { class: tone }, [h('span', { 'aria-hidden': 'true' }, `${sign} `), words]),
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

/** What failed, what it means, and what to do, in order. @param isFine nothing has to be done */
export const renderNext = (
  failure: { phase: string; error: string; cause: string } | null,
  isFine: boolean,
  meaning: readonly string[],
  steps: readonly ComponentChild[],
  more: ComponentChild = null,
): ComponentChild =>
  h('section', { class: isFine ? 'next fine' : 'next', 'aria-labelledby': 'next' }, [
    h('h2', { id: 'next' }, 'What to do next'),
    failure === null
      ? null
      : h('div', { class: 'line' }, [
          h('strong', null, text(ellipsize(failure.error, maxNameLength))),
          ` in ${failure.phase}: `,
          longText(failure.cause),
        ]),
    meaning.map((line) => h('div', { class: 'line' }, longText(line))),
    more,
    h(
      'ol',
      null,
      steps.map((step) => h('li', null, step)),
    ),
  ]);

export const renderSections = <Document>(
  sections: readonly PageSection<Document>[],
  document: Document,
): ComponentChild => sections.map(([name, heading, render]) => section(name, heading, render(document)));

export const note = (words: string): ComponentChild => h('p', null, words);

export const list = (lines: readonly string[]): ComponentChild =>
  h(
    'ul',
    null,
    lines.map((line) => h('li', null, longText(line, 600))),
  );

/** A command or a statement to copy, whole. */
export const code = (value: string): ComponentChild => h('pre', null, h('code', null, makeVisible(value)));

/** A mark never goes without a word: colour alone is not enough. */
export const mark = (tone: Badge['tone'], sign: string, words: string): ComponentChild =>
  h('span', { class: `verdict ${tone}` }, [h('span', { 'aria-hidden': 'true' }, `${sign} `), words]);

const marks: Record<CheckResult['verdict'], Parameters<typeof mark>> = {
  passed: ['good', '✓', 'passed'],
  failed: ['bad', '✕', 'failed'],
  skipped: ['warn', '–', 'skipped'],
};

export const markVerdict = (verdict: CheckResult['verdict']): ComponentChild => mark(...marks[verdict]);

export const jobPageStyle = `
  .next.fine { border-left-color: var(--good) }
`;
