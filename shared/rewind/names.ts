import { safetyPrefix, safetyTags } from '../aurora/safety-prefix.ts';
import { nameAt, recoveredPrefix } from '../recovery/names.ts';

export { safetyPrefix, safetyTags };

const cloneSuffix = '-before-rewind';
const writerSuffix = '-writer';

/** `recovered-<source, shortened>-<yyyymmddhhmmss>-before-rewind`, which is kept. @param at of the start, ISO 8601 */
export const safetyCloneNames = (source: string, at: string): { cluster: string; writer: string } => {
  const cluster = `${nameAt(recoveredPrefix, source, at, cloneSuffix.length + writerSuffix.length)}${cloneSuffix}`;
  return { cluster, writer: `${cluster}${writerSuffix}` };
};

/** `safety-<source, shortened>-<yyyymmddhhmmss>`. @param at of the mark, ISO 8601 */
export const safetySnapshotName = (source: string, at: string): string => nameAt(safetyPrefix, source, at, 0);
