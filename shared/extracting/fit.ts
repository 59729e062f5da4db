import type { ExtractDocument } from '../extraction/document.ts';
import { fitChanges } from '../rows/told-changes.ts';

/** Most of what Step Functions carries, which is 256 KiB: the output of an execution is not packed. */
const maxOutputBytes = 200_000;

const fits = (value: unknown): boolean => Buffer.byteLength(JSON.stringify(value)) <= maxOutputBytes;

/**
 * For the output of the execution. What does not fit is left out and said: first the SQL that would bring rows back, then the
 * keys of rows, then what each table has lost. The whole document is filed.
 */
export const fitExtract = (document: ExtractDocument): ExtractDocument =>
  [withoutSql, withoutKeys, withoutLosses].reduce(
    (smaller, reduce) => (fits(smaller) ? smaller : reduce(smaller)),
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
  const { summary, lines } = fitChanges(changes, () => false);
  return {
    ...document,
    changes: { summary, lines: [...lines, `the rows one by one: ${note}`], found: null },
  };
};

const withoutLosses = (document: ExtractDocument): ExtractDocument => ({
  ...document,
  tables: document.tables.map((table) => ({ ...table, leftOut: table.leftOut.length === 0 ? [] : [note] })),
});
