import { createHash } from 'node:crypto';
import type { ChangeCount } from '../database/port.ts';
import { byName, type Table } from '../database/tables.ts';
import type { Definitions, LateDefinitions } from './bracket.ts';

/** What production changed on one table around T, from its definitions before the first reading and after the last. */
export type Change = {
  /** Why its definition at T is not known; undefined when it did not change. */
  unsettled?: string;
  /** Why what was read of its rows proves nothing; undefined when it was the same table all the time. */
  replaced?: string;
  /** Were rows deleted or updated? */
  hasRemovals: boolean;
};

const cameOrWent = 'production created, dropped or renamed this table during the instant';

/** A table that was there only at the second snapshot, and in neither list. */
export const cameAndWent: Change = { unsettled: cameOrWent, replaced: cameOrWent, hasRemovals: true };

const redefined = 'production changed the definition of this table during the instant';
const notSeenAgain = 'the definitions of production could not be read a second time';
const rewritten = 'production truncated, rewrote or replaced this table while it was read';

/**
 * Finds what changed. A table of which nothing is known to have changed was the same at T as before and after.
 * @returns one change for each table of either list, by its name
 */
export const findChanges = (
  early: Pick<Definitions, 'tables' | 'changes'>,
  late: Pick<LateDefinitions, 'tables' | 'changes'>,
): Map<string, Change> => {
  const [before, after] = [byName(early.tables), byName(late.tables)];
  const hasRenames = late.changes !== null && early.changes.renames !== late.changes.renames;
  const shapes = Map.groupBy(late.tables, (table) => table.columns.join());
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return new Map(
    names.map((name) => {
      const [one, other] = [before.get(name), after.get(name)];
      // Only MySQL counts renames, since there a table that was swapped back shows no trace of it.
      const mayBeSwapped = hasRenames && (shapes.get(other?.columns.join() ?? '')?.length ?? 0) > 1;
      const change = describeChange(one, other, mayBeSwapped);
      return [name, late.changes === null ? { unsettled: notSeenAgain, ...change } : change];
    }),
  );
};

const describeChange = (early: Table | undefined, late: Table | undefined, mayBeSwapped: boolean): Change => {
  if (early === undefined || late === undefined) {
    return cameAndWent;
  }
  // MySQL does not tell what is fresh: a table that was dropped and made again has another version.
  const isMadeAgain = late.isFresh ?? early.version !== late.version;
  const isSame = textsOf(early) === textsOf(late) && !isMadeAgain;
  const isReplaced = early.version !== late.version || early.columns.join() !== late.columns.join();
  return {
    ...(isSame ? {} : { unsettled: redefined }),
    ...(isReplaced || mayBeSwapped ? { replaced: rewritten } : {}),
    hasRemovals: hasGrown(early.removals, late.removals),
  };
};

/**
 * Did production change any definition? `mayHave` counts what left no trace, too, and holds where the server does not count.
 * `has` goes by the trace there.
 */
export const compareCounts = (
  early: ChangeCount,
  late: ChangeCount | null,
): { has: boolean; mayHave: boolean } => {
  if (late === null) return { has: true, mayHave: true };
  const mayHave = hasGrown(early.all, late.all);
  const isCounted = early.all !== null && late.all !== null;
  return { has: isCounted ? mayHave : early.trace !== late.trace, mayHave };
};

/** Did a count grow between two looks? Where the server does not count, it may have. */
const hasGrown = (early: number | null | undefined, late: number | null | undefined): boolean =>
  early === null || late === null || early !== late;

const textsOf = ({ columns, objects }: Table): string => JSON.stringify([columns, objects.toSorted()]);

/** What settles a table's changes, small enough for the state data to keep it until a later look. */
export const keepDefinition = (listed: Table): Table => {
  const { schema, table, columns, objects, key, counted, estimatedRows } = listed;
  const { version, isFresh, removals, isPopulated } = listed;
  return {
    ...{ schema, table, columns, objects, key, counted, estimatedRows },
    ...{ version: version && shorten(version), isFresh, removals, isPopulated },
  };
};

/** That of a partitioned table names all of its partitions. */
const shorten = (version: string): string => createHash('sha256').update(version).digest('hex').slice(0, 16);
