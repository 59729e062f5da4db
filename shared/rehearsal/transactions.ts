import type { Dialect } from '../sql/tokens.ts';

/** The transaction of the script that a statement is in, from 1; null: it is one of its own. */
type InTransaction = { transaction: number | null; note: string | null };

const begins = /^(begin|start transaction)\b(?! not atomic)/;
const ends = /^(commit|end|rollback|abort)\b(?! prepared)(?!.* to\b)/;
const goesOn = /\band chain\b/;

/** MySQL manual, "Statements That Cause an Implicit Commit". */
const commitsItself =
  /^(alter|analyze|cache|check|create(?! temporary)|drop(?! temporary)|flush|grant|install|optimize|rename|repair|revoke|truncate|uninstall)\b/;

/** @param shapes of the statements in order (`shapeOf`) */
export const findTransactions = (shapes: readonly string[], dialect: Dialect): InTransaction[] => {
  let count = 0;
  let open: number | null = null;
  return shapes.map((shape) => {
    if (begins.test(shape)) {
      // PostgreSQL only warns of a BEGIN inside of a transaction. MySQL ends that one first.
      if (open === null || dialect === 'mysql') open = ++count;
      return { transaction: open, note: null };
    }
    if (ends.test(shape)) {
      const ended = open;
      if (!goesOn.test(shape)) open = null;
      return { transaction: ended, note: null };
    }
    if (open !== null && dialect === 'mysql' && commitsItself.test(shape)) {
      open = null;
      const note =
        'MySQL commits before and after it, so the transaction of the script ends here, and nothing of it can be rolled back';
      return { transaction: null, note };
    }
    return { transaction: open, note: null };
  });
};

/** Where a transaction begins that the script does not end; null if there is none. */
export const findOpenTransaction = (shapes: readonly string[], dialect: Dialect): number | null => {
  const found = findTransactions(shapes, dialect);
  const last = found.at(-1)?.transaction ?? null;
  const isEnded = last === null || ends.test(shapes.at(-1) ?? '');
  return isEnded ? null : found.findIndex(({ transaction }) => transaction === last);
};

/** Does it end a transaction without keeping what was done? */
export const isRollback = (shape: string): boolean => ends.test(shape) && /^(rollback|abort)/.test(shape);

/** Does it end a transaction, in whatever way? */
export const isEnd = (shape: string): boolean => ends.test(shape);
