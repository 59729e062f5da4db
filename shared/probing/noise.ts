import type { Seen } from './attempts.ts';
import { modesBehind } from './blame.ts';
import type { Wait } from './probers.ts';
import { lengthMs, overlapMs } from './stretches.ts';

/** A busy machine makes anybody wait about so long. */
const leastUnexplainedMs = 50;

/** Leaves out short waits that no lock of the change explains, held or waited for. */
export const leaveOutNoise = ({ waits, held, lockWaits, conflicts }: Seen): Wait[] =>
  waits.filter((wait) => {
    const modes = modesBehind(wait.kind, conflicts).flat();
    const locks = held.filter(({ table, mode }) => table === wait.table && modes.includes(mode));
    return (
      lengthMs(wait) >= leastUnexplainedMs ||
      [...locks, ...lockWaits].some((one) => overlapMs([one], wait) > 0)
    );
  });
