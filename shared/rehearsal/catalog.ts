/**
 * What a statement can name, read from the copy before the change. Tables are written as `formatTableName` does:
 * `public.users`.
 */
export type Catalog = {
  dialect: 'postgres' | 'mysql';
  /** Where a name without a schema is looked for, in order; null: in every schema, since the script sets its own path. */
  searchPath: string[] | null;
  /** Partitioned tables and their partitions too. */
  tables: string[];
  /** Indexes, views, sequences, types and routines, each with the tables that a statement touches which names it. */
  others: { name: string; tables: string[] }[];
  /** What triggers of a table touch when its rows change. */
  triggered: { table: string; tables: string[] }[];
  /** Views without rows of their own. `readBy`: views that read it, through others too. `namedBy`: code whose text names it. */
  views: { name: string; readBy: string[]; namedBy: string[] }[];
  partitions: { parent: string; partition: string }[];
  /** `child` has the key, `parent` is what it refers to. */
  foreignKeys: { child: string; parent: string }[];
};
