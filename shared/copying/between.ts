import { lendSessions } from '../database/session-pool.ts';
import type { CopyRange, ExtractedTable } from '../extraction/tables.ts';
import { copyOnce, type Ledger, readRanges } from './ledger.ts';
import type { Copied, Copying } from './port.ts';
import type { Pair, Side } from './sides.ts';

/** What an engine does its own way. */
export type Ways<Session> = {
  cutRanges(copy: Session, table: ExtractedTable): Promise<CopyRange[]>;
  /** Writes the ranges down. Whoever comes second finds those of the first. */
  keepRanges(sandbox: Session, ranges: readonly CopyRange[]): Promise<void>;
  copyRows(what: string, pair: Pair<Session>, table: ExtractedTable, range: CopyRange): Promise<Copied>;
};

/** Copies range by range, each with a pair of sessions. What is there already is not copied again. */
export const copyBetween = <Session extends Side>(
  pairs: readonly Pair<Session>[],
  ledger: Ledger,
  { cutRanges, keepRanges, copyRows }: Ways<Session>,
): Copying => {
  const borrow = lendSessions(pairs);
  return {
    listRanges: (table) =>
      borrow(async ({ copy, sandbox }) => {
        const kept = await readRanges(sandbox, ledger, table.table);
        if (kept.length > 0) return kept;
        await keepRanges(sandbox, await cutRanges(copy, table));
        return readRanges(sandbox, ledger, table.table);
      }),
    copyRange: (table, range) =>
      borrow((pair) => copyOnce(pair.sandbox, ledger, range, (what) => copyRows(what, pair, table, range))),
    close: async () => {
      await Promise.all(pairs.map((pair) => pair.close()));
    },
  };
};
