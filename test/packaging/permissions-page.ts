export type Table = { columns: string[]; rows: Record<string, string>[] };

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The tables below each second-level heading, in order. */
export const readPermissions = (page: string): Map<string, Table[]> =>
  new Map(
    page
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const [heading = '', ...lines] = section.split('\n');
        const blocks = lines
          .join('\n')
          .split(/\n{2,}/)
          .map((block) => block.split('\n').filter((line) => line.startsWith('|')));
        const tables = blocks
          .filter(([head]) => head !== undefined)
          .map(([head = '', , ...rows]) => {
            const columns = cellsOf(head);
            const toRow = (line: string) =>
              Object.fromEntries(cellsOf(line).map((cell, index) => [columns[index], cell]));
            return { columns, rows: rows.map(toRow) };
          });
        return [heading, tables];
      }),
  );
