import { DrillError, isDrillError } from '../../errors.ts';
import { formatTableName } from '../tables.ts';
import { findAmcheckSql, listCheckedSql, type PostgresTable } from './catalog.ts';

type AskFor = <Row extends object>(what: string, sql: string) => Promise<Row[]>;

type Part = { oid: string; name: string; kind: string };

/**
 * Every heap page and TOAST value, and every B-tree, which must point to every row.
 * @returns what is wrong, in words. NotSupported without amcheck, which checks tables since PostgreSQL 14
 */
export const checkWithAmcheck = async (askFor: AskFor, table: PostgresTable): Promise<string[]> => {
  const name = formatTableName(table);
  const [amcheck] = await askFor<{ schema: string }>('look for amcheck', findAmcheckSql);
  if (amcheck === undefined) {
    throw new DrillError(
      'NotSupported',
      'amcheck is not there, or this user may not call it: on production, create extension amcheck, and grant execute on verify_heapam and bt_index_check',
    );
  }
  const parts = await askFor<Part>(`list the parts of ${name}`, listCheckedSql(table.oid));
  const checkIndex = async (part: Part): Promise<string[]> => {
    await askFor(
      `check index ${part.name}`,
      `select ${amcheck.schema}.bt_index_check(${part.oid}::regclass, true)`,
    );
    return [];
  };
  const checkHeap = async (part: Part): Promise<string[]> => {
    const found = await askFor<{ text: string }>(
      `check table ${part.name}`,
      `select 'block ' || blkno || coalesce(' row ' || offnum, '') || ': ' || msg as text
         from ${amcheck.schema}.verify_heapam(relation => ${part.oid}::regclass, check_toast => true) limit 10`,
    );
    return found.map(({ text }) => `${part.name}: ${text}`);
  };
  const problems: string[] = [];
  for (const part of parts) {
    const checking = part.kind === 'btree' ? checkIndex(part) : checkHeap(part);
    const found = await checking.catch(tellDamage).catch((error: unknown) => {
      // Findings stand, even when time ran out for the rest.
      if (problems.length === 0 || !isDrillError(error, 'OutOfTime')) throw error;
      return ['the rest was not read in time'];
    });
    problems.push(...found);
  }
  return problems;
};

/** Some damage ends the check with an error: an unreadable page, an index out of order. */
const tellDamage = (error: unknown): string[] => {
  if (isDrillError(error, 'DatabaseFailure')) return [error.summary];
  throw error;
};
