import { type ComponentChild, h } from 'preact';
import { describeEstimate } from './cost.ts';
import { describeSeconds } from './instants.ts';
import { formatNumber } from './report-format.ts';
import { facts, longText, type Row, section, table, text, time } from './report-parts.ts';
import type { DrillResult, Resource } from './result.ts';
import { wasRestored } from './verdict-words.ts';
import { countOf } from './words.ts';

const columns = [
  { label: 'Kind', width: '5.5rem', isPlain: true },
  { label: 'Name', isName: true },
  { label: 'Created' },
  { label: 'Deleted' },
];
/** A drill makes two; more are instances that somebody added to its cluster. */
const mostPrintedResources = 4;

/** What was created, what of it is gone, and how the teardown ended. */
export const renderResources = ({ resources, teardown }: DrillResult): ComponentChild =>
  section(
    'resources',
    'Created and deleted',
    h('p', null, describeTeardown(teardown.status)),
    resources.length === 0
      ? null
      : table(
          `${countOf(resources.length, 'resource', formatNumber)} of Amazon RDS`,
          columns,
          resources.map(toRow),
        ),
  );

const describeTeardown = (status: DrillResult['teardown']['status']): ComponentChild => {
  switch (status) {
    case 'completed':
      return 'Teardown completed: everything that the drill made was deleted and seen to go.';
    case 'not-needed':
      return 'Teardown not needed: nothing was created.';
    case 'failed':
      return h('strong', { class: 'bad' }, 'Teardown failed: something may be left, and costs money.');
    default:
      return status satisfies never;
  }
};

const toRow = ({ kind, name, createdAt, deletedAt }: Resource, index: number): Row => ({
  isUnprinted: index >= mostPrintedResources,
  cells: [
    kind,
    longText(name),
    createdAt === null ? h('span', { class: 'whole-line' }, 'not by the drill') : time(createdAt),
    deletedAt === null ? h('strong', { class: 'bad whole-line' }, '✕ not seen to go') : time(deletedAt),
  ],
});

/** The estimate, and beside it all that it rests on. */
export const renderCost = ({ cost }: DrillResult): ComponentChild =>
  section(
    'cost',
    'Cost',
    h('p', null, h('span', { class: 'figure' }, describeEstimate(cost))),
    h('p', null, [h('span', { class: 'muted' }, 'Used: '), listUse(cost.used).join(', ')]),
    h('h3', { class: 'muted' }, 'Assumptions'),
    h(
      'ul',
      { class: 'small' },
      cost.assumptions.map((assumption) => h('li', null, longText(assumption))),
    ),
  );

const listUse = ({
  instance,
  storageMinutes,
  stateTransitions,
  functionSeconds,
  functionGiBSeconds,
}: DrillResult['cost']['used']): string[] => [
  ...(instance === null ? [] : [`${instance.class} for ${describeMinutes(instance.minutes)}`]),
  ...(storageMinutes === 0 ? [] : [`storage for ${describeMinutes(storageMinutes)}`]),
  countOf(stateTransitions, 'state transition', formatNumber),
  `functions for ${describeSeconds(functionSeconds)} (${formatNumber(functionGiBSeconds)} GiB s)`,
];

/** Minutes are counted to a tenth. */
const describeMinutes = (minutes: number): string =>
  minutes === 0 ? 'some seconds' : describeSeconds(minutes * 60);

/** Who, what, when and by which names: what an auditor copies. */
export const renderFacts = (result: DrillResult): ComponentChild => {
  const { trigger, restore } = result;
  const reason = trigger.reason === null ? '' : `: ${trigger.reason}`;
  const named = (value: string | null): ComponentChild =>
    value === null ? 'not known' : longText(value, 120);
  return section(
    'facts',
    'Facts',
    facts([
      ['Plan', named(result.plan)],
      ['Source', named(result.source)],
      ['Target', named(result.target)],
      ['Engine', named(result.engine)],
      [
        'Restored to',
        wasRestored(result) && restore.restoreTo !== null ? time(restore.restoreTo) : 'nothing',
      ],
      ['Compared with', describeBaseline(result)],
      ['Started by', longText(`${trigger.kind}${reason}`)],
      ['Drill', text(result.drillId)],
      ['Began', time(result.startedAt)],
      ['Ended', time(result.endedAt)],
      ['Schema', text(result.schema)],
    ]),
  );
};

const describeBaseline = ({ restore, checks, dryRun }: DrillResult): string => {
  if (dryRun || checks.length === 0) return 'nothing';
  return restore.baseline === 'same-instant'
    ? 'production at that instant'
    : 'not with production, which can no longer be read at that time';
};
