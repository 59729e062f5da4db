import { type ComponentChild, h } from 'preact';
import { describeBlocked } from '../rehearsal/figures.ts';
import { longText, section, table, text } from '../report/parts.ts';
import { linkToReport } from './drills.ts';
import type { JobEntry, RehearsalEntry } from './jobs.ts';

/** Every rehearsal, the newest first; nothing where there is none. */
export const renderRehearsals = (all: readonly JobEntry[]): ComponentChild => {
  const jobs = all.filter((entry) => entry.job === 'rehearse');
  return jobs.length === 0
    ? null
    : section(
        'rehearsals',
        'Rehearsals',
        table(
          'What each schema change would have done to others.',
          [
            { label: 'began, UTC', isName: true },
            { label: 'plan', isPlain: true },
            { label: 'verdict', isPlain: true },
            { label: 'blocked reads' },
            { label: 'blocked writes' },
            { label: 'why' },
          ],
          jobs.map((job) => ({ cells: listCells(job) })),
        ),
      );
};

const listCells = (job: RehearsalEntry): ComponentChild[] => [
  linkToReport(job),
  job.plan === null ? 'unknown' : text(job.plan),
  describeVerdict(job),
  job.blockedReadMs === null ? null : describeBlocked(job.blockedReadMs),
  job.blockedWriteMs === null ? null : describeBlocked(job.blockedWriteMs),
  job.reason === null ? null : longText(job.reason, 120),
];

const describeVerdict = ({ dryRun, verdict, failure }: RehearsalEntry): ComponentChild =>
  h('div', null, [
    h('span', { class: `mark ${failure === null ? 'good' : 'bad'}` }, dryRun ? 'dry run' : verdict),
    failure && h('small', null, text(`${failure.error} in ${failure.phase}`)),
  ]);
