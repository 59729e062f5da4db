import { DrillError } from '../errors.ts';
import type { ExtractedTable } from '../extraction/tables.ts';
import { type Packed, pack } from '../job/packing.ts';
import { countOf } from '../words.ts';

/** Two fifths of what Step Functions carries. */
const mostBytes = 104_000;

/** @throws DrillError InvalidInput when the state data has no room for so many definitions */
export const packTables = (tables: ExtractedTable[]): Packed<ExtractedTable[]> => {
  const packed = pack(tables);
  if (packed.length <= mostBytes) return packed;
  throw new DrillError(
    'InvalidInput',
    `the definitions of ${countOf(tables.length, 'table')} take ${packed.length} bytes when packed, expected ${mostBytes} at most`,
    { hint: 'extract fewer tables at a time' },
  );
};
