import { type ComponentChild, h } from 'preact';
import type { DrillResult } from '../drill/document.ts';
import { formatNumber } from '../result/format.ts';
import type { TeardownStatus } from '../teardown/outcome.ts';
import type { Resource } from '../teardown/resources.ts';
import { countOf } from '../words.ts';
import { longText, type Row, table, time } from './parts.ts';

const columns = [
  { label: 'Kind', width: '5.5rem', isPlain: true },
  { label: 'Name', isName: true },
  { label: 'Created' },
  { label: 'Deleted' },
];
/** A drill makes two, or three with a snapshot. Any others are instances that somebody added to its cluster. */
const mostPrintedResources = 4;

export const renderResources = ({ resources, teardown, cost }: DrillResult): ComponentChild[] => [
  h('p', null, describeTeardown(teardown.status)),
  resources.length === 0
    ? null
    : table(
        countOf(resources.length, 'resource', formatNumber),
        columns,
        resources.map(toRow(cost.used.undated, teardown.status)),
      ),
];

const describeTeardown = (status: TeardownStatus): ComponentChild => {
  switch (status) {
    case 'completed':
      return 'Teardown completed: nothing is left of what the drill made.';
    case 'not-needed':
      return 'Teardown not needed: nothing was created.';
    case 'pending':
      return 'Teardown next: this page was filed before it, and is filed again after it.';
    case 'failed':
      return h('strong', { class: 'bad' }, 'Teardown failed: what still exists costs money.');
    default:
      return status satisfies never;
  }
};

const describeStanding = (status: TeardownStatus): ComponentChild =>
  status === 'pending'
    ? h('span', { class: 'whole-line' }, 'next')
    : h('strong', { class: 'bad whole-line' }, '✕ may still exist');

const toRow =
  (undated: readonly string[], status: TeardownStatus) =>
  ({ kind, name, createdAt, deletedAt }: Resource, index: number): Row => ({
    isUnprinted: index >= mostPrintedResources,
    cells: [
      kind,
      longText(name),
      createdAt === null
        ? h('span', { class: 'whole-line' }, undated.includes(name) ? 'not known' : 'not by the drill')
        : time(createdAt),
      deletedAt === null ? describeStanding(status) : time(deletedAt),
    ],
  });
