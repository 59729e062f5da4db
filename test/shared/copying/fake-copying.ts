import { createHash } from 'node:crypto';
import type { Copied, Copying } from '../../../shared/copying/port.ts';
import type { CopyRange, ExtractedTable } from '../../../shared/extraction/tables.ts';

export const tableNamed = (table: string): ExtractedTable => ({
  table,
  where: null,
  estimatedRows: 0,
  bytes: 0,
  before: [],
  after: [],
  foreignKeys: [],
  columns: ['id'],
  fixed: [],
  leftOut: [],
  partitions: 'none',
  key: ['id'],
});

/** @param act what copying a range does, and how many rows it finds */
export const fakeCopying = (
  ranges: Record<string, number>,
  act: (range: CopyRange) => Promise<number>,
): Copying & { begun: string[] } => {
  const there = new Map<string, Copied>();
  const begun: string[] = [];
  const nameOf = ({ table, number }: CopyRange): string => `${table} ${number}`;
  return {
    begun,
    listRanges: async ({ table }) =>
      Array.from({ length: ranges[table] ?? 0 }, (_, index) => {
        const range = { table, number: index + 1, of: ranges[table] ?? 0, from: null, to: null };
        return { range, copied: there.get(nameOf(range)) ?? null };
      }),
    copyRange: async (_, range) => {
      begun.push(nameOf(range));
      const rows = await act(range);
      const copied = { rows, bytes: rows * 10 };
      there.set(nameOf(range), copied);
      return copied;
    },
    close: async () => {},
  };
};

/** Names that hardly shrink when they are packed. */
export const hardToPack = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => createHash('sha256').update(`${index}`).digest('hex'));
