import pg from 'pg';
import { formatTableName } from '../../database/tables.ts';
import type { ExtractedTable } from '../../extraction/tables.ts';
import { type Extent, tellForeignKey } from '../extent.ts';
import type { Taken } from '../namesakes.ts';
import type { Column, Comment, Constraint, Index, Partition, Relation } from './catalog.ts';
import type { Sequence } from './catalog-others.ts';
import { moveInto, type Names, quote } from './names.ts';

/** What the catalog of the copy says of one table. */
export type Described = {
  relation: Relation;
  columns: Column[];
  constraints: Constraint[];
  indexes: Index[];
  comments: Comment[];
  key: string[] | null;
  sequences: (Sequence & SequenceValue)[];
  partitions: Partition[];
  /** Of a partitioned table. */
  partitionKey: string | null;
  /** Things that stay behind, without the end of the sentence. */
  others: string[];
};

export type SequenceValue = { value: string; isCalled: boolean };

/** What is made of a table, in the sandbox's schema. */
type Made = Pick<
  ExtractedTable,
  'before' | 'after' | 'foreignKeys' | 'columns' | 'fixed' | 'leftOut' | 'partitions' | 'key'
>;

/** @param extentOf a table, by its oid */
export const defineTable = (
  described: Described,
  extentOf: (oid: string) => Extent,
  names: Names,
  isCut: boolean,
): Made => {
  const { relation, comments, sequences, others, partitionKey } = described;
  const leftOut = others.map(tellLeftOut);
  const move = leaveBehind(names, leftOut);
  const table = inSchema(names, relation.table);
  const columns = described.columns.map((column) => defineColumn(column, sequences, names, move));
  const [keys, constraints] = partition(described.constraints, ({ type }) => type === 'f');
  const inside = keys.filter((key) => {
    const extent = extentOf(key.references);
    if (extent !== 'all') leftOut.push(tellForeignKey(key.name, extent));
    return extent === 'all';
  });
  const after = [
    ...addConstraints(table, constraints, move),
    ...addIndexes(described.indexes, move, leftOut),
  ];
  const foreignKeys = addConstraints(table, inside, move);
  const commentOn = (made: readonly MadeThing[]): string[] => {
    const things = new Set(made.flatMap(({ things }) => things));
    return comments
      .filter(({ on, name }) => things.has(`${on} ${name}`))
      .map((comment) => commentText(comment, table, names));
  };
  const itself: MadeThing = {
    sql: `create table ${table} (${columns.map(({ sql }) => sql).join(', ')})${isCut ? partitionBy(partitionKey, names) : ''}`,
    things: ['TABLE ', ...columns.map(({ name }) => `COLUMN ${name}`)],
  };
  return {
    before: [itself.sql, ...(isCut ? described.partitions.map((one) => partitionText(one, names)) : [])],
    after: [
      ...after.map(({ sql }) => sql),
      ...sequences.flatMap((sequence) => settleSequence(sequence, table, names)),
      ...commentOn([itself, ...after]),
    ],
    foreignKeys: [...foreignKeys.map(({ sql }) => sql), ...commentOn(foreignKeys)],
    columns: columns.filter(({ isGenerated }) => !isGenerated).map(({ name }) => name),
    fixed: described.columns.filter(({ identity }) => identity === 'a').map(({ name }) => name),
    leftOut,
    partitions: partitionKey === null ? 'none' : isCut ? 'kept' : 'as one table',
    key: described.key,
  };
};

/** A statement, and what it makes that may have a comment, as `comment on` calls it. */
type MadeThing = { sql: string; things: string[] };

/** Moves a definition. One that needs what does not come along is left out, and named. */
type Move = (what: string, text: string) => string[];

const leaveBehind =
  (names: Names, leftOut: string[]): Move =>
  (what, text) => {
    const { sql, missing } = moveInto(text, names);
    if (missing.length === 0) return [sql];
    leftOut.push(`${what} does not come along: it needs ${missing.join(', ')}`);
    return [];
  };

const partition = <Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] => [
  items.filter(isFirst),
  items.filter((item) => !isFirst(item)),
];

const inSchema = ({ schema }: Names, name: string): string => `${quote(schema)}.${quote(name)}`;

/** A generated column whose expression stays behind is copied as any other. */
const defineColumn = (
  { name, type, collation, isNotNull, expression, generated, identity }: Column,
  sequences: readonly Sequence[],
  names: Names,
  move: Move,
): { name: string; sql: string; isGenerated: boolean } => {
  const what = `the ${generated === '' ? 'default' : 'expression'} of column ${name}`;
  const [value] = expression === null ? [] : move(what, expression);
  const own = sequences.find(({ column, isIdentity }) => column === name && isIdentity);
  const parts = [
    quote(name),
    moveInto(type, names).sql,
    collation === null ? null : `collate ${moveInto(collation, names).sql}`,
    own === undefined
      ? null
      : `generated ${identity === 'a' ? 'always' : 'by default'} as identity (sequence name ${inSchema(names, own.name)} ${own.options})`,
    value === undefined
      ? null
      : generated === ''
        ? `default ${value}`
        : `generated always as (${value}) ${generated === 'v' ? 'virtual' : 'stored'}`,
    isNotNull ? 'not null' : null,
  ];
  return {
    name,
    sql: parts.filter((part) => part !== null).join(' '),
    isGenerated: generated !== '' && value !== undefined,
  };
};

const addConstraints = (table: string, constraints: readonly Constraint[], move: Move): MadeThing[] =>
  constraints.flatMap(({ name, text }) =>
    move(`constraint ${name}`, text).map((sql) => ({
      sql: `alter table ${table} add constraint ${quote(name)} ${sql}`,
      things: [`CONSTRAINT ${name}`, `INDEX ${name}`],
    })),
  );

const addIndexes = (indexes: readonly Index[], move: Move, leftOut: string[]): MadeThing[] => {
  const [valid, invalid] = partition(indexes, ({ isValid }) => isValid);
  leftOut.push(...invalid.map(({ name }) => `index ${name} does not come along: it is not valid`));
  return valid.flatMap(({ name, text }) =>
    move(`index ${name}`, withoutOnly(text)).map((sql) => ({ sql, things: [`INDEX ${name}`] })),
  );
};

const settleSequence = (
  { name, column, isIdentity, isOwned, value, isCalled }: Sequence & SequenceValue,
  table: string,
  names: Names,
): string[] => {
  const sequence = inSchema(names, name);
  return [
    ...(isOwned && !isIdentity ? [`alter sequence ${sequence} owned by ${table}.${quote(column)}`] : []),
    `select pg_catalog.setval(${pg.escapeLiteral(sequence)}, ${value}, ${isCalled})`,
  ];
};

const tellLeftOut = (thing: string): string =>
  `${thing} ${/^(grants|storage options|the rows)/.test(thing) ? 'do' : 'does'} not come along`;

/** Of a partitioned table, indexes are told for it alone. Made without ONLY, its partitions get them too. */
const withoutOnly = (text: string): string =>
  text.replace(/^(CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")*"|\S+) ON) ONLY /, '$1 ');

const partitionBy = (key: string | null, names: Names): string =>
  key === null ? '' : ` partition by ${moveInto(key, names).sql}`;

const partitionText = ({ parentSchema, parentName, name, bound, key }: Partition, names: Names): string => {
  const parent = moveInto(`${quote(parentSchema)}.${quote(parentName)}`, names).sql;
  const how = `${moveInto(bound, names).sql}${partitionBy(key, names)}`;
  return `create table ${inSchema(names, name)} partition of ${parent} ${how}`;
};

const commentText = ({ on, name, text }: Comment, table: string, names: Names): string => {
  const what = {
    TABLE: table,
    COLUMN: `${table}.${quote(name)}`,
    CONSTRAINT: `${quote(name)} on ${table}`,
    INDEX: inSchema(names, name),
  }[on];
  return `comment on ${on} ${what} is ${pg.escapeLiteral(text)}`;
};

/** The names that a table and its keys and indexes get, each of which has to be the only one of its kind. */
export const namesOf = ({ relation, constraints, indexes }: Described): Taken[] =>
  [
    relation.table,
    ...constraints.filter(({ type }) => 'pux'.includes(type)).map(({ name }) => name),
    ...indexes.map(({ name }) => name),
  ].map((name) => ({ name, of: formatTableName(relation) }));
