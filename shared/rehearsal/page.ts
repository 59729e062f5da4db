import { type ComponentChild, h } from 'preact';
import { renderCost } from '../report/cost.ts';
import {
  type Badge,
  jobPageStyle,
  type PageSection,
  renderHead,
  renderNext,
  renderSections,
} from '../report/job-page.ts';
import { facts, longText, text, time } from '../report/parts.ts';
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
import { describeContender, explainRehearsal, type NextStep } from './words.ts';

const sections: PageSection<RehearsalDocument>[] = [
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

const maxNameLength = 80;

const tones: Record<Verdict, [tone: Badge['tone'], sign: string]> = {
  safe: ['good', '✓'],
  unsafe: ['bad', '✕'],
  failed: ['bad', '✕'],
  'not measured': ['warn', '–'],
};

/** The page of one rehearsal: one file that fetches nothing and runs nothing. Texts in it are hostile. */
export const renderRehearsal = (rehearsal: RehearsalDocument): string => {
  const { plan, id, verdict, dryRun, failure } = rehearsal;
  const { sentence, steps } = explainRehearsal(rehearsal);
  const [tone, sign] = tones[verdict];
  const badge = dryRun ? 'Rehearsal, dry run' : `Rehearsal: ${verdict}`;
  return renderPage(
    `Rehearsal, ${verdict}: ${ellipsize(makeVisible(plan ?? id), maxNameLength)}`,
    h('main', null, [
      renderHead(rehearsal, { tone, sign, words: badge }, sentence, sections),
      renderNext(failure, failure === null && verdict === 'safe', [], steps.map(renderStep)),
      renderSections(sections, rehearsal),
    ]),
    `${reportStyle}${lanesStyle}${jobPageStyle}`,
  );
};

const renderStep = ({ words, source }: NextStep): ComponentChild => [
  longText(words, 600),
  source === null ? null : [' ', h('a', { href: source }, 'How it works')],
];

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
