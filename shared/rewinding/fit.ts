import { fitsOutput, takeFirst } from '../job/room.ts';
import type { RewindDocument } from '../rewind/document.ts';
import { sizesOfChanges } from '../rows/told-changes.ts';

/** For the output of the execution. The whole document is filed. */
export const fitRewind = (rewind: RewindDocument): RewindDocument => {
  const { changes } = rewind;
  if (changes === null) return rewind;
  return takeFirst(
    sizesOfChanges(changes).map((one) => ({ ...rewind, changes: one })),
    fitsOutput,
  );
};
