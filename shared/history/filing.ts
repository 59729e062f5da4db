import type { DrillResult } from '../drill/document.ts';
import { DrillError } from '../errors.ts';
import { renderReport } from '../report/page.ts';
import {
  addEntry,
  emptyHistory,
  formatHistory,
  type HistoryEntry,
  indexKey,
  parseHistory,
  toEntry,
} from './document.ts';
import { renderHistory } from './page.ts';
import type { Reports } from './reports.ts';

/** Files a result and its report where people find them. @throws DrillError as Reports does */
export type FileResult = (result: DrillResult) => Promise<void>;

type FilingOptions = {
  /** Waits a little, each time another length, before another round. */
  pause: () => Promise<unknown>;
  maxRounds?: number;
  /** What a key is called in messages. */
  nameOf?: (key: string) => string;
};

const pageKey = 'index.html';

/**
 * A round is lost only to another filing, and one that goes on meanwhile wins two of them, one for each file. So this
 * is enough for 25 drills that end in the same seconds, however their calls fall.
 */
const enoughRounds = 50;
/** How long a pause should last at most: about as long as a round. Each should have another length. */
export const maxPauseMs = 200;

/**
 * Files the two files of a drill, then sets the history right, in which one drill stands once however often it is
 * filed. The reads are as many for a long history as for a short one, and no result is ever read again.
 */
export const fileInHistory =
  (
    reports: Reports,
    folderOf: (result: DrillResult) => string,
    { pause, maxRounds = enoughRounds, nameOf = (key) => key }: FilingOptions,
  ): FileResult =>
  async (result) => {
    const folder = folderOf(result);
    // First, so that the history never leads to a page that is not there.
    await writeFiles(reports, `${folder}/`, result);
    const entry = toEntry(result, folder);
    for (let round = 0; round < maxRounds; round++) {
      if (round > 0) await pause();
      if (await refreshIndex(reports, entry, nameOf(indexKey))) return;
    }
    const message = `${nameOf(indexKey)} and ${nameOf(pageKey)} were replaced by others in each of ${maxRounds} rounds`;
    throw new DrillError('ReportNotFiled', message, {
      hint: `the report stands in ${folder}, but the history may lack it; give the schedules of plans whose drills end together other times`,
    });
  };

/** Writes result.json and report.html. @param prefix of their keys: a folder and a slash, or nothing */
export const writeFiles = async (reports: Reports, prefix: string, result: DrillResult): Promise<void> => {
  await reports.write(`${prefix}result.json`, `${JSON.stringify(result, null, 2)}\n`);
  await reports.write(`${prefix}report.html`, renderReport(result));
};

/**
 * One round. Two drills that end together lose nothing, since each file is replaced only while it is still the one
 * that was looked at; and the page never ends up older than the index, for this reason:
 *
 * A page is rendered from an index that was read after the version of the page before it. That page was rendered from
 * an index that stood there already. So no page is older than the one it replaces. Whoever replaces the index then
 * replaces the page too, or finds that another did and begins again, with an index that holds at least its own drill.
 * So the page that stands in the end has the drill of whoever replaced the index last, and with it all others.
 *
 * Who dies between the two leaves the page one drill behind, until that step is repeated or the next drill is filed:
 * therefore the page is replaced even where the index needed nothing.
 *
 * @returns false when another was faster
 */
const refreshIndex = async (reports: Reports, entry: HistoryEntry, indexName: string): Promise<boolean> => {
  const pageVersion = await reports.findVersion(pageKey);
  const index = await reports.read(indexKey);
  const before = index === null ? emptyHistory : parseHistory(index.text, indexName);
  const after = addEntry(before, entry);
  const isKept =
    after === before || (await reports.replace(indexKey, formatHistory(after), index?.version ?? null));
  return isKept && reports.replace(pageKey, renderHistory(after), pageVersion);
};
