import type { Cluster } from '../aurora/port.ts';
import { compareTexts, listSome } from '../words.ts';
import type { PostureFacts } from './facts.ts';
import type { Mend } from './finding.ts';
import { byHand, modify } from './mend.ts';
import { hold, judgeTold, type Rule, unreadable } from './rule.ts';

/** RDS asks for the two to be apart when it is given one of them, and chooses by itself otherwise (API, ModifyDBCluster). */
export const judgeWindows: Rule = (facts) =>
  judgeTold(facts.cluster.settings?.backupWindow, 'when backups are made', (text) => {
    const backup = parseDaily(text);
    if (backup === null) return unreadable(`the backup window "${text}" is none that this tool can read`);
    const told = listMaintenance(facts);
    const overlapping = told.filter(({ span }) => span !== null && overlaps(backup, span));
    const doubt = findDoubt(facts, told);
    if (overlapping.length === 0 && doubt !== null) return unreadable(doubt);
    return hold(overlapping.length === 0, {
      expected: 'no time in both',
      seen: `backups ${text} UTC, ${
        overlapping.length === 0
          ? 'apart from maintenance'
          : `maintenance ${describeMaintenance(overlapping)}`
      }`,
      mend: () => moveBackups(facts.cluster, backup, told),
    });
  });

/** Why an overlap may not have been seen, null if it would have been. */
const findDoubt = ({ instances }: PostureFacts, told: readonly Told[]): string | null => {
  if ('unknown' in instances) return instances.unknown;
  const odd = told.find(({ span }) => span === null);
  if (odd === undefined) return null;
  return odd.text === null
    ? `RDS does not say when ${odd.of} is maintained`
    : `the maintenance window "${odd.text}" of ${odd.of} is none that this tool can read`;
};

const moveBackups = (cluster: Cluster, backup: Span, told: readonly Told[]): Mend => {
  const spans = told.flatMap(({ span }) => span ?? []);
  const free = findFree(backup, spans);
  return free === null
    ? byHand('shorten its backup window, or the maintenance windows, until they fit into a week')
    : modify(cluster, ['--preferred-backup-window', free]);
};

const mostNames = 3;

type Told = { of: string; text: string | null; span: Span | null };

const listMaintenance = ({ cluster, instances }: PostureFacts): Told[] =>
  [
    { of: cluster.identifier, text: cluster.settings?.maintenanceWindow ?? null },
    ...('unknown' in instances ? [] : instances.value)
      .map(({ identifier, settings }) => ({ of: identifier, text: settings?.maintenanceWindow ?? null }))
      .toSorted((a, b) => compareTexts(a.of, b.of)),
  ].map(({ of, text }) => ({ of, text, span: text === null ? null : parseWeekly(text) }));

/** Most instances have the window of their cluster, so each window is told once. */
const describeMaintenance = (told: readonly Told[]): string =>
  [...Map.groupBy(told, ({ text }) => text)]
    .map(([text, same]) => {
      const names = same.map(({ of }) => of);
      return `${text} of ${listSome(names, mostNames)}`;
    })
    .join(', ');

/** Minutes of a week from Sunday 00:00 on; of a day for a daily one. The end may lie in the next week, or day. */
type Span = { start: number; minutes: number };

const dayMinutes = 24 * 60;
const weekMinutes = 7 * dayMinutes;
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const parseDaily = (text: string): Span | null => {
  const match = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text.trim());
  if (match === null) return null;
  const [, from = '', to = ''] = match;
  return toSpan(toMinutes(from), toMinutes(to), dayMinutes);
};

const parseWeekly = (text: string): Span | null => {
  const match = /^([a-z]{3}):(\d\d:\d\d)-([a-z]{3}):(\d\d:\d\d)$/.exec(text.trim().toLowerCase());
  if (match === null) return null;
  const [, fromDay = '', from = '', toDay = '', to = ''] = match;
  const [first, last] = [days.indexOf(fromDay), days.indexOf(toDay)];
  if (first === -1 || last === -1) return null;
  return toSpan(first * dayMinutes + toMinutes(from), last * dayMinutes + toMinutes(to), weekMinutes);
};

const toMinutes = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
};

const toSpan = (start: number, end: number, round: number): Span => ({
  start,
  minutes: (end - start + round) % round,
});

/** @param daily repeated every day @param weekly once a week */
const overlaps = (daily: Span, weekly: Span): boolean =>
  days.some((_, day) => {
    const start = day * dayMinutes + daily.start;
    // Both may reach over the end of the week.
    return [-weekMinutes, 0, weekMinutes].some(
      (shift) =>
        start < weekly.start + shift + weekly.minutes && weekly.start + shift < start + daily.minutes,
    );
  });

const stepMinutes = 30;

/** The next window of the same length that keeps clear of all of them, as RDS writes it; null when there is none. */
const findFree = (daily: Span, weekly: readonly Span[]): string | null => {
  for (let later = stepMinutes; later < dayMinutes; later += stepMinutes) {
    const moved = { ...daily, start: (daily.start + later) % dayMinutes };
    if (!weekly.some((span) => overlaps(moved, span))) return describeDaily(moved);
  }
  return null;
};

const describeDaily = ({ start, minutes }: Span): string =>
  `${toClock(start)}-${toClock((start + minutes) % dayMinutes)}`;

const toClock = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
