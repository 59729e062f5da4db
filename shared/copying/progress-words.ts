import type { CopyProgress } from '../extraction/tables.ts';
import { countOf } from '../words.ts';

/** How far the copying is, table by table: "public.orders: 12 of 16 ranges, 61 million rows". */
export const describeProgress = (tables: readonly CopyProgress[]): string =>
  tables
    .map(({ table, rangesDone, ranges, rows }) => {
      const done = rangesDone === ranges ? '' : `${rangesDone} of ${countOf(ranges, 'range')}, `;
      return `${table}: ${done}${countRows(rows)}`;
    })
    .join('; ');

const countRows = (rows: number): string =>
  rows < 1_000_000
    ? countOf(rows, 'row', showThousands)
    : `${Number((rows / 1e6).toPrecision(2))} million rows`;

const showThousands = (count: number): string => count.toLocaleString('en-US');
