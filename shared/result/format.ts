/**
 * What cannot be seen, or would reverse the text around it: controls, halves of a surrogate pair, marks and overrides of
 * direction, line separators, and noncharacters.
 */
const invisible = /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Noncharacter_Code_Point}\p{Zl}\p{Zp}]/gu;

/** A text that is safe to show: invisible characters become their code points, "\u{202e}". Lines stay lines. */
export const makeVisible = (text: string): string =>
  text.replace(invisible, (character) =>
    /[\t\n\r]/.test(character) ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );

const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Is the text an ISO 8601 instant in UTC? */
export const isInstant = (text: string): boolean => isoInstant.test(text);

/** "2026-11-16 08:00:04 UTC" for an ISO 8601 instant, to the second. Other texts stay as they are. */
export const formatInstant = (iso: string): string =>
  isInstant(iso) ? `${iso.slice(0, 19).replace('T', ' ')} UTC` : iso;

/** Splits such instants from the text around them: the pieces at odd indexes are instants. */
export const splitInstants = (text: string): string[] => text.split(/(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC)/);

// Made once: a page of a long history writes tens of thousands of numbers.
const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });

/** With thousands separators: "1,204,551". */
export const formatNumber = (value: number): string => numbers.format(value);

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** "2.9 GB": in steps of 1,024, as PostgreSQL shows sizes. */
export const describeBytes = (bytes: number): string => {
  let size = Math.abs(bytes);
  let step = 0;
  for (; size >= 1024 && step < units.length - 1; step++) size /= 1024;
  return `${bytes < 0 ? '-' : ''}${formatNumber(Number(size.toFixed(size < 10 ? 1 : 0)))} ${units[step]}`;
};
