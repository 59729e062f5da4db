import { pack } from '../job/packing.ts';
import { listChanges, summarizeChanges } from '../rows/change-words.ts';
import type { DatabaseChanges } from '../rows/database-changes.ts';
import type { Changes } from '../rows/told-changes.ts';

/** What the accident and everybody else changed since the time recovered to. */
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

/** A quarter of what Step Functions carries, packed. */
const maxBytes = 64 * 1024;
const mostLines = 200;

/** What does not fit in the state data is left out: first the whole of it, then the lines behind the first ones. */
export const fitChanges = (changes: Changes): Changes => {
  if (pack(changes).length <= maxBytes) return changes;
  const { summary, lines } = changes;
  const left = lines.length - mostLines;
  return {
    summary,
    lines: [...lines.slice(0, mostLines), ...(left > 0 ? [`and ${left} more lines`] : [])],
    found: null,
  };
};
