import { type ComponentChild, h } from 'preact';
import { describeSeconds } from '../instants.ts';
import { longText, section, table, text, time } from '../report/parts.ts';
import { linkToReport } from './drills.ts';
import type { JobEntry, RecoveryEntry } from './jobs.ts';

/** Every recovery, the newest first; nothing where there is none. */
export const renderRecoveries = (all: readonly JobEntry[]): ComponentChild => {
  const jobs = all.filter((entry) => entry.job === 'recover');
  return jobs.length === 0
    ? null
    : section(
        'recoveries',
        'Recoveries',
        table(
          'What was made still stands, unless somebody has deleted it by hand.',
          [
            { label: 'began, UTC', isName: true },
            { label: 'plan', isPlain: true, width: '7rem' },
            { label: 'verdict', isPlain: true },
            { label: 'to' },
            { label: 'cluster' },
            { label: 'usable after' },
            { label: 'why' },
          ],
          jobs.map((job) => ({ cells: listCells(job) })),
        ),
      );
};

const listCells = (job: RecoveryEntry): ComponentChild[] => [
  linkToReport(job),
  job.plan === null ? 'unknown' : text(job.plan),
  describeVerdict(job),
  job.restoreTo === null ? null : time(job.restoreTo),
  job.cluster === null ? null : text(job.cluster),
  job.usableAfterSeconds === null ? null : describeSeconds(job.usableAfterSeconds),
  job.reason === null ? null : longText(job.reason, 120),
];

const describeVerdict = ({ dryRun, verdict, failure }: RecoveryEntry): ComponentChild => {
  const words = dryRun ? `advice ${verdict}` : verdict;
  return h('div', null, [
    h('span', { class: `mark ${verdict === 'failed' ? 'bad' : 'good'}` }, words),
    failure && h('small', null, text(`${failure.error} in ${failure.phase}`)),
  ]);
};
