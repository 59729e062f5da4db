import type pg from 'pg';

/** A table of one server, with its whole-numbered key `id`, and its other columns. */
export type Md5Side = { client: pg.Client; table: string; columns: string[] };

/** As reladiff and data-diff have by default: how many segments a segment is cut into, and when rows are fetched instead. */
const bisectionFactor = 32;
const bisectionThreshold = 16_384;

type Segment = { from: number; to: number };
type Checksum = { rows: number; sum: string | null };

/**
 * Compares two tables by the method of reladiff: an md5 over the texts of each row's columns, summed up by segment of the
 * key. Segments that differ are cut again, and small ones fetched row by row. @returns the keys that differ
 */
export const diffByMd5 = async (left: Md5Side, right: Md5Side): Promise<string[]> => {
  const whole = await findBounds([left, right]);
  const keys: string[] = [];
  const compare = async (segment: Segment): Promise<void> => {
    const [one, other] = await Promise.all([checksum(left, segment), checksum(right, segment)]);
    if (one.rows === other.rows && one.sum === other.sum) return;
    if (Math.max(one.rows, other.rows) > bisectionThreshold) {
      for (const part of cut(segment)) await compare(part);
      return;
    }
    const [mine, theirs] = await Promise.all([fetchRows(left, segment), fetchRows(right, segment)]);
    keys.push(...compareRows(mine, theirs));
  };
  for (const part of cut(whole)) await compare(part);
  return keys;
};

const findBounds = async (sides: Md5Side[]): Promise<Segment> => {
  const found = await Promise.all(
    sides.map(async ({ client, table }) => {
      const { rows } = await client.query<{ from: string; to: string }>(
        `select min(id) as from, max(id) as to from ${table}`,
      );
      return { from: Number(rows[0]?.from), to: Number(rows[0]?.to) };
    }),
  );
  return {
    from: Math.min(...found.map(({ from }) => from)),
    to: Math.max(...found.map(({ to }) => to)) + 1,
  };
};

const cut = ({ from, to }: Segment): Segment[] => {
  const step = Math.ceil((to - from) / bisectionFactor);
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => ({
    from: from + index * step,
    to: Math.min(to, from + (index + 1) * step),
  }));
};

const inSegment = ({ from, to }: Segment): string => `id >= ${from} and id < ${to}`;

const checksum = async ({ client, table, columns }: Md5Side, segment: Segment): Promise<Checksum> => {
  const texts = ['id', ...columns].map((column) => `coalesce(${column}::varchar, '<null>')`).join(", '|', ");
  const { rows } = await client.query<{ rows: string; sum: string | null }>(
    `select count(*) as rows, sum(('x' || substring(md5(concat(${texts})), 18))::bit(60)::bigint) as sum
       from ${table} where ${inSegment(segment)}`,
  );
  return { rows: Number(rows[0]?.rows), sum: rows[0]?.sum ?? null };
};

const fetchRows = async ({ client, table, columns }: Md5Side, segment: Segment): Promise<string[][]> => {
  const texts = ['id', ...columns].map((column) => `${column}::varchar`).join(', ');
  const text = `select ${texts} from ${table} where ${inSegment(segment)}`;
  return (await client.query({ text, rowMode: 'array' })).rows;
};

const compareRows = (left: string[][], right: string[][]): string[] => {
  const textOf = (row: string[]): string => row.join('|');
  const [mine, theirs] = [new Set(left.map(textOf)), new Set(right.map(textOf))];
  const keysOf = (rows: string[][], others: Set<string>): string[] =>
    rows.filter((row) => !others.has(textOf(row))).map(([key]) => key ?? '');
  return [...new Set([...keysOf(left, theirs), ...keysOf(right, mine)])];
};
