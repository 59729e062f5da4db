import { createHash, randomInt, randomUUID } from 'node:crypto';
import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DrillError } from '../../shared/errors.ts';
import type { ExtractDocument } from '../../shared/extraction/document.ts';
import {
  type FileExtract,
  type FileRecovery,
  type FileRehearsal,
  type FileResult,
  type FileRewind,
  fileExtract,
  fileInHistory,
  fileRecovery,
  fileRehearsal,
  fileRewind,
  maxPauseMs,
  writeExtract,
  writeFiles,
  writeRecovery,
  writeRehearsal,
  writeRewind,
} from '../../shared/history/filing.ts';
import type { Reports } from '../../shared/history/reports.ts';
import { type FiledResult, type ReadPosture, readPostureIn } from '../../shared/history/source-posture.ts';
import { toSubject, toText } from '../../shared/messages/message.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import type { RecoveryDocument } from '../../shared/recovery/document.ts';
import type { RehearsalDocument } from '../../shared/rehearsal/document.ts';
import type { RewindDocument } from '../../shared/rewind/document.ts';
import { localOrigin } from '../aurora/world.ts';
import { withLock } from './file-lock.ts';

/** Where all jobs are filed, unless `--report` names another folder. */
export const reportsFolder = 'drill-reports';

const filingIn = (root: string) => ({
  pause: () => sleep(randomInt(maxPauseMs)),
  nameOf: (key: string) => join(root, key),
});

/** Files each result in the folder of its drill, next to the history. */
export const fileLocally = (root: string): FileResult =>
  fileInHistory(folderReports(root), ({ drillId }) => drillId, filingIn(root));

/** The same for each recovery. */
export const fileRecoveryLocally = (root: string): FileRecovery =>
  fileRecovery(folderReports(root), ({ id }) => id, filingIn(root));

/** The same for each rehearsal. */
export const fileRehearsalLocally = (root: string): FileRehearsal =>
  fileRehearsal(folderReports(root), ({ id }) => id, filingIn(root));

/** The same for each extract. */
export const fileExtractLocally = (root: string): FileExtract =>
  fileExtract(folderReports(root), ({ id }) => id, filingIn(root));

/** The same for each rewind. */
export const fileRewindLocally = (root: string): FileRewind =>
  fileRewind(folderReports(root), ({ id }) => id, filingIn(root));

/** Writes result.json and report.html, and no history. Creates the folder if it is missing. */
export const writeReport = (folder: string, result: FiledResult): Promise<void> =>
  writeFiles(folderReports(folder), '', result);

/** The posture that somebody has put there. */
export const readPostureLocally = (folder: string): ReadPosture => readPostureIn(folderReports(folder), null);

/** The same of a recovery. */
export const writeRecoveryReport = (folder: string, recovery: RecoveryDocument): Promise<void> =>
  writeRecovery(folderReports(folder), '', recovery);

/** The same of a rehearsal. */
export const writeRehearsalReport = (folder: string, rehearsal: RehearsalDocument): Promise<void> =>
  writeRehearsal(folderReports(folder), '', rehearsal);

/** The same of an extract. */
export const writeExtractReport = (folder: string, extract: ExtractDocument): Promise<void> =>
  writeExtract(folderReports(folder), '', extract);

/** The same of a rewind. */
export const writeRewindReport = (folder: string, rewind: RewindDocument): Promise<void> =>
  writeRewind(folderReports(folder), '', rewind);

/** @throws DrillError InvalidArguments */
export const makeReportFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const message = `cannot make the report folder ${folder}: ${(cause as Error).message}`;
    throw new DrillError('InvalidArguments', message, {
      hint: 'name a folder that can be written to',
      cause,
    });
  }
};

/** About as long as a call over a network. */
const latencyMs = 20;

/** Messages go into one file next to the report. */
export const writeMessages =
  (folder: string): Notify =>
  async (message) => {
    await sleep(latencyMs);
    const text = `${toSubject(message)}\n\n${toText(message, localOrigin)}\n\n`;
    await appendFile(join(folder, 'messages.txt'), text);
  };

/**
 * The Reports port over a folder, for any number of processes on this machine. The version of a file is a hash of its
 * text.
 * @param patienceMs how long to wait for a process that replaces the same file
 * @throws DrillError ReportNotFiled that names the path
 */
export const folderReports = (root: string, patienceMs?: number): Reports => {
  const pathOf = (key: string) => join(root, key);

  const read: Reports['read'] = (key) =>
    touching('read', pathOf(key), async (path) => {
      const text = await readText(path);
      return text === null ? null : { text, version: hash(text) };
    });

  const findVersion: Reports['findVersion'] = async (key) => (await read(key))?.version ?? null;

  return {
    read,
    findVersion,
    write: (key, text) => touching('write', pathOf(key), (path) => writeWhole(path, text)),
    replace: (key, text, version) =>
      touching('replace', pathOf(key), async (path) => {
        await mkdir(dirname(path), { recursive: true });
        const replaceOnVersion = async (): Promise<boolean> => {
          if ((await findVersion(key)) !== version) return false;
          await writeWhole(path, text);
          return true;
        };
        return withLock(besides(path, 'lock'), replaceOnVersion, patienceMs);
      }),
  };
};

const touching = async <T>(verb: string, path: string, act: (path: string) => Promise<T>): Promise<T> => {
  try {
    return await act(path);
  } catch (cause) {
    if (cause instanceof DrillError) throw cause;
    throw new DrillError('ReportNotFiled', `cannot ${verb} ${path}: ${(cause as Error).message}`, {
      hint: 'check that the folder can be written to and that its disk has room',
      cause,
    });
  }
};

/** Null when there is no such file. */
const readText = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** A reader sees the old text or the new one, never half of it. */
const writeWhole = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = besides(path, randomUUID());
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
};

/** A hidden file next to this one. */
const besides = (path: string, suffix: string): string => join(dirname(path), `.${basename(path)}.${suffix}`);

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
