import type { Blocked, Stretch, TableMeasured } from '../rehearsal/measured.ts';
import type { Look, TableLook } from './port.ts';
import type { Wait } from './probers.ts';
import { joinStretches, lengthMs, longestOf, overlapMs, roundStretch } from './stretches.ts';

/**
 * What one table felt during one statement, and what became of it.
 * @param waits of probes that the statement held up
 * @param lockWaits when the change itself waited for a lock
 */
export const toTable = (
  table: string,
  waits: readonly Wait[],
  lockWaits: readonly Stretch[],
  before: Look,
  after: Look | null,
): TableMeasured => {
  const own = waits.filter((wait) => wait.table === table);
  const longest = longestOf(own);
  return {
    table,
    blockedRead: toBlocked(own.filter(({ kind }) => kind === 'read')),
    blockedWrite: toBlocked(own.filter(({ kind }) => kind !== 'read')),
    queuedMs: longest === undefined ? 0 : Math.round(overlapMs(lockWaits, longest)),
    ...toBecome(before.tables.get(table), after === null ? null : (after.tables.get(table) ?? gone)),
  };
};

const toBlocked = (waits: readonly Wait[]): Blocked => ({
  longestMs: Math.round(lengthMs(longestOf(waits))),
  stretches: joinStretches(waits).map(roundStretch),
});

/** What a dropped table leaves. */
const gone: TableLook = { storage: '', bytes: 0, indexBytes: 0, rowsScanned: null };

type Become = Pick<TableMeasured, 'isRewritten' | 'rowsScanned' | 'growthBytes' | 'indexGrowthBytes'>;

const toBecome = (before: TableLook | undefined, after: TableLook | null): Become =>
  before === undefined || after === null
    ? { isRewritten: null, rowsScanned: null, growthBytes: null, indexGrowthBytes: null }
    : {
        isRewritten: isRewritten(before.storage, after.storage),
        rowsScanned: after === gone ? 0 : subtract(after.rowsScanned, before.rowsScanned),
        growthBytes: subtract(after.bytes, before.bytes),
        indexGrowthBytes: subtract(after.indexBytes, before.indexBytes),
      };

/** New storage for rows that were there before and are there still. */
const isRewritten = (before: string | null, after: string | null): boolean | null =>
  before === null || after === null ? null : before !== '' && after !== '' && before !== after;

/** Null if either is not known. */
export const subtract = (
  after: number | null | undefined,
  before: number | null | undefined,
): number | null => (after == null || before == null ? null : after - before);
