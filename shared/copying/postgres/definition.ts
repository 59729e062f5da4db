import pg from 'pg';
import { formatTableName } from '../../database/tables.ts';
import type { ExtractedTable } from '../../extraction/tables.ts';
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
  'before' | 'after' | 'foreignKeys' | 'columns' | 'leftOut' | 'partitions' | 'key'
>;

/** @param extracted the tables that are extracted, by oid */
export const defineTable = (
  described: Described,
  extracted: ReadonlyMap<string, Relation>,
  names: Names,
  isCut: boolean,
): Made => {
  const { relation, columns, constraints, indexes, comments, sequences, others } = described;
  const leftOut = others.map(tellLeftOut);
  const inSandbox = (name: string): string => `${quote(names.schema)}.${quote(name)}`;
  const table = inSandbox(relation.table);
  /** A definition that needs what does not come along is left out, and named. */
  const moved = (what: string, text: string): string[] => {
    const { sql, missing } = moveInto(text, names);
    if (missing.length === 0) return [sql];
    leftOut.push(`${what} does not come along: it needs ${missing.join(', ')}`);
    return [];
  };

  const generated = new Set<string>();
  const columnText = (column: Column): string => {
    const { name, type, collation, isNotNull, expression } = column;
    const identity = sequences.find((one) => one.column === name && one.isIdentity);
    const what = `${column.generated === '' ? 'the default' : 'the expression'} of column ${name}`;
    const [value] = expression === null ? [] : moved(what, expression);
    const kind = column.generated === 'v' ? 'virtual' : 'stored';
    if (column.generated !== '' && value !== undefined) generated.add(name);
    const always = column.identity === 'a' ? 'always' : 'by default';
    return [
      quote(name),
      moveInto(type, names).sql,
      ...(collation === null ? [] : [`collate ${moveInto(collation, names).sql}`]),
      ...(identity === undefined
        ? []
        : [
            `generated ${always} as identity (sequence name ${inSandbox(identity.name)} ${identity.options})`,
          ]),
      ...(value === undefined
        ? []
        : [column.generated === '' ? `default ${value}` : `generated always as (${value}) ${kind}`]),
      ...(isNotNull ? ['not null'] : []),
    ].join(' ');
  };
  const columnTexts = columns.map(columnText);

  const constraintsKept = constraints.filter(({ type }) => type !== 'f');
  const keysKept = constraints.filter(({ references }) => extracted.has(references));
  for (const { type, name, references } of constraints) {
    if (type === 'f' && !extracted.has(references)) {
      leftOut.push(`foreign key ${name} does not come along: its table is not extracted`);
    }
  }
  /** What is made and may have a comment. */
  const made = new Set<string>();
  const addConstraints = (some: readonly Constraint[]): string[] =>
    some.flatMap(({ name, text }) =>
      moved(`constraint ${name}`, text).map((sql) => {
        made.add(`CONSTRAINT ${name}`).add(`INDEX ${name}`);
        return `alter table ${table} add constraint ${quote(name)} ${sql}`;
      }),
    );
  const indexTexts = indexes.flatMap(({ name, text, isValid }) => {
    if (!isValid) leftOut.push(`index ${name} does not come along: it is not valid`);
    const kept = isValid ? moved(`index ${name}`, withoutOnly(text)) : [];
    if (kept.length > 0) made.add(`INDEX ${name}`);
    return kept;
  });
  const sequenceValues = sequences.map(
    ({ name, value, isCalled }) =>
      `select pg_catalog.setval(${pg.escapeLiteral(inSandbox(name))}, ${value}, ${isCalled})`,
  );
  const owned = sequences
    .filter(({ isIdentity, isOwned }) => isOwned && !isIdentity)
    .map(({ name, column }) => `alter sequence ${inSandbox(name)} owned by ${table}.${quote(column)}`);
  const foreignKeys = addConstraints(keysKept);
  const after = [...addConstraints(constraintsKept), ...indexTexts, ...owned, ...sequenceValues];
  const hasComment = ({ on, name }: Comment): boolean =>
    on === 'TABLE' || on === 'COLUMN' || made.has(`${on} ${name}`);
  const commentTexts = comments.filter(hasComment).map((comment) => commentText(comment, table, inSandbox));
  return {
    before: [
      `create table ${table} (${columnTexts.join(', ')})${isCut ? partitionBy(described.partitionKey, names) : ''}`,
      ...(isCut ? described.partitions.map((partition) => partitionText(partition, names)) : []),
    ],
    after,
    foreignKeys: [...foreignKeys, ...commentTexts],
    columns: columns.map(({ name }) => name).filter((name) => !generated.has(name)),
    leftOut,
    partitions: described.partitionKey === null ? 'none' : isCut ? 'kept' : 'as one table',
    key: described.key,
  };
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
  return `create table ${quote(names.schema)}.${quote(name)} partition of ${parent} ${moveInto(bound, names).sql}${partitionBy(key, names)}`;
};

const commentText = (
  { on, name, text }: Comment,
  table: string,
  inSandbox: (name: string) => string,
): string => {
  const what = {
    TABLE: table,
    COLUMN: `${table}.${quote(name)}`,
    CONSTRAINT: `${quote(name)} on ${table}`,
    INDEX: inSandbox(name),
  }[on];
  return `comment on ${on} ${what} is ${pg.escapeLiteral(text)}`;
};

/** The names that a table's things get, each of which has to be the only one of its kind in the sandbox's schema. */
export const namesOf = ({ relation, constraints, indexes, sequences }: Described): [string, string][] =>
  [
    relation.table,
    ...constraints.filter(({ type }) => 'pux'.includes(type)).map(({ name }) => name),
    ...indexes.map(({ name }) => name),
    ...sequences.map(({ name }) => name),
  ].map((name) => [name, formatTableName(relation)]);
