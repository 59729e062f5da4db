import { formatTableName } from '../../database/tables.ts';
import type { LockNow, Look, TableLook } from '../port.ts';
import type { Relation } from './catalog.ts';

export type LockRow = { relation: string | null; mode: string; granted: boolean };

/** @param process an expression: the backend whose locks are asked for */
export const locksSql = (process: string): string =>
  `select relation::text, mode, granted from pg_locks where pid = ${process} and (locktype = 'relation' or not granted)`;

const exclusive = 'AccessExclusiveLock';

/**
 * Locks of relations that were there from the beginning. A lock of an index is told where it says more than that of its table:
 * REINDEX keeps everybody out by it.
 */
export const toLocks = (rows: readonly LockRow[], relations: ReadonlyMap<string, Relation>): LockNow[] => {
  const isHeldExclusively = (oid: string) =>
    rows.some(({ relation, mode, granted }) => relation === oid && granted && mode === exclusive);
  return rows.flatMap(({ relation: oid, mode, granted }): LockNow[] => {
    const relation = oid === null ? undefined : relations.get(oid);
    if (relation === undefined)
      return granted ? [] : [{ relation: null, table: null, mode, isGranted: false }];
    const { name, tableOid } = relation;
    const table = tableOid === null ? name : (relations.get(tableOid)?.name ?? null);
    if (!granted) return [{ relation: name, table, mode, isGranted: false }];
    if (tableOid !== null && (mode !== exclusive || isHeldExclusively(tableOid))) return [];
    return [{ relation: name, table, mode, isGranted: true }];
  });
};

/** Whether the server tells how far its log is (Aurora may refuse), and at once how many rows were read (from 15 on). */
export type Abilities = { tellsLog: boolean; tellsScans: boolean };

export const logSql = `select (pg_current_wal_insert_lsn() - '0/0')::float8 as position`;

/** Rows of each statement of `lookSql`, in their order. */
export type LookRows = [LockRow[], TableRow[], InvalidRow[], { position: number | null }[]];
type TableRow = TableLook & { oid: string };
type InvalidRow = { schema: string; table: string; indexSchema: string; index: string };

/**
 * One look at everything, by the session of the change. Sums of what is told and not yet told to other sessions are exact at
 * any time. A table without a page has no storage: TRUNCATE is no rewrite.
 */
export const lookSql = (oids: readonly string[], { tellsLog, tellsScans }: Abilities): string =>
  [
    'select pg_stat_clear_snapshot()',
    locksSql('pg_backend_pid()'),
    `select oid::text, pg_table_size(oid)::float8 as bytes, pg_indexes_size(oid)::float8 as "indexBytes",
            case when pg_relation_size(oid) > 0 then pg_relation_filenode(oid)::text else '' end as storage,
            ${tellsScans ? '(pg_stat_get_tuples_returned(oid) + pg_stat_get_xact_tuples_returned(oid))::float8' : 'null'} as "rowsScanned"
       from pg_class where oid in (${['0', ...oids].join(', ')})`,
    `select tn.nspname as schema, t.relname as table, n.nspname as "indexSchema", c.relname as index
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_class t on t.oid = i.indrelid join pg_namespace tn on tn.oid = t.relnamespace
      where not i.indisvalid`,
    tellsLog ? logSql : 'select null as position',
  ].join(';\n');

export const toLook = (
  [locks, tables, invalid, [log]]: LookRows,
  relations: ReadonlyMap<string, Relation>,
): Look => ({
  locks: toLocks(locks, relations),
  tables: new Map(tables.map(({ oid, ...look }) => [relations.get(oid)?.name ?? oid, look])),
  invalid: invalid.map(
    ({ indexSchema, index, ...table }) =>
      `index ${formatTableName({ schema: indexSchema, table: index })} of ${formatTableName(table)}`,
  ),
  logPosition: log?.position ?? null,
});
