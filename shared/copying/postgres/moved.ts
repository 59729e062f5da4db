import { DrillError } from '../../errors.ts';
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
export const assertOneNameEach = (tables: readonly Described[], types: readonly UserType[]): void => {
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
