import { DrillError } from '../../errors.ts';
import type { Copied } from '../port.ts';
import type { Session } from './session.ts';
import type { Bytes } from './stream.ts';

/** Longer statements are no faster, and take more memory here. */
const bytesPerStatement = 128 * 1024;

/** `largest`: the longest statement that the sandbox takes. */
export type Way = { out: string; into: Bytes; largest: number };

export const readLargest = async ({ query }: Session): Promise<number> =>
  Number(
    (await query<{ bytes: string }>('read max_allowed_packet', 'select @@max_allowed_packet as bytes'))[0]
      ?.bytes,
  );

/**
 * Inserts what a question reads, statement by statement. While one is inserted the next is read, and no more: so much is in
 * memory. @throws DrillError of the side that failed
 */
export const copyRows = async (
  what: string,
  copy: Session,
  sandbox: Session,
  { out, into, largest }: Way,
): Promise<Copied> => {
  const limit = Math.min(bytesPerStatement, largest);
  const copied: Copied = { rows: 0, bytes: 0 };
  let inserting: Promise<void> = Promise.resolve();
  let rows: Bytes[] = [];
  let size = into.length;

  const insert = async (held: Bytes[]): Promise<void> => {
    const sql = `${into}${held.join(',')}`;
    const inserted = await sandbox.insert(what, sql);
    if (inserted !== held.length)
      throw new DrillError('UnreadableAnswer', `${what}: ${inserted} of ${held.length} rows were inserted`);
    copied.rows += held.length;
    copied.bytes += sql.length;
  };
  const flush = (): Promise<void> => {
    const [before, held] = [inserting, rows];
    [rows, size] = [[], into.length];
    inserting = before.then(() => insert(held));
    // It is awaited with the next one.
    inserting.catch(() => {});
    return before;
  };

  await copy.readRows(what, out, (row) => {
    if (row === null) return Promise.reject(tooLong(what, 'copy'));
    // One byte for the command, and one for the comma.
    if (into.length + row.length + 2 > largest) return Promise.reject(tooLong(what, 'sandbox', largest));
    const taken = rows.length > 0 && size + row.length + 2 > limit ? flush() : undefined;
    rows.push(row);
    size += row.length + 1;
    if (size <= limit) return taken;
    // So long a row is the only one in memory.
    flush();
    return inserting;
  });
  if (rows.length > 0) await flush();
  await inserting;
  return copied;
};

const tooLong = (what: string, side: string, largest?: number): DrillError =>
  new DrillError(
    'DatabaseFailure',
    `${what}: a row, written out, is longer than max_allowed_packet${largest === undefined ? '' : ` (${largest} bytes)`} of the ${side}`,
    { hint: `raise max_allowed_packet in the parameter group of the ${side}: 1 GiB is the most` },
  );
