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
export const toWallClock = (instant: string, timeZone: string): string => {
  // Sweden writes dates as ISO 8601 does.
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return shown.format(new Date(instant));
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
