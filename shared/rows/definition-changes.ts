import { byKind } from '../database/definitions.ts';
import type { Definition, Reader } from '../database/port.ts';

/** Names of what is defined otherwise in a later state of a database, by kind, such as views. */
export type DefinitionChanges = { kind: string; added: string[]; dropped: string[]; altered: string[] };

/** Compares two states. `unread`: what the user may not read in one of them. @throws DrillError of the readers */
export const compareDefinitions = async (
  before: Reader,
  after: Reader,
): Promise<{ changed: DefinitionChanges[]; unread: string[] }> => {
  const all = [await listAll(before), await listAll(after)];
  const unread = new Set(all.flat().flatMap(nameUnread));
  const [early, late] = all.map((some) =>
    byKind(some.filter((one) => !unread.has(`${one.kind} ${one.name}`))),
  );
  const kinds = [...new Set([...(early?.keys() ?? []), ...(late?.keys() ?? [])])].toSorted();
  const changed = kinds
    .map((kind) => ({ kind, ...compareTexts(early?.get(kind) ?? new Map(), late?.get(kind) ?? new Map()) }))
    .filter(({ added, dropped, altered }) => added.length + dropped.length + altered.length > 0);
  return { changed, unread: [...unread] };
};

const nameUnread = ({ kind, name, isUnread }: Definition): string[] => (isUnread ? [`${kind} ${name}`] : []);

/** Extensions, or the databases in MySQL, are a kind of their own. */
const listAll = async (reader: Reader): Promise<Definition[]> => [
  ...(await reader.listObjects()).map((name) => ({ kind: 'objects', name, text: name })),
  ...(await reader.listDefinitions()),
];

const compareTexts = (
  early: ReadonlyMap<string, string>,
  late: ReadonlyMap<string, string>,
): Omit<DefinitionChanges, 'kind'> => ({
  added: [...late.keys()].filter((name) => !early.has(name)).toSorted(),
  dropped: [...early.keys()].filter((name) => !late.has(name)).toSorted(),
  altered: [...early]
    .filter(([name, text]) => late.has(name) && late.get(name) !== text)
    .map(([name]) => name)
    .toSorted(),
});
