import { addSeconds, isAfter } from '../instants.ts';
import { formatInstant, formatNumber } from '../result/format.ts';
import { countOf } from '../words.ts';
import type { RewindFacts } from './facts.ts';
import { findTakenBack } from './line.ts';
import { type Fact, sayAs, type TimedQuestion } from './readiness.ts';

/** Whether the cluster can go back to a certain time. */

/** The window moves on between the check and the call. */
export const spareSeconds = 120;

export const checkTime = ({ source }: RewindFacts, { to, now }: TimedQuestion): Fact => {
  const say = sayAs('time');
  const [asked, earliest] = [formatInstant(to), source.backtrack?.earliestTime ?? null];
  if (!isAfter(now, to)) return say(false, `${asked} is not past: it is ${formatInstant(now)}`);
  if (earliest === null) return say(null, `whether ${asked} can be reached is not known`);
  if (isAfter(earliest, to))
    return say(
      false,
      `${asked} is out of reach: ${source.identifier} can go back to ${formatInstant(earliest)}`,
    );
  return isAfter(addSeconds(earliest, spareSeconds), to)
    ? say(false, `${asked} is too near the end of the window, ${formatInstant(earliest)}, which moves on`)
    : say(true, `${asked} is inside the window, with two minutes to spare`);
};

export const checkCreation = ({ source }: RewindFacts, { to }: TimedQuestion): Fact => {
  const say = sayAs('creation');
  const { identifier, createdAt } = source;
  if (createdAt === null) return say(null, `RDS does not say when ${identifier} was created`);
  const when = formatInstant(createdAt);
  return isAfter(to, createdAt)
    ? say(true, `${identifier} was created before that, at ${when}`)
    : say(
        false,
        `${identifier} was created, restored or cloned at ${when}: nothing from before can be reached`,
      );
};

export const checkUpgrade = ({ source, upgrades }: RewindFacts, { to }: TimedQuestion): Fact => {
  const say = sayAs('upgrade');
  const { identifier } = source;
  if ('unknown' in upgrades)
    return say(null, `whether ${identifier} was upgraded since is not known: ${upgrades.unknown}`);
  const later = upgrades.value.find(({ at }) => !isAfter(to, at));
  return later === undefined
    ? say(true, `${identifier} was not upgraded since`)
    : say(
        false,
        `${identifier} was upgraded in place at ${formatInstant(later.at)}: nothing from before can be reached`,
      );
};

/**
 * Whether writes after a rewind throw away what it took back, AWS does not say. So they are assumed to, and there is no way
 * forward while somebody writes.
 */
export const checkLine = ({ backtracks, activity }: RewindFacts, { to }: TimedQuestion): Fact => {
  const say = sayAs('line of time');
  if ('unknown' in backtracks)
    return say(null, `whether a rewind took that time back is not known: ${backtracks.unknown}`);
  const taken = findTakenBack(backtracks.value, to);
  if (taken === undefined) return say(true, 'no rewind took that time back');
  const sentence = `the rewind asked for at ${formatInstant(taken.requestedAt)} took that time back`;
  if ('unknown' in activity)
    return say(null, `${sentence}, and whether anything was written since is not known`);
  return activity.value.writesPerSecond > 0
    ? say(
        false,
        `${sentence}, and the cluster is written to: it can be reached only while nothing was written since`,
      )
    : say(true, `${sentence}: it can be reached only if nothing was written since`);
};

/** For a person to look at: who confirms says that the writes are stopped. */
export const checkActivity = ({ source: { identifier }, activity }: RewindFacts): Fact => {
  const say = sayAs('writes');
  if ('unknown' in activity)
    return say(null, `who writes to ${identifier} is not known: ${activity.unknown}`);
  const { writesPerSecond, connections } = activity.value;
  const rate = writesPerSecond === 0 ? 'nothing' : `${formatNumber(writesPerSecond)} rows a second`;
  return say(
    true,
    `in the last minute ${rate} was written to ${identifier}, over ${countOf(connections, 'connection', formatNumber)}`,
  );
};
