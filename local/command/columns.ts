import { makeVisible } from '../../shared/result/format.ts';

/** Texts of a result are hostile: none may move the cursor, colour the screen or start a new line. */
export const toLine = (text: string): string => makeVisible(text).replace(/\s+/g, ' ').trim();

/** @param toTheRight the columns of numbers */
export const alignColumns = (cells: string[][], toTheRight: number[]): string => {
  const rows = cells.map((row) => row.map(toLine));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          toTheRight.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n');
};
