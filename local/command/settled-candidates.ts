import { stringify } from 'yaml';
import type { Reader, TimeColumn } from '../../shared/database/port.ts';
import { formatTableName, isView, type Table } from '../../shared/database/tables.ts';
import { isDrillError } from '../../shared/errors.ts';
import { alignColumns, toLine } from './columns.ts';

/** A column of times. `problem`: why it does not look settled; null if it does. `signs`: what speaks for it. */
export type Candidate = {
  table: string;
  column: TimeColumn;
  problem: string | null;
  signs: string[];
};

const dayMs = 86_400_000;

/** Every column of times, and whether it looks as if it were set to the present at the insert, and never changed. */
export const listCandidates = async (
  reader: Reader,
  quote: (name: string) => string,
): Promise<Candidate[]> => {
  const defined = await reader.listDefinitions();
  const definitions = new Map(
    defined.filter(({ kind }) => kind === 'columns').map(({ name, text }) => [unquote(name), text]),
  );
  const candidates: Candidate[] = [];
  for (const table of await reader.listTables()) {
    for (const name of isView(table) ? [] : (table.names ?? [])) {
      const column = findTimes(reader, table, name);
      if (column === null) continue;
      const definition = definitions.get(`${table.schema}.${table.table}.${name}`) ?? '';
      const known = { table: formatTableName(table), column };
      const problem = findProblem(name, definition);
      if (problem !== null) candidates.push({ ...known, problem, signs: [] });
      else candidates.push({ ...known, ...(await judgeOrder(reader, table, name, quote)) });
    }
  }
  return candidates;
};

/** PostgreSQL writes names as its SQL does. */
const unquote = (name: string): string =>
  name.replace(/"((?:[^"]|"")*)"/g, (_, quoted: string) => quoted.replaceAll('""', '"'));

const findTimes = (reader: Reader, table: Table, name: string): TimeColumn | null => {
  try {
    return reader.timeColumn(table, name);
  } catch (error) {
    if (isDrillError(error, 'ColumnNotFound')) return null;
    throw error;
  }
};

const present =
  /default:? .*\b(now|(current|clock|statement|transaction|utc|local)_?(timestamp|date)|sysdate)\b/i;

const findProblem = (name: string, definition: string): string | null => {
  if (/\bon update\b/i.test(definition))
    return 'the server sets it at every update: on update current_timestamp';
  if (/updat|modif|chang|last/i.test(name)) return 'its name says that it is updated';
  if (!present.test(definition)) return 'it has no default of now, so nothing says when it is set';
  return null;
};

const samples = 64;
/** Transactions that overlap commit in another order than they count. */
const mostBackwards = 0.05;

const judgeOrder = async (
  reader: Reader,
  table: Table,
  name: string,
  quote: (name: string) => string,
): Promise<Pick<Candidate, 'problem' | 'signs'>> => {
  const index = (table.names ?? []).indexOf(name);
  const isNullable = !/ not null\b/i.test(table.columns[index] ?? '');
  const signs = [
    'its default is now',
    isNullable ? 'it may be NULL: such rows are not judged' : 'it is never NULL',
  ];
  const [key] = table.key;
  if (key === undefined || table.counted !== key) return { problem: null, signs };
  const bounds = await reader.chooseBounds(table, samples);
  if (bounds.length < 2) return { problem: null, signs };
  const from = `${quote(table.schema)}.${quote(table.table)}`;
  const times = bounds.map(
    (bound) =>
      `(select ${quote(name)} from ${from} where ${quote(key)} >= ${Number(bound)} order by ${quote(key)} limit 1)`,
  );
  const [found = []] = await reader.runQuery(`select ${times.join(', ')}`);
  const backwards = found.filter((time, at) => (time ?? '') < (found[at - 1] ?? '')).length;
  return backwards > mostBackwards * found.length
    ? { problem: `it does not rise with ${key}: ${backwards} of ${found.length} samples go back`, signs: [] }
    : { problem: null, signs: [...signs, `it rises with ${key}`] };
};

/** What to paste into a plan, and why the other columns are not in it. */
export const describeCandidates = (candidates: readonly Candidate[]): string => {
  const settled = candidates.filter(({ problem }) => problem === null);
  const others = candidates.filter(({ problem }) => problem !== null);
  const nothing = ['No column of this database looks settled.'];
  const found = [
    'These columns look settled. If no row of their tables is ever updated, paste them into the checks of your plan,',
    'with deletes: allowed where rows are deleted:',
    '',
    'settled:',
    ...settled.map(toYaml),
  ];
  return [
    ...(settled.length === 0 ? nothing : found),
    ...(others.length === 0 ? [] : ['', 'These do not:']),
    ...(others.length === 0 ? [] : [alignColumns(others.map(toCells), [])]),
    '',
    'What a column must be like: docs/checks.md, "Settled rows".',
  ].join('\n');
};

const toCells = ({ table, column, problem }: Candidate): string[] => [
  `${table}.${column.name}`,
  problem ?? '',
];

const toYaml = ({ table, column, signs }: Candidate): string => {
  const margin = column.unitMs === dayMs ? '1d' : '15m';
  const zone = column.isZoned ? '' : ', timeZone: UTC';
  const scalar = (text: string): string => stringify(text).trim();
  const rule = `{ column: ${scalar(column.name)}, margin: ${margin}${zone} }`;
  return `  ${toLine(`${scalar(table)}: ${rule} # ${signs.join(', ')}`)}`;
};
