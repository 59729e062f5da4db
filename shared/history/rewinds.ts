import { type ComponentChild, h } from 'preact';
import type { SeenRewind } from '../aurora/backtracks.ts';
import { longText, section, table, text, time } from '../report/parts.ts';
import { linkToReport } from './drills.ts';
import type { JobEntry } from './jobs.ts';
import type { RewindEntry } from './rewind-entry.ts';

/** Every rewind and pre-flight, the newest first; nothing where there is none. */
export const renderRewinds = (all: readonly JobEntry[]): ComponentChild => {
  const jobs = all.filter((entry) => entry.job === 'rewind');
  return jobs.length === 0
    ? null
    : section(
        'rewinds',
        'Rewinds',
        table(
          'Production as it was before a rewind still stands, unless somebody has deleted it by hand.',
          [
            { label: 'began, UTC', isName: true },
            { label: 'plan', isPlain: true },
            { label: 'outcome', isPlain: true },
            { label: 'to' },
            { label: 'as it was before' },
            { label: 'why' },
          ],
          jobs.map((job) => ({ cells: listCells(job) })),
        ),
      );
};

const listCells = (job: RewindEntry): ComponentChild[] => [
  linkToReport(job),
  job.plan === null ? 'unknown' : text(job.plan),
  describeOutcome(job),
  job.restoreTo === null ? null : time(job.restoreTo),
  job.clone === null ? null : text(job.clone),
  job.reason === null ? null : longText(job.reason, 120),
];

const describeOutcome = ({ outcome, verdict, failure }: RewindEntry): ComponentChild =>
  h('div', null, [
    h('span', { class: `mark ${verdict === 'failed' ? 'bad' : 'good'}` }, outcome),
    failure && h('small', null, text(`${failure.error} in ${failure.phase}`)),
  ]);

/** What RDS tells of, by hand or not. */
export const renderSeenRewinds = (seen: readonly SeenRewind[]): ComponentChild =>
  seen.length === 0
    ? null
    : section(
        'seen-rewinds',
        'Rewinds that RDS tells of',
        table(
          'Of every watched cluster, by this tool or by hand. RDS does not say who asked for one: see CloudTrail, BacktrackDBCluster.',
          [
            { label: 'asked for, UTC', isName: true },
            { label: 'cluster', isPlain: true },
            { label: 'status', isPlain: true },
            { label: 'from' },
            { label: 'to' },
          ],
          seen.map(({ requestedAt, cluster, status, from, to }) => ({
            cells: [
              time(requestedAt),
              text(cluster),
              text(status),
              from === null ? null : time(from),
              time(to),
            ],
          })),
        ),
      );
