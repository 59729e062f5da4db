import { type ComponentChild, h } from 'preact';
import { renderCost } from '../report/cost.ts';
import {
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
import type { ExtractDocument } from './document.ts';
import { renderBringBack, renderChanges, renderChecks, renderTables } from './page-parts.ts';
import { describePlace, explainExtract } from './words.ts';

const sections: PageSection<ExtractDocument>[] = [
  ['tables', 'Tables', renderTables],
  ['checks', 'Checks', renderChecks],
  ['changes', 'What production has changed since', renderChanges],
  ['bring-back', 'How to bring rows back', renderBringBack],
  [
    'timeline',
    'Timeline',
    ({ phases, failure }) => drawTimeline(phases, new Set(failure === null ? [] : [failure.phase])),
  ],
  ['cost', 'Cost', renderCost],
  ['facts', 'Facts', (extract) => renderFacts(extract)],
];

const maxNameLength = 80;
/** The sections below have all of it. */
const mostMeaning = 12;

/** The page of one extract: one file that fetches nothing and runs nothing. Texts in it are hostile. */
export const renderExtract = (extract: ExtractDocument): string => {
  const { plan, id, verdict, dryRun, failure } = extract;
  const kind = `${dryRun ? 'Dry run of an extract' : 'Extract'} ${verdict}`;
  const { sentence, meaning, steps } = explainExtract(extract);
  return renderPage(
    `${kind}: ${ellipsize(makeVisible(plan ?? id), maxNameLength)}`,
    h('main', null, [
      renderHead(extract, badgeOf(verdict, kind), sentence, sections),
      renderNext(
        failure,
        failure === null,
        meaning.slice(0, mostMeaning),
        steps.map((step) => longText(step, 600)),
      ),
      renderSections(sections, extract),
    ]),
    `${reportStyle}${jobPageStyle}`,
  );
};

const renderFacts = (extract: ExtractDocument): ComponentChild => {
  const { plan, source, engine, sandbox, copy, restore, trigger, id, startedAt, endedAt, schema } = extract;
  const named = (value: string | null): ComponentChild =>
    value === null ? 'not known' : longText(value, 120);
  const moment = (instant: string | null, otherwise: string): ComponentChild =>
    instant === null ? otherwise : time(instant);
  return facts([
    ['Plan', named(plan)],
    ['Source', named(source)],
    ['Engine', named(engine)],
    ['Asked for', moment(restore.restoreTo, 'the latest time')],
    ['Reached', moment(restore.reached, 'nothing yet')],
    ['Copy', copy === null ? 'none was made' : longText(copy, 120)],
    ['Sandbox', named(sandbox === null ? null : sandbox.name)],
    ['Place', named(sandbox === null ? null : describePlace(sandbox))],
    ['Host', named(sandbox === null ? null : sandbox.host)],
    ['Schema there', sandbox === null ? 'not made' : sandbox.state],
    ['Teardown', extract.teardown.status],
    ['Started by', longText(`${trigger.kind}${trigger.reason === null ? '' : `: ${trigger.reason}`}`)],
    ['Extract', text(id)],
    ['Began', time(startedAt)],
    ['Ended', time(endedAt)],
    ['Schema', text(schema)],
  ]);
};
