import type { Dialect } from '../sql/tokens.ts';
import { listActions } from './actions.ts';

/** The usual safer way, in one line, and where it is described. It was not rehearsed. */
export type Advice = { words: string; source: string };

type Rule = Advice & {
  /** Of one action of a statement, or of the whole. */
  shape: RegExp;
};

const postgres = 'https://www.postgresql.org/docs/current';
const mysql = 'https://dev.mysql.com/doc/refman/8.4/en';
const alterTable = `${postgres}/sql-altertable.html#SQL-ALTERTABLE-NOTES`;
const onlineDdl = `${mysql}/innodb-online-ddl-operations.html`;

const rules: Record<Dialect, Rule[]> = {
  postgres: [
    {
      shape: /^create (unique )?index (?!concurrently)/,
      words: 'create the index CONCURRENTLY, outside of a transaction',
      source: `${postgres}/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY`,
    },
    {
      shape: /^drop index (?!concurrently)/,
      words: 'drop the index CONCURRENTLY, outside of a transaction',
      source: `${postgres}/sql-dropindex.html`,
    },
    {
      shape: /^reindex\b(?!.*\bconcurrently\b)/,
      words: 'reindex CONCURRENTLY, outside of a transaction',
      source: `${postgres}/sql-reindex.html#SQL-REINDEX-CONCURRENTLY`,
    },
    {
      shape: /^refresh materialized view (?!concurrently)/,
      words: 'refresh it CONCURRENTLY, which needs a unique index on it',
      source: `${postgres}/sql-refreshmaterializedview.html`,
    },
    {
      shape: /^(vacuum\b.*\bfull\b|cluster\b)/,
      words: 'pg_repack writes a table anew while others use it',
      source:
        'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.pg_repack.html',
    },
    {
      shape: /^alter table\b.*\badd\b.*\b(primary key|unique)\b(?!.*\busing index\b)/,
      words: 'create the unique index CONCURRENTLY first, then add the constraint USING INDEX',
      source: alterTable,
    },
    {
      shape: /^alter table\b.*\badd\b.*\b(foreign key|references|check)\b(?!.*\bnot valid\b)/,
      words: 'add the constraint NOT VALID, then VALIDATE CONSTRAINT in a statement of its own',
      source: alterTable,
    },
    {
      shape: /^alter table\b.*\bset not null\b/,
      words:
        'add a check that it is not null, NOT VALID, validate it, then set NOT NULL, which then reads no row, and drop the check',
      source: `${postgres}/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL`,
    },
    {
      shape: /^alter table\b.*\b(set data )?type\b/,
      words: 'add a column of the new type, write both, fill it in batches, then move the readers over',
      source: alterTable,
    },
    {
      shape: /^alter table\b.*\badd\b.*\b(default|generated|serial|bigserial)\b/,
      words: 'add the column without its default, set the default next, then fill the old rows in batches',
      source: alterTable,
    },
    {
      shape: /^alter table\b.*\battach partition\b/,
      words:
        'add a check of the bounds to the partition first, NOT VALID, and validate it: then attaching reads no row',
      source: `${postgres}/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE`,
    },
    {
      shape: /^alter table\b.*\bdetach partition\b(?!.*\bconcurrently\b)/,
      words: 'detach it CONCURRENTLY, outside of a transaction',
      source: `${postgres}/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE`,
    },
    {
      shape: /^(update|delete|insert|merge|with)\b/,
      words: 'do it in batches of some thousand rows, each committed alone: row locks are held until then',
      source: `${postgres}/explicit-locking.html#LOCKING-ROWS`,
    },
  ],
  mysql: [
    {
      shape: /^alter table\b.*\badd\b.*\b(foreign key|references)\b/,
      words:
        'look for rows without a parent first, then add it with foreign_key_checks = 0, which copies no table and checks no row',
      source: onlineDdl,
    },
    {
      shape: /^alter table\b.*\b(modify|change|convert to)\b/,
      words:
        'add a column of the new type, write both, fill it in batches, then move the readers over; gh-ost copies a whole table while others use it',
      source: 'https://github.com/github/gh-ost',
    },
    {
      shape: /^alter table\b.*\badd\b.*\b(index|key|unique)\b|^create (unique )?index\b/,
      words: 'write ALGORITHM=INPLACE, LOCK=NONE: then it fails where it would block, instead of blocking',
      source: onlineDdl,
    },
    {
      shape: /^drop view\b/,
      words: 'drop or redefine the views that read it first',
      source: `${mysql}/drop-view.html`,
    },
    {
      shape: /^(alter table|optimize)\b/,
      words: 'write ALGORITHM=INSTANT: then it fails where it would copy the table, instead of copying it',
      source: onlineDdl,
    },
    {
      shape: /^(update|delete|insert|replace|with)\b/,
      words: 'do it in batches of some thousand rows, each committed alone: row locks are held until then',
      source: `${mysql}/innodb-locks-set.html`,
    },
  ],
};

const retry: Record<Dialect, Advice> = {
  postgres: {
    words: 'set a short lock_timeout before it, and try again until it gets through',
    source: `${postgres}/runtime-config-client.html#GUC-LOCK-TIMEOUT`,
  },
  mysql: {
    words: 'set a short lock_wait_timeout before it, and try again until it gets through',
    source: `${mysql}/metadata-locking.html`,
  },
};

/**
 * The usual safer ways of what an unsafe statement does, one for each of its actions at most.
 * @param isOnlyQueue whether only the wait for its locks is unsafe, and not what it does with them
 */
export const adviseSafer = (shape: string, dialect: Dialect, isOnlyQueue: boolean): Advice[] => {
  if (isOnlyQueue) return [retry[dialect]];
  const found = listActions(shape).flatMap(
    (action) => rules[dialect].find((rule) => rule.shape.test(action)) ?? [],
  );
  const advice = [...new Set(found)].map(({ words, source }) => ({ words, source }));
  return advice.length > 0 ? advice : [retry[dialect]];
};
