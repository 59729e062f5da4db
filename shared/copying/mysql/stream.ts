import type { Connection as PlainConnection } from 'mysql2';

/** A text whose characters are bytes. It goes over the network as it is. */
export type Bytes = string;

/** What stands in SQL as bytes. */
export const toBytes = (sql: string): Bytes => Buffer.from(sql).toString('latin1');

/** The number of the character set `binary`, the same in every server. */
export const binaryCharset = 63;

/** While it answers with a promise, nothing more is read. */
export type TakeRow = (row: Bytes | null) => Promise<void> | undefined;

/** Reads the only column of each row. */
export const readFrom = async (
  plain: PlainConnection,
  options: { sql: Bytes; timeout: number },
  take: TakeRow,
): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Of a connection that breaks, or is broken already, only the connection tells.
  plain.on('error', reject);
  const query = plain.query({
    ...options,
    rowsAsArray: true,
    typeCast: (field) => field.string('latin1'),
  });
  query.on('error', reject);
  query.on('end', resolve);
  query.on('result', ([row]: [Bytes | null]) => {
    const taken = take(row);
    if (taken === undefined) return;
    plain.pause();
    taken.then(() => plain.resume(), reject);
  });
  try {
    await promise;
  } finally {
    plain.off('error', reject);
  }
};
