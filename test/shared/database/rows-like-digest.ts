import { expect } from 'vitest';
import type { Ranges, Reader } from '../../../shared/database/port.ts';
import type { Table } from '../../../shared/database/tables.ts';
import { addSums } from '../../../shared/rows/sums.ts';

const resolution = 8;

/**
 * Rows that are read one by one must be those of the digest: the same rows in each range and bucket, with hashes that add
 * up to its sums.
 */
export const expectRowsLikeDigest = async (
  reader: Reader,
  table: Table,
  content: 'keys' | 'values',
  ranges: Ranges,
): Promise<void> => {
  const size = ranges.kind === 'bounds' ? ranges.bounds.length + 1 : ranges.samples.length;
  for (let range = 0; range < size; range += 1) {
    const fine = { content, ranges, fine: [range], resolution, only: [range] };
    const digest = await reader.readDigest(table, fine);
    const [some] = digest;
    const found = [];
    const buckets = some === undefined ? null : [some.bucket];
    const request = { content, ranges, range, buckets, resolution, packs: 16 };
    for await (const packs of reader.readRows(table, request)) found.push(...packs);
    expect(found.filter(({ pack }) => pack % resolution !== some?.bucket)).toEqual([]);
    const rows = found.flatMap(({ lines }) =>
      lines.map((line) => ({ rows: 1, hash: BigInt(line.split(',')[0] ?? '') })),
    );
    expect(addSums(rows)).toEqual({ rows: some?.rows ?? 0, hash: some?.hash ?? 0n });
  }
};
