import { type ComponentChild, h } from 'preact';
import type { DrillResult } from '../drill/document.ts';
import type { Phase } from '../drill/state.ts';
import { describeSeconds } from '../instants.ts';
import { table, time } from './parts.ts';
import { drawTimeline } from './timeline.ts';

/** What each phase is for. The marks say whether it succeeded. */
const purposes: Record<Phase, string> = {
  PrepareDrill: 'read the plan and the source cluster',
  CaptureBaseline: 'record the figures of production',
  CheckRestorePoint: 'wait until the backups reach that instant',
  TakeSnapshot: 'ask for a snapshot',
  CheckSnapshot: 'wait for the snapshot',
  CompleteBaseline: 'record the figures of production again',
  RestoreCluster: 'ask for the restore',
  CheckCluster: 'wait for the restored cluster',
  AddWriter: 'ask for its writer',
  CheckWriter: 'wait for the writer',
  VerifyRestore: 'do the checks',
  NotifyResult: 'tell people',
  TearDown: 'ask for the deletion',
  CheckTeardown: 'wait until everything is gone',
};

const columns = [
  { label: 'Phase', isName: true },
  { label: 'Began, UTC' },
  { label: 'Ended, UTC' },
  { label: 'Took', isNumeric: true },
];

/** When each phase ran, as a picture and as a table. */
export const renderPhases = (result: DrillResult): ComponentChild[] => {
  const { phases, startedAt } = result;
  if (phases.length === 0) return [h('p', null, 'No phase was reached.')];
  const failed = findFailedPhases(result);
  const rows = phases.map((phase) => ({
    cells: [
      describePhase(phase.name, failed.has(phase.name)),
      timeOfDay(phase.startedAt, startedAt),
      timeOfDay(phase.endedAt, startedAt),
      describeSeconds(phase.seconds),
    ],
  }));
  return [
    drawTimeline(phases, failed),
    table('Each phase begins where the one before it ended, waits included.', columns, rows, 'phases'),
  ];
};

/** A teardown that failed without an error failed in its last phase. */
const findFailedPhases = ({ failure, otherFailures, teardown, phases }: DrillResult): ReadonlySet<string> => {
  const failed = new Set([failure, ...otherFailures].flatMap((one) => (one === null ? [] : [one.phase])));
  const last = phases.at(-1)?.name;
  const isOfTeardown = last === 'TearDown' || last === 'CheckTeardown';
  if (teardown.status === 'failed' && isOfTeardown && !failed.has('TearDown')) failed.add(last);
  return failed;
};

const describePhase = (name: Phase, hasFailed: boolean): ComponentChild => [
  h('span', { class: 'name' }, breakWords(name)),
  ' ',
  hasFailed
    ? h('span', { class: 'purpose bad' }, '✕ failed here')
    : h('span', { class: 'purpose muted' }, purposes[name]),
];

/** A phone has no room for a name in one line, so it may break between its words. */
const breakWords = (name: string): ComponentChild[] =>
  name.split(/(?=[A-Z])/).flatMap((word, index) => (index === 0 ? [word] : [h('wbr', null), word]));

/** Most drills begin and end on one day, shown above. A time on another day shows its date. */
const timeOfDay = (iso: string, startedAt: string): ComponentChild =>
  iso.slice(0, 10) === startedAt.slice(0, 10)
    ? h('time', { datetime: iso, class: 'numeric' }, iso.slice(11, 19))
    : time(iso);
