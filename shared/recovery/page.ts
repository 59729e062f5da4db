import { type ComponentChild, h } from 'preact';
import { describeSeconds } from '../instants.ts';
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
import type { RecoveryDocument } from './document.ts';
import {
  renderAccident,
  renderReaders,
  renderSettings,
  renderSwitch,
  renderTests,
  renderWays,
} from './page-parts.ts';
import { explainRecovery, listEndpoints } from './words.ts';

const sections: PageSection<RecoveryDocument>[] = [
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

const maxNameLength = 80;

/** The page of one recovery: one file that fetches nothing and runs nothing. Texts in it are hostile. */
export const renderRecovery = (recovery: RecoveryDocument): string => {
  const { plan, id, verdict, dryRun, failure, cluster } = recovery;
  const kind = dryRun ? 'Advice' : 'Recovery';
  const { sentence, meaning, steps } = explainRecovery(recovery);
  return renderPage(
    `${kind} ${verdict}: ${ellipsize(makeVisible(plan ?? id), maxNameLength)}`,
    h('main', null, [
      renderHead(recovery, badgeOf(verdict, `${kind} ${verdict}`), sentence, sections),
      renderNext(
        failure,
        failure === null,
        meaning,
        steps.map((step) => longText(step, 600)),
        cluster?.isAvailable === true ? facts(renderEndpoints(cluster)) : null,
      ),
      renderSections(sections, recovery),
    ]),
    `${reportStyle}${jobPageStyle}`,
  );
};

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
