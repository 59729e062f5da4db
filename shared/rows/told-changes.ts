import type { DatabaseChanges } from './database-changes.ts';

/**
 * What changed in production since a time: the blast radius of an accident, and what others wrote since. `summary` is for a
 * message, `lines` for a page. `found` is the whole of it, for machines; null if production could not be read or compared, and
 * then the summary says why.
 */
export type Changes = { summary: string; lines: string[]; found: DatabaseChanges | null };
