import { listChanges, summarizeChanges } from './change-words.ts';
import type { DatabaseChanges } from './database-changes.ts';

/**
 * What changed in production since a time: the blast radius of an accident, and what others wrote since. `summary` is for a
 * message, `lines` for a page. `found` is the whole of it, for machines; null if production could not be read or compared, and
 * then the summary says why.
 */
export type Changes = { summary: string; lines: string[]; found: DatabaseChanges | null };

export const tellChanges = (found: DatabaseChanges): Changes => ({
  summary: summarizeChanges(found),
  lines: listChanges(found),
  found,
});

export const unreadChanges = (why: string): Changes => ({
  summary: `not known: ${why}`,
  lines: [],
  found: null,
});

const mostLines = 200;

/** What does not fit is left out: first the whole of it, then the lines behind the first ones. */
export const fitChanges = (changes: Changes, fits: (changes: Changes) => boolean): Changes => {
  if (fits(changes)) return changes;
  const { summary, lines } = changes;
  const left = lines.length - mostLines;
  return {
    summary,
    lines: [...lines.slice(0, mostLines), ...(left > 0 ? [`and ${left} more lines`] : [])],
    found: null,
  };
};
