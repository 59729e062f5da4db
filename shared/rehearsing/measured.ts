import { fitsPacked } from '../job/packing.ts';
import { fitsOutput, takeFirst } from '../job/room.ts';
import type { RehearsalDocument } from '../rehearsal/document.ts';
import type { Blocked, ChangeMeasured, LockHeld, StatementMeasured, Stretch } from '../rehearsal/measured.ts';
import { countOf, ellipsize } from '../words.ts';

/** How a change went, in words, beside what is packed. */
export const describeMeasured = ({ statements, isFinished }: ChangeMeasured): string => {
  const ran = statements.filter(({ error, isCancelled }) => error === null && !isCancelled).length;
  const longest = (kind: 'blockedRead' | 'blockedWrite') =>
    Math.max(0, ...statements.flatMap(({ tables }) => tables.map((table) => table[kind].longestMs)));
  return [
    `${ran} of ${countOf(statements.length, 'statement')} ran`,
    `the longest blocked read was ${longest('blockedRead')} ms`,
    `the longest blocked write ${longest('blockedWrite')} ms`,
    ...(isFinished ? [] : ['not finished']),
  ].join(', ');
};

/** Two fifths of what Step Functions carries. */
const maxPackedBytes = 104_000;

/** How much of each statement is kept: so many stretches of each kind and table, locks, and characters of its text. */
type Room = { stretches: number; locks: number; characters: number };

const rooms: Room[] = [
  { stretches: 100, locks: 200, characters: 20_000 },
  { stretches: 10, locks: 50, characters: 4000 },
  { stretches: 1, locks: 20, characters: 1000 },
];

/** From the whole to the least. What is left out: the shortest stretches and locks, and the ends of long statements. */
const listSizes = (measured: ChangeMeasured): ChangeMeasured[] => [
  measured,
  ...rooms.map((room) => reduce(measured, room)),
];

/** What does not fit in the state data is left out. */
export const fitMeasured = (measured: ChangeMeasured): ChangeMeasured =>
  takeFirst(listSizes(measured), fitsPacked(maxPackedBytes));

/** For the output of the execution. The whole document is filed. */
export const fitDocument = (document: RehearsalDocument): RehearsalDocument => {
  const { measured } = document;
  if (measured === null) return document;
  const sizes = [...listSizes(measured), { ...measured, statements: [] }];
  const documents = sizes.map((one) => ({ ...document, measured: one }));
  return takeFirst(documents, fitsOutput);
};

const reduce = (measured: ChangeMeasured, room: Room): ChangeMeasured => ({
  ...measured,
  statements: measured.statements.map((statement) => reduceStatement(statement, room)),
});

const reduceStatement = (
  statement: StatementMeasured,
  { stretches, locks, characters }: Room,
): StatementMeasured => {
  const cut = ({ longestMs, stretches: all }: Blocked): Blocked => ({
    longestMs,
    stretches: takeLongest(all, stretches),
  });
  return {
    ...statement,
    sql: ellipsize(statement.sql, characters),
    locks: takeLocks(statement.locks, locks),
    tables: statement.tables.map((table) => ({
      ...table,
      blockedRead: cut(table.blockedRead),
      blockedWrite: cut(table.blockedWrite),
    })),
  };
};

const byLength = (one: Stretch, other: Stretch): number =>
  other.toMs - other.fromMs - (one.toMs - one.fromMs);

/** In their own order. */
const takeLongest = <Part extends Stretch>(parts: readonly Part[], most: number): Part[] => {
  const kept = new Set(parts.toSorted(byLength).slice(0, most));
  return parts.filter((part) => kept.has(part));
};

/** The longest of each relation and mode, however short, since a verdict hangs on modes; and the longest of the others. */
const takeLocks = (locks: readonly LockHeld[], most: number): LockHeld[] => {
  const alike = Map.groupBy(locks, ({ relation, mode }) => `${mode} ${relation}`);
  const kept = new Set([
    ...[...alike.values()].flatMap((same) => takeLongest(same, 1)),
    ...takeLongest(locks, most),
  ]);
  return locks.filter((lock) => kept.has(lock));
};
