import { createHash } from 'node:crypto';
import type { KeyRange } from '../port.ts';
import type { MysqlTable } from './catalog.ts';
import { beside, inBounds, keyValue, literal, useIndex } from './key.ts';
import { nameInSql, quoteName } from './names.ts';
import { type Scale, scaleOf } from './scale.ts';

/** Answers a statement's rows as texts, and the optimizer's guess of how many rows it would read. */
export type Asking = {
  ask: (sql: string) => Promise<(string | null)[][]>;
  guessRows: (sql: string) => Promise<number>;
};

type Line = { scale: Scale; low: bigint; high: bigint };

/** A part of the line, with the optimizer's guess of its rows. The next part begins at `high`. */
type Stretch = { low: bigint; high: bigint; rows: number };

/** The line of the next key column's values, among rows whose key begins with this prefix. */
const findLine = async ({ ask }: Asking, table: MysqlTable, prefix: string[]): Promise<Line | undefined> => {
  const column = table.key[prefix.length] ?? '';
  const name = quoteName(column);
  const [row] = await ask(
    `select min(${name}), max(${name}) from ${nameInSql(table)} where ${startsWith(table, prefix)}`,
  );
  const [lowest, highest] = row ?? [];
  if (lowest == null || highest == null) return undefined;
  const scale = scaleOf(table, column, lowest, highest);
  return scale && { scale, low: scale.toPosition(lowest), high: scale.toPosition(highest) };
};

const startsWith = (table: MysqlTable, prefix: string[]): string =>
  [
    'true',
    ...prefix.map((value, index) => {
      const column = table.key[index] ?? '';
      return `${quoteName(column)} = ${literal(table, column, value)}`;
    }),
  ].join(' and ');

/**
 * Halves the stretch with the most rows until none has more than its share. The server counts by dives into the index
 * (MySQL manual, "Equality Range Optimization"), so gaps and crowds cost a few dives and no scan.
 */
const cutEvenly = async (
  asking: Asking,
  table: MysqlTable,
  line: Line,
  ranges: number,
): Promise<Stretch[]> => {
  const measure = async (low: bigint, high: bigint): Promise<Stretch> => {
    // The ends stay open: a position just beyond them may be no value of the type.
    const lower = low === line.low ? undefined : line.scale.toValue(low);
    const upper = high > line.high ? undefined : line.scale.toValue(high);
    const where = inBounds(table, lower, upper);
    const sql = `select 1 from ${nameInSql(table)}${useIndex(table)} where ${where}`;
    return { low, high, rows: await asking.guessRows(sql) };
  };
  let stretches = [await measure(line.low, line.high + 1n)];
  for (let halvings = 0; halvings < 4 * ranges + 64; halvings += 1) {
    const total = stretches.reduce((sum, { rows }) => sum + rows, 0);
    const widest = stretches
      .filter(({ low, high }) => high - low > 1n)
      .reduce<Stretch | undefined>((most, one) => (one.rows > (most?.rows ?? 0) ? one : most), undefined);
    if (widest === undefined || (stretches.length > 1 && widest.rows <= total / ranges)) break;
    const middle = (widest.low + widest.high) / 2n;
    const halves = [await measure(widest.low, middle), await measure(middle, widest.high)];
    stretches = stretches.flatMap((one) => (one === widest ? halves : [one]));
  }
  return stretches;
};

/** Positions that cut the rows into about equal shares, as if the rows of a stretch were spread evenly. */
const placeBounds = (stretches: Stretch[], ranges: number): bigint[] => {
  const total = stretches.reduce((sum, { rows }) => sum + rows, 0);
  const bounds: bigint[] = [];
  let before = 0;
  for (const { low, high, rows } of stretches) {
    while (
      bounds.length < ranges - 1 &&
      before + rows >= (total * (bounds.length + 1)) / ranges &&
      rows > 0
    ) {
      const share = ((total * (bounds.length + 1)) / ranges - before) / rows;
      bounds.push(low + (BigInt(Math.round(share * 1e6)) * (high - low)) / 1_000_000n);
    }
    before += rows;
  }
  return bounds;
};

/**
 * Bounds from the lowest and the highest value, and guesses of the optimizer: the cost does not grow with the table.
 * None when the key's index is not PRIMARY: each range would look its rows up one by one.
 */
export const chooseMysqlBounds = async (
  asking: Asking,
  table: MysqlTable,
  ranges: number,
): Promise<string[]> => {
  if (table.keyIndex !== 'PRIMARY' || ranges < 2) return [];
  const line = await findLine(asking, table, []);
  if (line === undefined || line.low === line.high) return [];
  const bounds = placeBounds(await cutEvenly(asking, table, line, ranges), ranges);
  return [...new Set(bounds)]
    .filter((bound) => bound > line.low && bound <= line.high)
    .map(line.scale.toValue);
};

/** One sample in each share of the table, where the seed says. None when the key has no scale. */
export const chooseMysqlSamples = async (
  asking: Asking,
  table: MysqlTable,
  { ranges, rows, seed }: { ranges: number; rows: number; seed: number },
): Promise<KeyRange[]> => {
  const line = table.key.length === 0 ? undefined : await findLine(asking, table, []);
  if (line === undefined) return [];
  const bounds = placeBounds(await cutEvenly(asking, table, line, ranges), ranges);
  const samples: KeyRange[] = [];
  for (let index = 0; index <= bounds.length; index += 1) {
    const share = { ...line, low: bounds[index - 1] ?? line.low, high: bounds[index] ?? line.high };
    const last = samples.at(-1);
    if (last?.to === null) break;
    const place = await findPlace(asking, table, share, [seed, index]);
    if (place === undefined) continue;
    const from = await keyAfter(asking, table, [place, ...(last?.to ? [last.to] : [])], 0);
    if (from === null) break;
    samples.push({ from, to: await keyAfter(asking, table, [from], rows) });
  }
  return samples;
};

/** A key that the seed chooses, column by column, each among the rows that share the columns before. */
const findPlace = async (
  asking: Asking,
  table: MysqlTable,
  first: Line,
  seed: number[],
): Promise<string[] | undefined> => {
  const place: string[] = [];
  for (const column of table.key) {
    const line = place.length === 0 ? first : await findLine(asking, table, place);
    const from = line?.scale.toValue(
      line.low + drawBelow(line.high - line.low + 1n, [...seed, place.length]),
    );
    const name = quoteName(column);
    const where = `${startsWith(table, place)}${from === undefined ? '' : ` and ${name} >= ${literal(table, column, from)}`}`;
    const [row] = await asking.ask(
      `select ${keyValue(table, column)} from ${nameInSql(table)} where ${where} order by ${name} limit 1`,
    );
    if (row?.[0] == null) return undefined;
    place.push(row[0]);
  }
  return place;
};

/** The key this many rows on, among rows not before any of these keys. Null when the table ends sooner. */
const keyAfter = async (
  { ask }: Asking,
  table: MysqlTable,
  from: string[][],
  rows: number,
): Promise<string[] | null> => {
  const where = from.map((key) => beside(table, 'from', key)).join(' and ');
  const [row] = await ask(
    `select ${table.key.map((column) => keyValue(table, column)).join(', ')} from ${nameInSql(table)}${useIndex(table)}
      where ${where} order by ${table.key.map(quoteName).join(', ')} limit 1 offset ${rows}`,
  );
  return row === undefined ? null : row.map((value) => value ?? '');
};

/** A number from 0 to below the limit, always the same for the same seed. */
const drawBelow = (limit: bigint, seed: number[]): bigint =>
  BigInt(`0x${createHash('sha256').update(seed.join(' ')).digest('hex')}`) % limit;
