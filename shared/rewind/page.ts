import { type ComponentChild, h } from 'preact';
import { renderAccident, renderTests } from '../recovery/page-parts.ts';
import { renderCost } from '../report/cost.ts';
import {
  type Badge,
  badgeOf,
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
import type { RewindDocument } from './document.ts';
import { renderInputs, renderPreflight, renderRewound } from './page-parts.ts';
import { explainRewind } from './words.ts';

const sections: PageSection<RewindDocument>[] = [
  ['preflight', 'Pre-flight', renderPreflight],
  ['inputs', 'What can be done next', renderInputs],
  ['rewind', 'The rewind', renderRewound],
  ['changes', 'What the rewind took away', renderAccident],
  ['tests', 'Tests', renderTests],
  [
    'timeline',
    'Timeline',
    ({ phases, failure }) => drawTimeline(phases, new Set(failure === null ? [] : [failure.phase])),
  ],
  ['cost', 'Cost', renderCost],
  ['facts', 'Facts', (rewind) => renderFacts(rewind)],
];

const maxNameLength = 80;

const ends: Record<RewindDocument['outcome'], string> = {
  ready: 'Ready to be rewound',
  blocked: 'Rewind blocked',
  rewound: 'Rewound',
  'other-time': 'Rewound to another time',
  failed: 'Rewind failed',
};

const describeBadge = ({ outcome, verdict }: RewindDocument): Badge =>
  badgeOf(verdict, outcome === 'rewound' ? `Rewind ${verdict}` : ends[outcome]);

/** The page of one rewind: one file that fetches nothing and runs nothing. Texts in it are hostile. */
export const renderRewind = (rewind: RewindDocument): string => {
  const { plan, id, failure } = rewind;
  const badge = describeBadge(rewind);
  const { sentence, meaning, steps } = explainRewind(rewind);
  return renderPage(
    `${badge.words}: ${ellipsize(makeVisible(plan ?? id), maxNameLength)}`,
    h('main', null, [
      renderHead(rewind, badge, sentence, sections),
      renderNext(
        failure,
        failure === null,
        meaning,
        steps.map((step) => longText(step, 600)),
      ),
      renderSections(sections, rewind),
    ]),
    `${reportStyle}${jobPageStyle}`,
  );
};

const renderFacts = (rewind: RewindDocument): ComponentChild => {
  const { plan, source, engine, code, restore, trigger, id, startedAt, endedAt, schema } = rewind;
  const named = (value: string | null): ComponentChild =>
    value === null ? 'not known' : longText(value, 120);
  const moment = (instant: string | null, otherwise: string): ComponentChild =>
    instant === null ? otherwise : time(instant);
  return facts([
    ['Plan', named(plan)],
    ['Source', named(source)],
    ['Engine', named(engine)],
    ['Asked for', moment(restore.restoreTo, 'not known')],
    ['Reached', moment(restore.reached, 'nothing yet')],
    ['Code', code === null ? 'none' : text(code.value)],
    ['It holds until', moment(code === null ? null : code.until, 'no time')],
    ['Started by', longText(`${trigger.kind}${trigger.reason === null ? '' : `: ${trigger.reason}`}`)],
    ['Rewind', text(id)],
    ['Began', time(startedAt)],
    ['Ended', time(endedAt)],
    ['Schema', text(schema)],
  ]);
};
