import { countOf } from '../words.ts';
import { listChanges, summarizeChanges } from './change-words.ts';
import type { DatabaseChanges } from './database-changes.ts';

/**
 * What changed in production since a time: the blast radius of an accident, and what others wrote since. `summary` is for a
 * message, `lines` for a page. `found` is the whole of it, for machines; null if production could not be read or compared, and
 * then the summary says why.
 */
export type Changes = { summary: string; lines: string[]; found: DatabaseChanges | null };

/** Of a comparison that is told to people: above that many rows of a table that differ, counts are estimates. */
export const changeLimits = { mostFetched: 1_000_000, mostListed: 10, mostExamined: 100 };

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

/** How many lines are kept of what does not fit as a whole. */
const rooms = [200, 50, 10, 0];

/** From the whole to the least: first without the whole of it for machines, then fewer lines, the first of them. */
export const sizesOfChanges = (changes: Changes): Changes[] => [
  changes,
  ...rooms.map((most) => {
    const left = changes.lines.length - most;
    const more = left > 0 ? [`and ${countOf(left, 'more line')}`] : [];
    return { ...changes, lines: [...changes.lines.slice(0, most), ...more], found: null };
  }),
];
