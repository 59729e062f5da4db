import { type ComponentChild, h } from 'preact';
import { longText, section, table, text, time } from '../report/parts.ts';
import { formatNumber } from '../result/format.ts';
import { linkToReport } from './drills.ts';
import type { ExtractEntry, JobEntry } from './jobs.ts';

/** Every extract, the newest first; nothing where there is none. */
export const renderExtracts = (all: readonly JobEntry[]): ComponentChild => {
  const jobs = all.filter((entry) => entry.job === 'extract');
  return jobs.length === 0
    ? null
    : section(
        'extracts',
        'Extracts',
        table(
          'What was made in a sandbox is still there, unless somebody has dropped it by hand.',
          [
            { label: 'began, UTC', isName: true },
            { label: 'plan', isPlain: true },
            { label: 'verdict', isPlain: true },
            { label: 'as of' },
            { label: 'sandbox' },
            { label: 'tables' },
            { label: 'rows' },
            { label: 'why' },
          ],
          jobs.map((job) => ({ cells: listCells(job) })),
        ),
      );
};

const listCells = (job: ExtractEntry): ComponentChild[] => [
  linkToReport(job),
  job.plan === null ? 'unknown' : text(job.plan),
  describeVerdict(job),
  job.restoreTo === null ? null : time(job.restoreTo),
  job.sandbox === null
    ? null
    : h('div', null, [text(job.sandbox), job.schema === null ? null : h('small', null, text(job.schema))]),
  formatNumber(job.tables),
  formatNumber(job.rows),
  job.reason === null ? null : longText(job.reason, 120),
];

const describeVerdict = ({ dryRun, verdict, failure }: ExtractEntry): ComponentChild =>
  h('div', null, [
    h('span', { class: `mark ${verdict === 'failed' ? 'bad' : 'good'}` }, dryRun ? 'dry run' : verdict),
    failure && h('small', null, text(`${failure.error} in ${failure.phase}`)),
  ]);
