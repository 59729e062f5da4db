/** A table that is extracted, as the copy describes it. All of it is data: what the engine writes as DDL is text, in order. */
export type ExtractedTable = {
  /** schema.table in the source, as `formatTableName` writes it. */
  table: string;
  /** The condition that its rows meet; null for all of them. */
  where: string | null;
  estimatedRows: number;
  bytes: number;
  /** DDL for the sandbox's schema, with that schema's name filled in. `before` the rows: types, the table, its columns. */
  before: string[];
  /** After the rows: keys, constraints, indexes, the values of sequences, comments. */
  after: string[];
  /** Last: foreign keys between tables that are extracted. */
  foreignKeys: string[];
  /** The columns whose values are copied; generated ones are left out. */
  columns: string[];
  /** Those of them that no UPDATE may set: GENERATED ALWAYS AS IDENTITY. */
  fixed: string[];
  /** What does not come along, one sentence each: triggers, policies, grants, foreign keys to tables left out. */
  leftOut: string[];
  partitions: 'none' | 'kept' | 'as one table';
  /** The columns of the primary or a unique key that ranges are cut by; null: the table is one range. */
  key: string[] | null;
};

/** A range of one table. `from` is exclusive, `to` inclusive, both as the engine writes keys; null: no bound. */
export type CopyRange = { table: string; number: number; of: number; from: string | null; to: string | null };

export type CopyProgress = { table: string; rangesDone: number; ranges: number; rows: number; bytes: number };
