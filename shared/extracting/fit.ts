import type { ExtractDocument } from '../extraction/document.ts';
import { fitsOutput, takeFirst } from '../job/room.ts';
import { sizesOfChanges } from '../rows/told-changes.ts';

/**
 * For the output of the execution. What does not fit is left out and said: first the SQL that would bring rows back, then the
 * keys of rows, then what each table has lost. The whole document is filed.
 */
export const fitExtract = (document: ExtractDocument): ExtractDocument =>
  [withoutSql, withoutKeys, withoutLosses].reduce(
    (smaller, reduce) => (fitsOutput(smaller) ? smaller : reduce(smaller)),
    document,
  );

const note = 'left out of the output of the execution, in which it has no room: the filed document has it';

const withoutSql = (document: ExtractDocument): ExtractDocument => ({
  ...document,
  bringBack: document.bringBack.map(({ table }) => ({ table, shows: [], brings: [], note })),
});

const withoutKeys = (document: ExtractDocument): ExtractDocument => {
  const { changes } = document;
  if (changes === null || changes.found === null) return document;
  const [, ...smaller] = sizesOfChanges(changes);
  const documents = smaller.map((one) => ({
    ...document,
    changes: { ...one, lines: [...one.lines, `the rows one by one: ${note}`] },
  }));
  return takeFirst(documents, fitsOutput);
};

const withoutLosses = (document: ExtractDocument): ExtractDocument => ({
  ...document,
  tables: document.tables.map((table) => ({ ...table, leftOut: table.leftOut.length === 0 ? [] : [note] })),
});
