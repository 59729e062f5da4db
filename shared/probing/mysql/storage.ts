import type { Ask, MysqlTable } from './catalog.ts';

/** `tellsVersions`: of a table whose columns INSTANT changed (MySQL from 8.0.29). */
export type Abilities = { isMariadb: boolean; tellsVersions: boolean };

/** What InnoDB holds of a table, or of one partition. `id` is another after it was built anew. `versions`: made by INSTANT. */
export type Stored = { id: string; file: string; bytes: number; indexBytes: number; versions: number | null };

/** By table. Tables that are gone, or of another engine, have nothing. */
export type Storage = ReadonlyMap<string, Stored[]>;

type Row = Record<'id' | 'file' | 'pages' | 'indexPages' | 'pageBytes', string> & { versions: string | null };

const textInSql = (text: string): string => `_utf8mb4 x'${Buffer.from(text).toString('hex')}'`;

/** The sizes are those that the statistics know: of a change of rows they may tell a little later. */
const storageSql = (files: string[], ids: string[], { isMariadb, tellsVersions }: Abilities): string => {
  const prefix = isMariadb ? 'innodb_sys_' : 'innodb_';
  const named = `substring_index(lower(s.name), '#p#', 1) in (${files.map((file) => textInSql(file.toLowerCase())).join(', ')})`;
  const known = ids.length === 0 ? '' : ` or s.table_id in (${ids.join(', ')})`;
  return `
    select s.table_id as id, s.name as file, s.clust_index_size as pages, s.other_index_size as indexPages,
           @@innodb_page_size as pageBytes, ${tellsVersions ? 't.total_row_versions' : 'null'} as versions
      from information_schema.${prefix}tablestats s join information_schema.${prefix}tables t on t.table_id = s.table_id
     where ${named}${known}`;
};

/** `db/t#P#p0`, and `db/t#p#p0` in MySQL. In names of people # is written as a number. */
const tableFileOf = (file: string): string => file.split(/#p#/i)[0] as string;

/** @param before the last look: a table that was renamed since is known by its storage */
export const readStorage = async (
  ask: Ask,
  tables: readonly MysqlTable[],
  before: Storage,
  abilities: Abilities,
): Promise<Storage> => {
  if (tables.length === 0) return new Map();
  const ids = [...before.values()].flat().map(({ id }) => id);
  const files = tables.map(({ file }) => file);
  const rows = (await ask<Row>(storageSql(files, ids, abilities))).map(toStored);
  const known = new Set(ids);
  return new Map(
    tables.flatMap(({ name, file }): [string, Stored[]][] => {
      const own = new Set(before.get(name)?.map(({ id }) => id));
      const called = rows.filter((row) => tableFileOf(row.file).toLowerCase() === file.toLowerCase());
      const kept = rows.filter(({ id }) => own.has(id));
      const isRenamed = kept.length > 0 && called.every(({ id }) => known.has(id) && !own.has(id));
      const found = isRenamed ? kept : called;
      return found.length === 0 ? [] : [[name, found]];
    }),
  );
};

const toStored = ({ id, file, pages, indexPages, pageBytes, versions }: Row): Stored => ({
  id,
  file,
  bytes: Number(pages) * Number(pageBytes),
  indexBytes: Number(indexPages) * Number(pageBytes),
  versions: versions === null ? null : Number(versions),
});

/** Some of it went, and other came that was nobody's before. A new partition only comes, one that is exchanged stays. */
export const isRebuilt = (table: string, before: Storage, after: Storage): boolean => {
  const [old, now] = [idsOf(before), idsOf(after)];
  const went = before.get(table)?.some(({ id }) => !now.has(id)) ?? false;
  const came = after.get(table)?.some(({ id }) => !old.has(id)) ?? false;
  return went && came;
};

const idsOf = (storage: Storage): Set<string> => new Set([...storage.values()].flat().map(({ id }) => id));
