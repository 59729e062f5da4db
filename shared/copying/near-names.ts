import { DrillError } from '../errors.ts';

/** How many letters apart two texts are: inserted, dropped or exchanged. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...one].entries()) {
    const next = [line + 1];
    for (let index = 0; index < other.length; index++) {
      const exchanged = (row[index] ?? 0) + (letter === other[index] ? 0 : 1);
      next.push(Math.min(exchanged, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
};

/** The name of a table without its schema. */
const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1).toLowerCase();

const mostNamed = 5;

/** The names that somebody may have meant, nearest first: a few letters apart, in another schema, or holding it. */
export const findNear = (wanted: string, names: readonly string[]): string[] => {
  const asked = lastPart(wanted);
  return names
    .map((name) => ({ name, part: lastPart(name), apart: distance(asked, lastPart(name)) }))
    .filter(({ part, apart }) => apart <= Math.max(1, asked.length / 3) || part.includes(asked))
    .toSorted((one, other) => one.apart - other.apart)
    .slice(0, mostNamed)
    .map(({ name }) => name);
};

/** @throws DrillError TableNotFound, for names that the copy does not have */
export const refuseAbsent = (absent: readonly string[], names: readonly string[]): void => {
  if (absent.length === 0) return;
  const told = absent.map((name) => {
    const near = findNear(name, names);
    return near.length === 0 ? name : `${name} (near: ${near.join(', ')})`;
  });
  throw new DrillError('TableNotFound', `there is no ${told.join(', and no ')}`, {
    hint: 'name the tables as schema.table, as they were at that time; case counts',
  });
};
