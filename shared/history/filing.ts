import type { SeenRewind } from '../aurora/backtracks.ts';
import type { DrillResult } from '../drill/document.ts';
import { DrillError } from '../errors.ts';
import type { ExtractDocument } from '../extraction/document.ts';
import { renderExtract } from '../extraction/page.ts';
import type { RecoveryDocument } from '../recovery/document.ts';
import { renderRecovery } from '../recovery/page.ts';
import type { RehearsalDocument } from '../rehearsal/document.ts';
import { renderRehearsal } from '../rehearsal/page.ts';
import { renderReport } from '../report/page.ts';
import type { RewindDocument } from '../rewind/document.ts';
import { renderRewind } from '../rewind/page.ts';
import {
  addEntry,
  emptyHistory,
  formatHistory,
  type History,
  indexKey,
  parseHistory,
  toEntry,
} from './document.ts';
import { addJob, type JobEntry, toExtractEntry, toJobEntry, toRehearsalEntry } from './jobs.ts';
import { renderHistory } from './page.ts';
import { addProof } from './proofs.ts';
import type { Reports } from './reports.ts';
import { toRewindEntry } from './rewind-entry.ts';
import { addSeenRewinds } from './seen-rewinds.ts';
import { type FiledResult, listPostureSections } from './source-posture.ts';

/** Files a result and its report. @throws DrillError as Reports does */
export type FileResult = (result: FiledResult) => Promise<void>;

type FilingOptions = {
  /** Waits before another round, for a different time each time. */
  pause: () => Promise<unknown>;
  maxRounds?: number;
  /** What messages call a key. */
  nameOf?: (key: string) => string;
};

const pageKey = 'index.html';

/**
 * Only another filing can make a round fail, and each filing does so twice at most, once for each file. So this is
 * enough for 25 drills that end in the same seconds, whatever the order of their calls.
 */
const enoughRounds = 50;
/** About as long as a round. Pauses should differ. */
export const maxPauseMs = 200;

/**
 * Files the two files of a drill, then updates the history. A drill is in the history once, however often it is filed.
 * A long history takes no more reads than a short one, and no result is read again.
 */
export const fileInHistory =
  (reports: Reports, folderOf: (result: DrillResult) => string, options: FilingOptions): FileResult =>
  async (result) => {
    const folder = folderOf(result);
    // First, so that the history never links to a missing page.
    await writeFiles(reports, `${folder}/`, result);
    await updateIndex(reports, (history) => addDrill(history, result, folder), folder, options);
  };

/** Adds its entry, and what it has shown. @returns the same object when the history has both already */
export const addDrill = (before: History, result: DrillResult, folder: string): History => {
  const history = addEntry(before, toEntry(result, folder));
  const { proofs = [] } = history;
  const after = addProof(proofs, result);
  return after === proofs ? history : { ...history, proofs: [...after] };
};

/** Files the document of another job and its page. @throws DrillError as Reports does */
type FileJob<Document> = (document: Document) => Promise<void>;
export type FileRecovery = FileJob<RecoveryDocument>;
export type FileRehearsal = FileJob<RehearsalDocument>;
export type FileExtract = FileJob<ExtractDocument>;
export type FileRewind = FileJob<RewindDocument>;

/** Writes result.json and report.html. @param prefix as for `writeFiles` */
type WriteJob<Document> = (reports: Reports, prefix: string, document: Document) => Promise<void>;

const writeJob =
  <Document>(render: (document: Document) => string): WriteJob<Document> =>
  async (reports, prefix, document) => {
    await reports.write(`${prefix}result.json`, `${JSON.stringify(document, null, 2)}\n`);
    await reports.write(`${prefix}report.html`, render(document));
  };

export const writeRecovery = writeJob(renderRecovery);
export const writeRehearsal = writeJob(renderRehearsal);
export const writeExtract = writeJob(renderExtract);
export const writeRewind = writeJob(renderRewind);

const fileJob =
  <Document>(write: WriteJob<Document>, toEntry: (document: Document, folder: string) => JobEntry) =>
  (reports: Reports, folderOf: (document: Document) => string, options: FilingOptions): FileJob<Document> =>
  async (document) => {
    const folder = folderOf(document);
    await write(reports, `${folder}/`, document);
    const entry = toEntry(document, folder);
    const add = (history: History) => ({ ...history, jobs: addJob(history.jobs ?? [], entry) });
    await updateIndex(reports, add, folder, options);
  };

export const fileRecovery = fileJob(writeRecovery, toJobEntry);
export const fileRehearsal = fileJob(writeRehearsal, toRehearsalEntry);
export const fileExtract = fileJob(writeExtract, toExtractEntry);
export const fileRewind = fileJob(writeRewind, toRewindEntry);

/** Notes rewinds that RDS tells of, each once. Where nothing is new, nothing is written. @throws DrillError as Reports does */
export type FileSeenRewinds = (seen: readonly SeenRewind[]) => Promise<void>;

export const fileSeenRewinds =
  (reports: Omit<Reports, 'write'>, options: FilingOptions): FileSeenRewinds =>
  async (seen) => {
    if (seen.length === 0) return;
    const add = (history: History): History => {
      const before = history.rewinds ?? [];
      const after = addSeenRewinds(before, seen);
      return after === before ? history : { ...history, rewinds: [...after] };
    };
    const index = await reports.read(indexKey);
    const history = index === null ? emptyHistory : parseHistory(index.text, options.nameOf?.(indexKey));
    if (add(history) !== history) await updateIndex(reports, add, indexKey, options);
  };

/** @param add leaves a history alone that has the entry already, where it can tell */
const updateIndex = async (
  reports: Omit<Reports, 'write'>,
  add: (history: History) => History,
  folder: string,
  { pause, maxRounds = enoughRounds, nameOf = (key) => key }: FilingOptions,
): Promise<void> => {
  for (let round = 0; round < maxRounds; round++) {
    if (round > 0) await pause();
    if (await refreshIndex(reports, add, nameOf(indexKey))) return;
  }
  const message = `other drills replaced ${nameOf(indexKey)} or ${nameOf(pageKey)} in each of ${maxRounds} rounds`;
  throw new DrillError('ReportNotFiled', message, {
    hint: `the report is in ${folder}, but the history may lack it; give plans whose drills end at the same time different schedules`,
  });
};

/** Writes result.json and report.html. @param prefix of their keys: a folder and a slash, or nothing */
export const writeFiles = async (reports: Reports, prefix: string, result: FiledResult): Promise<void> => {
  await reports.write(`${prefix}result.json`, `${JSON.stringify(result, null, 2)}\n`);
  await reports.write(`${prefix}report.html`, renderReport(result, listPostureSections(result.posture)));
};

/**
 * One round. Two drills that end together lose nothing: a file is replaced only if nobody has changed it since this
 * round looked at it. The page never ends up older than the index, for this reason:
 *
 * Each round reads the version of the page, then the index, and renders a new page from that index. The old page was
 * rendered from an index that existed before. So no page is older than the one it replaces. Whoever replaces the index
 * then replaces the page too, or finds that another did and starts again, with an index that holds at least its own
 * drill. So the last page has the drill of whoever replaced the index last, and with it all others.
 *
 * A process that dies between the two leaves the page one drill behind, until it repeats the step or the next drill is
 * filed. This is why the page is replaced even when the index did not change.
 *
 * @returns false when another was faster
 */
const refreshIndex = async (
  reports: Omit<Reports, 'write'>,
  add: (history: History) => History,
  indexName: string,
): Promise<boolean> => {
  const pageVersion = await reports.findVersion(pageKey);
  const index = await reports.read(indexKey);
  const before = index === null ? emptyHistory : parseHistory(index.text, indexName);
  const after = add(before);
  const isKept =
    after === before || (await reports.replace(indexKey, formatHistory(after), index?.version ?? null));
  return isKept && reports.replace(pageKey, renderHistory(after), pageVersion);
};
