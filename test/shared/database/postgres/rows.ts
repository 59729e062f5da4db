import fc from 'fast-check';
import pg from 'pg';
import { arbitraryOf, isNeverNull, type Kind, kinds } from './columns.ts';

/** Columns of a table, and its rows as texts. null is NULL. */
export type Column = { kind: Kind; isNullable: boolean };
export type Row = (string | null)[];
export type RandomTable = { columns: Column[]; rows: Row[] };

const column: fc.Arbitrary<Column> = fc.record({ kind: fc.constantFrom(...kinds), isNullable: fc.boolean() });

const cell = ({ kind, isNullable }: Column): fc.Arbitrary<string | null> =>
  isNullable && !isNeverNull(kind) ? fc.option(arbitraryOf(kind), { freq: 3 }) : arbitraryOf(kind);

const rowOf = (columns: Column[]): fc.Arbitrary<Row> => fc.tuple(...columns.map(cell));

const narrow = fc.array(column, { maxLength: 8 });
/** More columns than fit into one mask of NULLs. */
const wide = fc.array(column, { minLength: 70, maxLength: 120 });

/** Most are narrow, some are wide, some have no columns. */
export const randomTable: fc.Arbitrary<RandomTable> = fc
  .oneof({ weight: 9, arbitrary: narrow }, { weight: 1, arbitrary: wide })
  .chain((columns) =>
    fc.record({
      columns: fc.constant(columns),
      rows: fc
        .array(rowOf(columns), { maxLength: 5 })
        .chain((rows) => fc.nat({ max: 2 }).map((twice) => [...rows, ...rows.slice(0, twice)])),
    }),
  );

/** What can happen to rows, by numbers of rows and columns, modulo how many there are. */
export type Change = {
  what: 'value' | 'blank' | 'rows' | 'columns' | 'null' | 'more' | 'less' | 'order';
  at: [number, number, number];
  index: number;
};

export const change: fc.Arbitrary<Change> = fc.record({
  what: fc.constantFrom('value', 'blank', 'rows', 'columns', 'null', 'more', 'less', 'order'),
  at: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
  index: fc.nat(),
});

/** The rows before and after one change. Some changes leave them the same. */
export const applyChange = (
  { columns, rows }: RandomTable,
  { what, at, index }: Change,
): { before: Row[]; after: Row[] } => {
  const before = structuredClone(rows);
  const after = structuredClone(rows);
  if (what === 'order') return { before, after: after.toReversed() };
  const [one, other, place] = at.map(
    (number, axis) => number % Math.max(1, axis === 2 ? columns.length : rows.length),
  );
  const [row, second] = [after[one ?? 0], after[other ?? 0]];
  const at0 = place ?? 0;
  const wanted = columns[at0];
  if (row === undefined) return { before, after };
  if (what === 'more') after.push(structuredClone(row));
  if (what === 'less') after.splice(one ?? 0, 1);
  if (wanted === undefined || second === undefined) return { before, after };
  const { values } = wanted.kind;
  const mayBeNull = wanted.isNullable && !isNeverNull(wanted.kind);
  if (what === 'value') row[at0] = values[index % values.length] ?? null;
  if (what === 'null' && mayBeNull) row[at0] = null;
  if (what === 'blank' && mayBeNull) {
    // NULL before, and the value that the hash takes for NULL after.
    (before[one ?? 0] ?? [])[at0] = null;
    row[at0] = values[0];
  }
  if (what === 'rows') [row[at0], second[at0]] = [second[at0] ?? null, row[at0] ?? null];
  if (what === 'columns') {
    const twin = columns.findIndex(({ kind, isNullable }, at1) => {
      return at1 !== at0 && kind === wanted.kind && isNullable === wanted.isNullable;
    });
    if (twin >= 0) [row[at0], row[twin]] = [row[twin] ?? null, row[at0] ?? null];
  }
  return { before, after };
};

const literal = (value: string | null): string => (value === null ? 'null' : pg.escapeLiteral(value));

/** @param first an extra column before all others */
export const createTableSql = (name: string, columns: Column[], first = ''): string => {
  const all = columns.map(({ kind, isNullable }, index) => {
    return `c${index} ${kind.type}${isNullable ? '' : ' not null'}`;
  });
  return `create table ${name} (${[...(first === '' ? [] : [first]), ...all].join(', ')});`;
};

/** One statement for each row when there are no columns. */
export const insertSql = (name: string, rows: Row[]): string => {
  if (rows.length === 0) return '';
  if (rows[0]?.length === 0) return `insert into ${name} default values;`.repeat(rows.length);
  return `insert into ${name} values ${rows.map((row) => `(${row.map(literal).join(', ')})`).join(', ')};`;
};
