import { type ComponentChild, h } from 'preact';
import { renderCost } from '../report/cost.ts';
import { facts, longText, section, text, time } from '../report/parts.ts';
import { renderPage } from '../report/shell.ts';
import { reportStyle } from '../report/style.ts';
import { drawTimeline } from '../report/timeline.ts';
import { makeVisible } from '../result/format.ts';
import { ellipsize } from '../words.ts';
import type { RehearsalDocument } from './document.ts';
import { describeLimits } from './figures.ts';
import { lanesStyle } from './lanes.ts';
import { renderFindings, renderPictures, renderStatements, renderUndo } from './page-parts.ts';
import type { Verdict } from './verdict.ts';
import { describeContender, explainRehearsal, type RehearsalWords } from './words.ts';

/** The sections in order, each with the name that the navigation jumps to. */
const sections: [name: string, heading: string, render: (rehearsal: RehearsalDocument) => ComponentChild][] =
  [
    ['findings', 'Findings', renderFindings],
    ['picture', 'Each statement over time', renderPictures],
    ['statements', 'Statements', renderStatements],
    ['undo', 'How to undo it', renderUndo],
    [
      'timeline',
      'Timeline of the rehearsal',
      ({ phases, failure }) => drawTimeline(phases, new Set(failure === null ? [] : [failure.phase])),
    ],
    ['cost', 'Cost', renderCost],
    ['facts', 'Facts', (rehearsal) => renderFacts(rehearsal)],
  ];

/** A heading cannot unfold; the findings have it in full. */
const maxSentenceLength = 400;
const maxNameLength = 80;

const tones: Record<Verdict, [tone: string, sign: string]> = {
  safe: ['good', '✓'],
  unsafe: ['bad', '✕'],
  failed: ['bad', '✕'],
  'not measured': ['warn', '–'],
};

/** The page of one rehearsal: one file that fetches nothing and runs nothing. Texts in it are hostile. */
export const renderRehearsal = (rehearsal: RehearsalDocument): string => {
  const { plan, id, verdict } = rehearsal;
  const words = explainRehearsal(rehearsal);
  return renderPage(
    `Rehearsal, ${verdict}: ${ellipsize(makeVisible(plan ?? id), maxNameLength)}`,
    h('main', null, [
      renderHead(rehearsal, words),
      renderNext(rehearsal, words),
      sections.map(([name, heading, render]) => section(name, heading, render(rehearsal))),
    ]),
    `${reportStyle}${lanesStyle}${rehearsalStyle}`,
  );
};

const renderHead = (
  { verdict, plan, endedAt, dryRun }: RehearsalDocument,
  { sentence }: RehearsalWords,
): ComponentChild => {
  const [tone, sign] = tones[verdict];
  return h('header', null, [
    h('p', { class: 'badge' }, [
      h('span', { class: tone }, [
        h('span', { 'aria-hidden': 'true' }, `${sign} `),
        dryRun ? 'Rehearsal, dry run' : `Rehearsal: ${verdict}`,
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
};

const renderNext = ({ failure, verdict }: RehearsalDocument, { steps }: RehearsalWords): ComponentChild =>
  h(
    'section',
    { class: failure === null && verdict === 'safe' ? 'next fine' : 'next', 'aria-labelledby': 'next' },
    [
      h('h2', { id: 'next' }, 'What to do next'),
      failure === null
        ? null
        : h('div', { class: 'line' }, [
            h('strong', null, text(ellipsize(failure.error, maxNameLength))),
            ` in ${failure.phase}: `,
            longText(failure.cause),
          ]),
      h(
        'ol',
        null,
        steps.map(({ words, source }) =>
          h('li', null, [
            longText(words, 600),
            source === null ? null : [' ', h('a', { href: source }, 'How it works')],
          ]),
        ),
      ),
    ],
  );

const renderFacts = (rehearsal: RehearsalDocument): ComponentChild => {
  const { plan, source, engine, clone, trigger, id, startedAt, endedAt, schema, change, measured } =
    rehearsal;
  const named = (value: string | null | undefined): ComponentChild =>
    value === null || value === undefined ? 'not known' : longText(value, 120);
  const stored = change?.storedAt ?? null;
  return facts([
    ['Plan', named(plan)],
    ['Source', named(source)],
    ['Engine', named(engine)],
    ['Version', named(measured?.serverVersion)],
    ['Clone', clone === null ? 'none was made' : longText(clone, 120)],
    ['Change', named(change?.summary)],
    ...(stored === null
      ? []
      : ([
          ['Script', longText(`s3://${stored.bucket}/${stored.key}, version ${stored.versionId}`)],
          ['SHA-256', text(stored.sha256)],
        ] satisfies [string, ComponentChild][])),
    ['Limits', describeLimits(rehearsal.limits)],
    ['Contender', longText(describeContender(rehearsal))],
    ['Teardown', rehearsal.teardown.status],
    ['Started by', longText(`${trigger.kind}${trigger.reason === null ? '' : `: ${trigger.reason}`}`)],
    ['Rehearsal', text(id)],
    ['Began', time(startedAt)],
    ['Ended', time(endedAt)],
    ['Schema', text(schema)],
  ]);
};

const rehearsalStyle = `
  .next.fine { border-left-color: var(--good) }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.25rem 0 0.75rem; font-size: 0.8125rem }
`;
