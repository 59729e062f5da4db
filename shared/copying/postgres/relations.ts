import { formatTableName, parseTableName } from '../../database/tables.ts';
import { DrillError } from '../../errors.ts';
import { ledgerName } from '../ledger.ts';
import { refuseAbsent } from '../near-names.ts';
import type { TablesRequest } from '../port.ts';
import type { Partition, Relation } from './catalog.ts';

const nameOf = (relation: Relation): string => formatTableName(relation);

const kinds: Record<Relation['kind'], string | null> = {
  r: null,
  p: null,
  v: 'it is a view: extract the tables below it',
  m: 'it is a materialized view: extract the tables below it',
  f: 'it is a foreign table: its rows are on another server',
};

const refuse = (relation: Relation, why: string): never => {
  throw new DrillError('TableNotExtractable', `${nameOf(relation)} cannot be extracted: ${why}`);
};

const assertExtractable = (relation: Relation): void => {
  const why = kinds[relation.kind];
  if (why !== null) refuse(relation, why);
  if (relation.isPartition) refuse(relation, 'it is a partition: extract the whole table, with a condition');
  if (relation.table === ledgerName) refuse(relation, 'a list of what is copied takes its name');
  if (relation.isHidden) refuse(relation, 'row-level security hides rows of it from this user');
  if (relation.persistence !== 'p') refuse(relation, 'it is unlogged, and no restore brings its rows back');
  if (relation.isReadable) return;
  throw new DrillError('DatabaseDenied', `the user may not read ${nameOf(relation)}`, {
    hint: `grant select on it to the plan's user in production, and usage of its schema, before the time to extract`,
  });
};

/** A partition of which the rows cannot be there in the copy. */
export const assertPartitions = (relation: Relation, partitions: readonly Partition[]): void => {
  for (const { name, kind, persistence } of partitions) {
    if (kind === 'f') refuse(relation, `its partition ${name} is a foreign table`);
    if (persistence !== 'p') refuse(relation, `its partition ${name} is unlogged`);
  }
};

/** The relations asked for, in their order. @throws DrillError TableNotFound, TableNotExtractable */
export const findRelations = (
  { tables }: Pick<TablesRequest, 'tables'>,
  relations: readonly Relation[],
): Relation[] => {
  const byName = new Map(relations.map((relation) => [nameOf(relation), relation]));
  const names = tables.map((text) => {
    const name = parseTableName(text);
    return name === undefined ? text : formatTableName(name);
  });
  refuseAbsent(
    names.filter((name) => !byName.has(name)),
    [...byName.keys()],
  );
  const found = [...new Set(names)].flatMap((name) => byName.get(name) ?? []);
  found.forEach(assertExtractable);
  return found;
};

/** With every table that a foreign key of these points to, and of those. */
export const addParents = (
  found: readonly Relation[],
  relations: readonly Relation[],
  keys: readonly { child: string; parent: string }[],
): Relation[] => {
  const all = [...found];
  for (const relation of all) {
    for (const { child, parent } of keys) {
      const added = relations.find(({ oid }) => oid === parent);
      if (child !== relation.oid || added === undefined || all.includes(added)) continue;
      assertExtractable(added);
      all.push(added);
    }
  }
  return all;
};
