import { modesBehind } from './blame.ts';
import type { Wait } from './probers.ts';
import type { Seen } from './seen.ts';
import { lengthMs, overlapMs } from './stretches.ts';

/** A busy machine makes anybody wait, but hardly ever so long. */
const leastUnexplainedMs = 200;

/** Leaves out short waits that no lock of the table explains, which the change held or waited for. */
export const leaveOutNoise = ({ waits, held, lockWaits, conflicts }: Seen): Wait[] =>
  waits.filter((wait) => {
    const modes = modesBehind(wait.kind, conflicts).flat();
    const locks = [...held.filter(({ mode }) => modes.includes(mode)), ...lockWaits];
    const onTable = locks.filter(({ table }) => table === wait.table);
    return lengthMs(wait) >= leastUnexplainedMs || overlapMs(onTable, wait) > 0;
  });
