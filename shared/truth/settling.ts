import { formatTableName, type Table } from '../database/tables.ts';
import type { Definitions } from './bracket.ts';

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
const redefined = 'production changed the definition of this table during the instant';
const rewritten = 'production truncated, rewrote or replaced this table while it was read';

/**
 * Finds what changed. A table of which nothing is known to have changed was the same at T as before and after.
 * @returns one change for each table of either list, by its name
 */
export const findChanges = (early: Definitions, late: Definitions): Map<string, Change> => {
  const [before, after] = [byName(early.tables), byName(late.tables)];
  const hasRenames = early.changes.renames !== late.changes.renames;
  const shapes = Map.groupBy(late.tables, (table) => table.columns.join());
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return new Map(
    names.map((name) => {
      const [one, other] = [before.get(name), after.get(name)];
      // Only MySQL counts renames, since there a table that was swapped back shows no trace of it.
      const mayBeSwapped = hasRenames && (shapes.get(other?.columns.join() ?? '')?.length ?? 0) > 1;
      return [name, describeChange(one, other, mayBeSwapped)];
    }),
  );
};

const byName = (tables: readonly Table[]): Map<string, Table> =>
  new Map(tables.map((table) => [formatTableName(table), table]));

const describeChange = (early: Table | undefined, late: Table | undefined, mayBeSwapped: boolean): Change => {
  if (early === undefined || late === undefined) {
    return { unsettled: cameOrWent, replaced: cameOrWent, hasRemovals: true };
  }
  const isSame = textsOf(early) === textsOf(late) && late.isFresh !== true;
  const isReplaced = early.version !== late.version || early.columns.join() !== late.columns.join();
  return {
    ...(isSame ? {} : { unsettled: redefined }),
    ...(isReplaced || mayBeSwapped ? { replaced: rewritten } : {}),
    hasRemovals: hasGrown(early.removals, late.removals),
  };
};

/** Did a count grow between two looks? Where the server does not count, it may have. */
export const hasGrown = (early: number | null | undefined, late: number | null | undefined): boolean =>
  early === null || late === null || early !== late;

const textsOf = ({ columns, objects }: Table): string => JSON.stringify([columns, objects.toSorted()]);
