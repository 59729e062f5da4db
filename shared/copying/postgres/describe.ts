import { isPostgresMistake } from '../../database/postgres/errors.ts';
import { fromTable } from '../../database/postgres/key.ts';
import { formatTableName } from '../../database/tables.ts';
import { DrillError, isDrillError } from '../../errors.ts';
import type { ExtractedTable } from '../../extraction/tables.ts';
import type { Extent } from '../extent.ts';
import type { TablesRequest } from '../port.ts';
import * as catalog from './catalog.ts';
import { leftOutSql, type Sequence, sequencesSql } from './catalog-others.ts';
import { type Described, defineTable, type SequenceValue } from './definition.ts';
import { assertOneNameEach, canBeCut, listMoved } from './moved.ts';
import { keyOfName, moveInto, type Named, type Names } from './names.ts';
import { addParents, assertPartitions, findRelations } from './relations.ts';
import type { Session } from './session.ts';
import { gatherTypes, type TypeStatements, typeStatements, type UserType, userTypesSql } from './types.ts';

const what = 'describe tables';

/** @throws DrillError TableNotFound, TableNotExtractable, InvalidInput */
export const describeWith = async (session: Session, request: TablesRequest): Promise<ExtractedTable[]> => {
  const ask = <Row extends object>(sql: string): Promise<Row[]> => session.query<Row>(what, sql);
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
  const extentOf = (oid: string): Extent => {
    const relation = extracted.get(oid);
    if (relation === undefined) return 'none';
    return Object.hasOwn(request.where, formatTableName(relation)) ? 'some' : 'all';
  };
  const described: ExtractedTable[] = [];
  for (const table of tables) {
    const { oid } = table.relation;
    const name = formatTableName(table.relation);
    const where = request.where[name] ?? null;
    described.push({
      table: name,
      where,
      estimatedRows: where === null ? (sizes.get(oid)?.rows ?? 0) : await estimateRows(session, table, where),
      bytes: sizes.get(oid)?.bytes ?? 0,
      ...defineTable(table, extentOf, names, isCut),
    });
  }
  return withShared(described, typesOf(types, names), sequencesOf(tables, names));
};

/** What several tables share is made with the first. */
const withShared = (
  [first, ...others]: ExtractedTable[],
  types: TypeStatements,
  sequences: string[],
): ExtractedTable[] => {
  if (first === undefined) return [];
  const { before, after, leftOut } = first;
  return [
    {
      ...first,
      before: [...types.before, ...sequences, ...before],
      after: [...after, ...types.late],
      leftOut: [...leftOut, ...types.leftOut],
    },
    ...others,
  ];
};

const readTables = async (
  { query }: Session,
  relations: readonly catalog.Relation[],
): Promise<Described[]> => {
  const oids = relations.map(({ oid }) => oid);
  const group = async <Row extends { oid: string }>(sql: string): Promise<Map<string, Row[]>> =>
    Map.groupBy(await query<Row>(what, sql), ({ oid }) => oid);
  const columns = await group<catalog.Column>(catalog.columnsSql(oids));
  const constraints = await group<catalog.Constraint>(catalog.constraintsSql(oids));
  const indexes = await group<catalog.Index>(catalog.indexesSql(oids));
  const comments = await group<catalog.Comment>(catalog.commentsSql(oids));
  const sequences = await group<Sequence>(sequencesSql(oids));
  const keys = await group<{ oid: string; columns: string[] }>(catalog.keysSql(oids));
  const partitionKeys = await group<{ oid: string; key: string }>(catalog.partitionKeysSql(oids));
  const allPartitions = await query<catalog.Partition>(what, catalog.partitionsSql(oids));
  const partitions = Map.groupBy(allPartitions, ({ root }) => root);
  const others = await group<{ oid: string; sentence: string }>(
    leftOutSql([...oids, ...allPartitions.map(({ oid }) => oid)]),
  );
  const othersOf = (oid: string): string[] => (others.get(oid) ?? []).map(({ sentence }) => sentence);
  const described: Described[] = [];
  for (const relation of relations) {
    const { oid } = relation;
    const parts = partitions.get(oid) ?? [];
    assertPartitions(relation, parts);
    const filling = sequences.get(oid) ?? [];
    const values: SequenceValue[] = [];
    for (const sequence of filling) {
      const [value] = await query<SequenceValue>(
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
        ...othersOf(oid),
        ...tellOfPartitions(parts.map(({ name, own, ...part }) => [name, [...own, ...othersOf(part.oid)]])),
      ],
    });
  }
  return described;
};

/** What partitions leave behind, each once: a thousand of them may have the same. */
const tellOfPartitions = (parts: readonly [name: string, things: string[]][]): string[] => {
  const all = parts.flatMap(([name, things]) => things.map((thing) => ({ name, thing })));
  return [...Map.groupBy(all, ({ thing }) => thing)].map(([thing, [first, ...others]]) =>
    others.length === 0
      ? `${thing} of partition ${first?.name}`
      : `${thing} of ${others.length + 1} partitions`,
  );
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

const typesOf = (types: readonly UserType[], names: Names): TypeStatements => {
  const made = types.map((type) => typeStatements(type, names));
  return {
    before: made.flatMap(({ before }) => before),
    late: made.flatMap(({ late }) => late),
    leftOut: made.flatMap(({ leftOut }) => leftOut),
  };
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

/** The planner's guess, which also proves that the condition is one expression. */
const estimateRows = async (session: Session, { relation }: Described, where: string): Promise<number> => {
  const sql = `select 1 from ${fromTable({ ...relation, isPartitioned: relation.kind === 'p' })} where (\n${where}\n)`;
  try {
    const [plan] = await session.queryOne<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
      what,
      `explain (format json) ${sql}`,
    );
    return plan?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
  } catch (error) {
    if (!isDrillError(error)) throw error;
    const told = `where of ${formatTableName(relation)}: ${error.summary}`;
    if (isPostgresMistake(error.cause as { code?: string })) {
      throw new DrillError('InvalidInput', told, {
        hint: 'name columns alone, and your own types, functions and tables with their schema, as public.orders',
        cause: error,
      });
    }
    if (!isDrillError(error, 'DatabaseFailure')) throw error;
    throw new DrillError('DatabaseFailure', told, {
      hint: 'correct the values in the condition',
      cause: error,
    });
  }
};
