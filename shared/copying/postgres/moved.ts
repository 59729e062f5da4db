import { formatTableName } from '../../database/tables.ts';
import { refuseNamesakes, type Taken } from '../namesakes.ts';
import { type Described, namesOf } from './definition.ts';
import { keyOfName, moveInto, type Named, type Names } from './names.ts';
import type { UserType } from './types.ts';

/** Everything that comes along, as the copy names it. */
export const listMoved = (
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
export const canBeCut = (tables: readonly Described[], types: readonly UserType[]): boolean => {
  const partitions = tables.flatMap((table) => table.partitions);
  const taken = [...listRelations(tables), ...types, ...partitions].map(({ name }) => name);
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

/** Names of tables, indexes and sequences. A sequence may fill columns of several tables, and is one all the same. */
const listRelations = (tables: readonly Described[]): Taken[] => {
  const sequences = new Map<string, Taken>();
  for (const { relation, sequences: filling } of tables) {
    for (const sequence of filling) {
      const key = keyOfName(sequence);
      if (!sequences.has(key)) sequences.set(key, { name: sequence.name, of: formatTableName(relation) });
    }
  }
  return [...tables.flatMap(namesOf), ...sequences.values()];
};

/** A table is a type too: that of its rows. */
const listTypes = (tables: readonly Described[], types: readonly UserType[]): Taken[] => [
  ...types.map(({ name, schema }) => ({ name, of: `type ${schema}.${name}` })),
  ...tables.map(({ relation }) => ({ name: relation.table, of: formatTableName(relation) })),
];

/** @throws DrillError TableNotExtractable */
export const assertOneNameEach = (tables: readonly Described[], types: readonly UserType[]): void => {
  refuseNamesakes(listRelations(tables));
  refuseNamesakes(listTypes(tables, types));
};
