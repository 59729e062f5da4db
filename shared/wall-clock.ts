/** Does this machine know the time zone? */
export const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/** What a clock on the wall of that zone shows at an instant: `2026-11-16 08:00:04`. @param instant ISO 8601, UTC */
export const toWallClock = (instant: string, timeZone: string): string =>
  formatOf(timeZone).format(new Date(instant));

/** To make a format takes many times as long as to use it. */
const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  // Sweden writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(timeZone, format);
  return format;
};

/**
 * The instant at which a clock on the wall of that zone shows this, in milliseconds since 1970. An hour that a clock
 * shows twice in autumn is taken as the later one, which makes a copy look fresher by an hour at most, never staler.
 */
export const fromWallClock = (text: string, timeZone: string): number => {
  const asUtc = Date.parse(`${text.replace(' ', 'T')}Z`);
  const dayMs = 86_400_000;
  // The offset of a zone changes a few times a year, so it is one of those around that day.
  const offsets = [asUtc + dayMs, asUtc - dayMs].map((near) => offsetAt(near, timeZone));
  const matches = offsets
    .map((offset) => asUtc - offset)
    .filter((at) => at + offsetAt(at, timeZone) === asUtc);
  return matches.length > 0 ? Math.max(...matches) : asUtc - (offsets[1] ?? 0);
};

const offsetAt = (atMs: number, timeZone: string): number => {
  const wholeSecond = Math.floor(atMs / 1000) * 1000;
  const shown = toWallClock(new Date(wholeSecond).toISOString(), timeZone);
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - wholeSecond;
};

/**
 * What clocks on walls of that zone show, written as an instant of UTC, in milliseconds since 1970: the earliest that is
 * shown at this instant or later, and the latest that is shown up to it. They are apart where an hour comes twice.
 */
export const boundWallClock = (atMs: number, timeZone: string): { earliest: number; latest: number } => {
  const shown = atMs + offsetAt(atMs, timeZone);
  const changes = listChanges(atMs - widestMs, atMs + widestMs, timeZone);
  const later = changes.filter((at) => at > atMs).map((at) => at + offsetAt(at, timeZone));
  // The moment before a change is shown no more. What is shown then and later has been seen after it.
  const sooner = changes.filter((at) => at <= atMs).map((at) => at + offsetAt(at - 1000, timeZone));
  return { earliest: Math.min(shown, ...later), latest: Math.max(shown, ...sooner) };
};

/** Clocks of one zone were never further apart than from 12 hours behind UTC to 14 hours before it. */
const widestMs = 26 * 3_600_000;

/** The instants between these at which the clock is set, which are whole seconds. */
const listChanges = (fromMs: number, toMs: number, timeZone: string): number[] => {
  const hourMs = 3_600_000;
  const changes: number[] = [];
  for (let at = Math.floor(fromMs / 1000) * 1000; at < toMs; at += hourMs) {
    let [before, after] = [at, at + hourMs];
    if (offsetAt(before, timeZone) === offsetAt(after, timeZone)) continue;
    while (after - before > 1000) {
      const middle = before + Math.floor((after - before) / 2000) * 1000;
      if (offsetAt(middle, timeZone) === offsetAt(before, timeZone)) before = middle;
      else after = middle;
    }
    changes.push(after);
  }
  return changes;
};
