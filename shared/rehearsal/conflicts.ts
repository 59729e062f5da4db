import type { Dialect } from '../sql/tokens.ts';
import type { StatementMeasured } from './measured.ts';

/** Whom a lock on a table keeps waiting, and who therefore queues behind a statement that waits for it. */
export type Conflict = { reads: boolean; writes: boolean };

const both: Conflict = { reads: true, writes: true };
const writesAlone: Conflict = { reads: false, writes: true };

/**
 * PostgreSQL manual, "Table-Level Locks": a SELECT takes AccessShare, and what writes takes RowExclusive. MySQL manual,
 * "The metadata_locks Table". Every other mode lets both pass.
 */
const conflicts: Record<string, Conflict> = {
  accessexclusive: both,
  exclusive: writesAlone,
  sharerowexclusive: writesAlone,
  share: writesAlone,
};
const mysqlConflicts: Record<string, Conflict> = {
  exclusive: both,
  sharednoreadwrite: both,
  sharednowrite: writesAlone,
  sharedreadonly: writesAlone,
};

/** @param mode as the engine calls it: AccessExclusiveLock, SHARED_NO_WRITE, MDL_EXCLUSIVE */
const conflictOf = (mode: string, dialect: Dialect): Conflict | undefined =>
  (dialect === 'postgres' ? conflicts : mysqlConflicts)[
    mode
      .toLowerCase()
      .replace(/[^a-z]/g, '')
      .replace(/^mdl|lock$/g, '')
  ];

/** MySQL takes an exclusive metadata lock at the beginning or the end of these, too short to be seen, and waits for it. */
const mysqlDefinitions =
  /^(set statement .* for )?(alter (online )?(ignore )?table|(create|drop) (\w+ )*(index|trigger)|create or replace table|create (\w+ )*table .* references|drop tables?|optimize|rename tables?|repair|truncate)\b/;

/** What it runs stands elsewhere, or is put together as it runs. */
const mysqlHidden =
  /^(set statement .* for )?(call|execute|begin not atomic|if|case|for|loop|repeat|while)\b/;

/** MySQL does not tell which tables a session locks: those that probes are at are known, and no others. */
export const hidesTables = (shape: string, dialect: Dialect): boolean =>
  dialect === 'mysql' && mysqlHidden.test(shape);

/** Whom the statement's lock on a table keeps waiting, as far as was seen and is known of such statements. */
export const conflictIn = (
  { locks }: Pick<StatementMeasured, 'locks'>,
  table: string,
  shape: string,
  dialect: Dialect,
): Conflict => {
  // Nobody writes to a materialized view but the next refresh.
  if (shape.startsWith('refresh materialized view concurrently')) return { reads: false, writes: false };
  const found = locks
    .filter(({ relation }) => relation === table)
    .flatMap(({ mode }) => conflictOf(mode, dialect) ?? []);
  if (dialect === 'mysql' && mysqlDefinitions.test(shape)) found.push(both);
  return { reads: found.some(({ reads }) => reads), writes: found.some(({ writes }) => writes) };
};
