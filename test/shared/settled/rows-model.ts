import type { Condition, Moment, Reader, RowPack, TimeColumn } from '../../../shared/database/port.ts';
import type { Table } from '../../../shared/database/tables.ts';
import type { Side } from '../../../shared/rows/matching.ts';
import { scatter } from '../scattered.ts';

/** A row of a table whose times are milliseconds since 1970, or not there. */
export type Row = { id: number; at: number | null; value: string };

const hashOf = (value: unknown): bigint => scatter(JSON.stringify(value));

const timeOf = (moment: Moment): number => Date.parse(moment.utc);

const meets = ({ at }: Row, where: Condition | undefined): boolean => {
  if (where === undefined) return true;
  if ('expression' in where) throw new Error('this model reads no SQL');
  if ('isNull' in where) return at === null;
  const isFrom = where.from === undefined || (at !== null && at >= timeOf(where.from));
  return at !== null && isFrom && (where.before === undefined || at < timeOf(where.before));
};

const unexpected = (verb: string) => (): never => {
  throw new Error(`nobody should call ${verb} here`);
};

export const zoned: TimeColumn = { name: 'at', isZoned: true, unitMs: 0.001 };

/** A table of these rows on a server whose clock reads this. */
export const makeSide = (
  rows: readonly Row[],
  options: { nowMs?: number; table?: Partial<Table>; verbs?: Partial<Reader> } = {},
): Side => {
  const table: Table = {
    schema: 'public',
    table: 'events',
    columns: ['id bigint not null', 'at timestamp with time zone', 'value text'],
    names: ['id', 'at', 'value'],
    objects: [],
    key: ['id'],
    hashing: 'events',
    order: null,
    estimatedRows: rows.length,
    ...options.table,
  };
  const packOf = ({ id }: Row, packs: number): number => Number(hashOf(id) & BigInt(packs - 1));
  const reader: Partial<Reader> = {
    readClock: async () => options.nowMs ?? 0,
    cutsTables: () => false,
    chooseBounds: async () => [],
    timeColumn: () => zoned,
    countByTime: async (_, __, bounds) => {
      const cuts = bounds.map(timeOf);
      const counts = { rows: [0, ...cuts].map(() => 0), without: 0 };
      for (const { at } of rows) {
        if (at === null) counts.without += 1;
        else {
          const span = cuts.findLastIndex((cut) => cut <= at) + 1;
          counts.rows[span] = (counts.rows[span] ?? 0) + 1;
        }
      }
      return counts;
    },
    readDigest: async (_, { where }) => {
      const found = rows.filter((row) => meets(row, where));
      const hash = found.reduce((sum, row) => BigInt.asUintN(64, sum + hashOf(row)), 0n);
      return found.length === 0 ? [] : [{ range: 0, bucket: 0, rows: found.length, hash }];
    },
    readRows: async function* (_, { where, packs, isKeyless }): AsyncGenerator<RowPack[]> {
      const found = Map.groupBy(
        rows.filter((row) => meets(row, where)),
        (row) => packOf(row, packs),
      );
      for (const [pack, some] of [...found].toSorted(([one], [other]) => one - other)) {
        const lines = some.map((row) =>
          isKeyless ? `${hashOf([row.at, row.value])}` : `${hashOf(row)},${row.id}`,
        );
        yield [{ pack, lines }];
      }
    },
    readByKey: async (_, keys, { columns = [] }) => {
      const wanted = new Set(
        keys.map((key) => key.replace(/^x(.*)$/, (__, hex) => Buffer.from(hex, 'hex').toString())),
      );
      const found = rows.filter(({ id }) => wanted.has(String(id)));
      return new Map(
        found.map((row) => [String(row.id), columns.map((name) => String(row[name as keyof Row]))]),
      );
    },
    ...options.verbs,
  };
  return {
    table,
    reader: new Proxy(reader as Reader, {
      get: (verbs, verb) => Reflect.get(verbs, verb) ?? unexpected(String(verb)),
    }),
  };
};
