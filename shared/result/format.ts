/**
 * What cannot be seen, or would turn around what stands beside it: controls, halves of a surrogate pair, marks and
 * overrides of direction, separators of lines, and what is no character.
 */
const invisible = /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Noncharacter_Code_Point}\p{Zl}\p{Zp}]/gu;

/** A text that can be shown as it is: what is invisible stands as its code point, "\u{202e}". Lines stay lines. */
export const makeVisible = (text: string): string =>
  text.replace(invisible, (character) =>
    /[\t\n\r]/.test(character) ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );

const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** Is the text an ISO 8601 instant in UTC? */
export const isInstant = (text: string): boolean => isoInstant.test(text);

/** "2026-11-16 08:00:04 UTC" of an ISO 8601 instant, to the second; what is none stays as it is. */
export const formatInstant = (iso: string): string =>
  isInstant(iso) ? `${iso.slice(0, 19).replace('T', ' ')} UTC` : iso;

/** Those instants apart from the text around them, which stands between: the odd pieces are instants. */
export const splitInstants = (text: string): string[] => text.split(/(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC)/);

/** With thousands separators: "1,204,551". */
export const formatNumber = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: 3 });
