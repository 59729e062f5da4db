import type { DrillResult } from '../drill/document.ts';
import { isSettledCheck } from '../truth/settled-checks.ts';

type Judged = { table: string; rows: boolean; values: boolean };

/**
 * The tables of a drill, and whether its rows were judged as a whole, and its values, and nothing was wrong with the table. It does
 * not matter what else the drill came to: of a copy in which one table is damaged, the others are proven. A dry run has
 * none.
 */
export const listJudged = ({ dryRun, checks }: Pick<DrillResult, 'dryRun' | 'checks'>): Judged[] => {
  if (dryRun) return [];
  const byTable = Map.groupBy(checks, ({ table }) => table);
  return [...byTable].flatMap(([table, own]) => {
    // Each table of the plan has its rows checked. Others are only in the copy, or are not there any more.
    if (table === null || !own.some((check) => check.kind === 'rows' && !isSettledCheck(check))) return [];
    const hasFailed = own.some(({ verdict }) => verdict === 'failed');
    const isWhole = (...kinds: string[]) =>
      !hasFailed && own.some(({ whole }) => whole !== undefined && kinds.includes(whole));
    return [{ table, rows: isWhole('rows', 'values'), values: isWhole('values') }];
  });
};
