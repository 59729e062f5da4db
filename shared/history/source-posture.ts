import type { DrillResult } from '../drill/document.ts';
import { type Known, know } from '../known.ts';
import { postureKey } from '../posture/document.ts';
import { renderSource } from '../posture/page/source.ts';
import { findPosture, type SourcePosture } from '../posture/source.ts';
import type { PageSection } from '../report/job-page.ts';
import type { Reports } from './reports.ts';

/** Of the source of a drill; null where there is none. */
export type DrillPosture = Known<SourcePosture> | null;

/** The public result document as it is filed. */
export type FiledResult = DrillResult & { posture: DrillPosture };

/** Reads what posture.json has of a drill's source. It fails no drill. */
export type ReadPosture = (source: string) => Promise<DrillPosture>;

/** @param absent what is known without a posture.json */
export const readPostureIn =
  ({ read }: Pick<Reports, 'read'>, absent: DrillPosture): ReadPosture =>
  async (source) => {
    const file = await know(() => read(postureKey));
    if ('unknown' in file) return file;
    return file.value === null ? absent : findPosture(file.value.text, source);
  };

/** Step Functions takes 256 KiB as the output of a state, and the checks alone may have 240. */
const maxResultBytes = 250 * 1024;

export const addPosture = (result: DrillResult, posture: DrillPosture): FiledResult => {
  const whole = { ...result, posture };
  if (Buffer.byteLength(JSON.stringify(whole)) <= maxResultBytes) return whole;
  return { ...result, posture: { unknown: `this result has no room for it; see ${postureKey}` } };
};

/** The section of the report; none where there is no posture. */
export const listPostureSections = (posture: DrillPosture): PageSection<unknown>[] =>
  posture === null ? [] : [['posture', 'Posture of the source', () => renderSource(posture)]];
