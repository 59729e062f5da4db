import { type ComponentChild, h } from 'preact';
import type { Phase } from './drill-state.ts';
import { describeSeconds } from './instants.ts';
import { section, table, time } from './report-parts.ts';
import type { DrillResult } from './result.ts';
import { drawTimeline } from './timeline-picture.ts';

const purposes: Record<Phase, string> = {
  PrepareDrill: 'read the plan and the source cluster',
  CaptureBaseline: 'recorded the figures of production',
  CheckRestorePoint: 'waited until the backups reached that instant',
  RestoreCluster: 'asked for the restore',
  CheckCluster: 'waited for the restored cluster',
  AddWriter: 'asked for its writer',
  CheckWriter: 'waited for the writer',
  VerifyRestore: 'did the checks',
  NotifyResult: 'told people',
  TearDown: 'asked for the deletion',
  CheckTeardown: 'waited until everything was gone',
};

const columns = [
  { label: 'Phase', isName: true },
  { label: 'Began, UTC' },
  { label: 'Ended, UTC' },
  { label: 'Took', isNumeric: true },
];

/** When each phase ran, as a picture and as the table that it was drawn from. */
export const renderPhases = ({ phases, failure, startedAt }: DrillResult): ComponentChild => {
  if (phases.length === 0) return section('timeline', 'Timeline', h('p', null, 'No phase was reached.'));
  const rows = phases.map((phase) => ({
    cells: [
      describePhase(phase.name, phase.name === failure?.phase),
      timeOfDay(phase.startedAt, startedAt),
      timeOfDay(phase.endedAt, startedAt),
      describeSeconds(phase.seconds),
    ],
  }));
  return section(
    'timeline',
    'Timeline',
    drawTimeline(phases, failure?.phase ?? null),
    table('Each phase begins where the one before it ended, waits included.', columns, rows, 'phases'),
  );
};

const describePhase = (name: Phase, hasFailed: boolean): ComponentChild => [
  h('span', { class: 'name' }, breakWords(name)),
  ' ',
  hasFailed
    ? h('span', { class: 'purpose bad' }, '✕ failed here')
    : h('span', { class: 'purpose muted' }, purposes[name]),
];

/** A phone has no room for a name in one line: it may break where its words meet. */
const breakWords = (name: string): ComponentChild[] =>
  name.split(/(?=[A-Z])/).flatMap((word, index) => (index === 0 ? [word] : [h('wbr', null), word]));

/** Most drills begin and end on one day, which stands above; another day is named. */
const timeOfDay = (iso: string, startedAt: string): ComponentChild =>
  iso.slice(0, 10) === startedAt.slice(0, 10)
    ? h('time', { datetime: iso, class: 'numeric' }, iso.slice(11, 19))
    : time(iso);
