import { isPostgresMistake } from '../../database/postgres/errors.ts';
import { fromTable } from '../../database/postgres/key.ts';
import { formatTableName } from '../../database/tables.ts';
import { DrillError, isDrillError } from '../../errors.ts';
import type { ExtractedTable } from '../../extraction/tables.ts';
import type { TablesRequest } from '../port.ts';
import * as catalog from './catalog.ts';
import { leftOutSql, type Sequence, sequencesSql } from './catalog-others.ts';
import { type Described, defineTable, namesOf, type SequenceValue } from './definition.ts';
import { keyOfName, moveInto, type Named, type Names } from './names.ts';
import { addParents, assertPartitions, findRelations } from './relations.ts';
import type { Session } from './session.ts';
import { gatherTypes, typeStatements, type UserType, userTypesSql } from './types.ts';

const what = 'describe tables';

/** @throws DrillError TableNotFound, TableNotExtractable, InvalidInput */
export const describeWith = async (session: Session, request: TablesRequest): Promise<ExtractedTable[]> => {
  const ask = <Row extends object>(sql: string): Promise<Row[]> => session.ask<Row>(what, sql);
  const all = await ask<catalog.Relation>(catalog.relationsSql);
  const asked = findRelations(request, all);
  const relations = request.withParents ? addParents(asked, all, await ask(catalog.parentsSql)) : asked;
  const extracted = new Map(relations.map((relation) => [relation.oid, relation]));
  const tables = await readTables(session, relations);
  const types = await readTypes(ask, tables);
  const known = new Set((await ask<Named>(catalog.extensionNamesSql)).map(keyOfName));
  const isCut = canBeCut(tables, types);
  const names: Names = { schema: request.schema, known, moved: listMoved(tables, types, isCut) };
  assertOneNameEach(tables, types);

  const sizes = new Map(
    (await ask<{ oid: string; bytes: number; rows: number }>(catalog.sizesSql([...extracted.keys()]))).map(
      (size) => [size.oid, size],
    ),
  );
  const described: ExtractedTable[] = [];
  const made = typesOf(types, names);
  for (const [index, table] of tables.entries()) {
    const { oid } = table.relation;
    const name = formatTableName(table.relation);
    const where = request.where[name] ?? null;
    const { before, after, ...definition } = defineTable(table, extracted, names, isCut);
    const [first, late] =
      index === 0 ? [[...made.before, ...sequencesOf(tables, names)], made.late] : [[], []];
    described.push({
      table: name,
      where,
      estimatedRows: where === null ? (sizes.get(oid)?.rows ?? 0) : await estimateRows(session, table, where),
      bytes: sizes.get(oid)?.bytes ?? 0,
      ...definition,
      // What several tables share is made with the first.
      before: [...first, ...before],
      after: [...after, ...late],
    });
  }
  return described;
};

const readTables = async ({ ask }: Session, relations: readonly catalog.Relation[]): Promise<Described[]> => {
  const oids = relations.map(({ oid }) => oid);
  const group = async <Row extends { oid: string }>(sql: string): Promise<Map<string, Row[]>> =>
    Map.groupBy(await ask<Row>(what, sql), ({ oid }) => oid);
  const columns = await group<catalog.Column>(catalog.columnsSql(oids));
  const constraints = await group<catalog.Constraint>(catalog.constraintsSql(oids));
  const indexes = await group<catalog.Index>(catalog.indexesSql(oids));
  const comments = await group<catalog.Comment>(catalog.commentsSql(oids));
  const sequences = await group<Sequence>(sequencesSql(oids));
  const keys = await group<{ oid: string; columns: string[] }>(catalog.keysSql(oids));
  const partitionKeys = await group<{ oid: string; key: string }>(catalog.partitionKeysSql(oids));
  const others = await group<{ oid: string; sentence: string }>(leftOutSql(oids));
  const partitions = Map.groupBy(
    await ask<catalog.Partition>(what, catalog.partitionsSql(oids)),
    ({ root }) => root,
  );
  const described: Described[] = [];
  for (const relation of relations) {
    const { oid } = relation;
    const parts = partitions.get(oid) ?? [];
    assertPartitions(relation, parts);
    const filling = sequences.get(oid) ?? [];
    const values: SequenceValue[] = [];
    for (const sequence of filling) {
      const [value] = await ask<SequenceValue>(
        what,
        `select last_value::text as value, is_called as "isCalled" from ${keyOfName(sequence)}`,
      );
      if (value !== undefined) values.push(value);
    }
    described.push({
      relation,
      columns: columns.get(oid) ?? [],
      constraints: constraints.get(oid) ?? [],
      indexes: indexes.get(oid) ?? [],
      comments: comments.get(oid) ?? [],
      sequences: filling.map((sequence, index) => ({ ...sequence, ...(values[index] as SequenceValue) })),
      partitions: parts,
      key: keys.get(oid)?.[0]?.columns ?? null,
      partitionKey: partitionKeys.get(oid)?.[0]?.key ?? null,
      others: [
        ...(others.get(oid) ?? []).map(({ sentence }) => sentence),
        ...parts.flatMap(({ name, own }) => own.map((thing) => `${thing} of partition ${name}`)),
      ],
    });
  }
  return described;
};

const readTypes = async (
  ask: (sql: string) => Promise<UserType[]>,
  tables: readonly Described[],
): Promise<UserType[]> => {
  const types = new Map((await ask(userTypesSql)).map((type) => [type.oid, type]));
  const needed = tables.flatMap(({ columns }) =>
    columns.flatMap(({ typeOid, collationOid }) => [typeOid, `c${collationOid}`]),
  );
  return gatherTypes(needed, types);
};

const typesOf = (types: readonly UserType[], names: Names): { before: string[]; late: string[] } => {
  const made = types.map((type) => typeStatements(type, names));
  return { before: made.flatMap(({ before }) => before), late: made.flatMap(({ late }) => late) };
};

/** Sequences that are no identity, each once: several columns may take their values from one. */
const sequencesOf = (tables: readonly Described[], names: Names): string[] => {
  const made = tables.flatMap(({ sequences }) =>
    sequences
      .filter(({ isIdentity }) => !isIdentity)
      .map((sequence) => `create sequence ${moveInto(keyOfName(sequence), names).sql} ${sequence.options}`),
  );
  return [...new Set(made)];
};

const listMoved = (
  tables: readonly Described[],
  types: readonly UserType[],
  isCut: boolean,
): ReadonlySet<string> => {
  const moved: Named[] = tables.flatMap(({ relation, sequences, partitions }) => [
    { schema: relation.schema, name: relation.table },
    ...sequences,
    ...(isCut ? partitions : []),
  ]);
  return new Set([...moved, ...types].map(keyOfName));
};

/** Partitions come along where each name is the only one of its kind, and none is cut by something that stays behind. */
const canBeCut = (tables: readonly Described[], types: readonly UserType[]): boolean => {
  const partitions = tables.flatMap((table) => table.partitions);
  const others = tables.flatMap((table) => namesOf(table).map(([name]) => name));
  const taken = [...others, ...types.map(({ name }) => name), ...partitions.map(({ name }) => name)];
  const names: Names = { schema: '', known: new Set(), moved: listMoved(tables, types, true) };
  const texts = tables.flatMap(({ partitionKey, partitions: parts }) => [
    partitionKey ?? '',
    ...parts.flatMap(({ bound, key }) => [bound, key ?? '']),
  ]);
  return (
    partitions.every(({ name }) => taken.filter((one) => one === name).length === 1) &&
    texts.every((text) => moveInto(text, names).missing.length === 0)
  );
};

/** Tables of several schemas go into one. */
const assertOneNameEach = (tables: readonly Described[], types: readonly UserType[]): void => {
  const seen = new Map(types.map(({ name, schema }) => [name, `type ${schema}.${name}`]));
  const sequences = new Set<string>();
  for (const table of tables) {
    for (const [name, owner] of namesOf(table)) {
      const sequence = table.sequences.find((one) => one.name === name);
      // One sequence may fill columns of several tables.
      if (sequence !== undefined && sequences.has(keyOfName(sequence))) continue;
      if (sequence !== undefined) sequences.add(keyOfName(sequence));
      const other = seen.get(name);
      if (other !== undefined) {
        const why = `${owner} and ${other} would both have the name ${name} in the schema of the sandbox`;
        throw new DrillError('TableNotExtractable', why, { hint: 'extract them one after the other' });
      }
      seen.set(name, owner);
    }
  }
};

/** The planner's guess, which also proves that the condition is one expression. */
const estimateRows = async (session: Session, { relation }: Described, where: string): Promise<number> => {
  const sql = `select 1 from ${fromTable({ ...relation, isPartitioned: relation.kind === 'p' })} where (\n${where}\n)`;
  try {
    const [plan] = await session.askOne<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
      what,
      `explain (format json) ${sql}`,
    );
    return plan?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
  } catch (error) {
    if (!isDrillError(error) || !isPostgresMistake(error.cause as { code?: string })) throw error;
    const told = `where of ${formatTableName(relation)}: ${error.summary}`;
    throw new DrillError('InvalidInput', told, { cause: error });
  }
};
