import type { LockNow, Look, Statement, TableLook } from '../port.ts';
import type { Ask, MysqlTable } from './catalog.ts';
import { withoutComments } from './definition.ts';
import { type Abilities, isRebuilt, readStorage, type Storage, type Stored } from './storage.ts';

/** How far the redo log is, by the names that servers have for it. The first that counts. Aurora may keep none. */
const positions = ['Innodb_redo_log_current_lsn', 'Innodb_lsn_current', 'Innodb_os_log_written'];
const positionSql = `show global status where variable_name in (${positions.map((name) => `'${name}'`).join(', ')})`;

type Status = { Variable_name: string; Value: string };

/** Null: the server does not tell. */
export const readLogPosition = async (ask: Ask): Promise<number | null> => {
  const rows = await ask<Status>(positionSql);
  const known = positions.map((name) =>
    Number(rows.find(({ Variable_name }) => Variable_name.toLowerCase() === name.toLowerCase())?.Value ?? 0),
  );
  return known.find((position) => position > 0) ?? null;
};

/** No new version of a row is made beyond so many: then the table is built anew (MySQL manual, "Online DDL Operations"). */
const mostVersions = 64;

const empties = /^truncate\b|\btruncate\s+partition\b/i;

/** The looks at a change's tables, each of which knows the one before. */
export type Looks = {
  /** @param statement that runs next, or ran since the last look */
  look(statement: Statement): Promise<Look>;
  /** How often the table was written anew so far; null: not known. */
  countRewrites(table: string): number | null;
  /** What a reader should know of the table now. Sentences. */
  describe(table: string): string[];
};

export const startLooks = (
  ask: Ask,
  readLocks: () => Promise<LockNow[]>,
  tables: readonly MysqlTable[],
  abilities: Abilities,
): Looks => {
  let storage: Storage = new Map();
  const rewrites = new Map<string, number>();

  const toTableLook = (table: string, stored: readonly Stored[]): TableLook => ({
    storage: String(rewrites.get(table) ?? 0),
    bytes: sum(stored.map(({ bytes }) => bytes)),
    indexBytes: sum(stored.map(({ indexBytes }) => indexBytes)),
    rowsScanned: null,
  });
  return {
    look: async ({ sql }) => {
      const locks = await readLocks();
      const logPosition = await readLogPosition(ask);
      const found = await readStorage(ask, tables, storage, abilities);
      for (const table of found.keys()) {
        if (empties.test(withoutComments(sql)) || !isRebuilt(table, storage, found)) continue;
        rewrites.set(table, (rewrites.get(table) ?? 0) + 1);
      }
      storage = found;
      return {
        locks,
        logPosition,
        tables: new Map([...found].map(([table, stored]) => [table, toTableLook(table, stored)])),
        invalid: [],
      };
    },
    countRewrites: (table) => (storage.has(table) ? (rewrites.get(table) ?? 0) : null),
    describe: (table) => {
      const stored = storage.get(table) ?? [];
      const versions = Math.max(...stored.map((one) => one.versions ?? 0), 0);
      return versions === 0
        ? []
        : [`${table} has had ${versions} of ${mostVersions} changes by INSTANT since it was last built anew`];
    },
  };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
