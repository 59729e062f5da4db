import { isDrillError } from '../errors.ts';
import { type History, indexKey, parseHistory } from '../history/document.ts';
import type { Reports } from '../history/reports.ts';
import { jobId } from '../job/names.ts';
import type { FiledVerdict } from '../messages/bad-end.ts';

export type Filed = {
  reports: Pick<Reports, 'read'>;
  /** Where a file of the history is, in words for people. */
  placeOf: (key: string) => string;
};

/** Null if there is none; one that cannot be read keeps no message back. */
const readHistory = async (reports: Filed['reports']): Promise<History | null> => {
  try {
    const index = await reports.read(indexKey);
    return index === null ? null : parseHistory(index.text);
  } catch (error) {
    if (isDrillError(error)) return null;
    throw error;
  }
};

/** What the drill of this execution filed of itself. Null when it filed nothing. */
export const findDrill = async (arn: string, { reports, placeOf }: Filed): Promise<FiledVerdict | null> => {
  const history = await readHistory(reports);
  const drill = history?.drills.find(({ drillId }) => drillId === jobId(arn));
  return drill === undefined ? null : { ...drill, report: placeOf(drill.report) };
};

/** Where the page of another job of this execution is. Null when it filed none. */
export const findReport = async (arn: string, { reports, placeOf }: Filed): Promise<string | null> => {
  const history = await readHistory(reports);
  const job = history?.jobs?.find(({ id }) => id === jobId(arn));
  return job === undefined ? null : placeOf(job.report);
};
