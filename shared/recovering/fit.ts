import { fitsOutput, takeFirst } from '../job/room.ts';
import type { RecoveryDocument } from '../recovery/document.ts';
import { sizesOfChanges } from '../rows/told-changes.ts';

/** For the output of the execution. The whole document is filed. */
export const fitRecovery = (recovery: RecoveryDocument): RecoveryDocument => {
  const { changes } = recovery;
  if (changes === null) return recovery;
  const documents = sizesOfChanges(changes).map((one) => ({ ...recovery, changes: one }));
  return takeFirst(documents, fitsOutput);
};
