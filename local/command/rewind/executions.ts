import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jobId } from '../../../shared/job/names.ts';
import type { RecoveryDocument } from '../../../shared/recovery/document.ts';
import { type RewindDocument, rewindPhases } from '../../../shared/rewind/document.ts';
import { listRewindFailures } from '../../../shared/rewinding/failures.ts';
import { localPace } from '../../aurora/world.ts';
import { executionArn } from '../../machine/execution.ts';
import { startRecovery } from '../../machine/recover.ts';
import { startRewind } from '../../machine/rewind.ts';
import { followPhases, type Progress } from '../progress.ts';
import {
  fileRecoveryLocally,
  fileRewindLocally,
  folderReports,
  makeReportFolder,
  reportsFolder,
  writeMessages,
  writeRecoveryReport,
  writeRewindReport,
} from '../report-folder.ts';
import type { RewindSettings } from '../settings.ts';
import { type BacktrackWorld, nameExecution } from './world.ts';

/** Where executions run, and who hears of them. */
export type Stage = { world: BacktrackWorld; settings: RewindSettings; progress: Progress };

/** One execution of a rewind, with the input as it was printed. @param isFollowed whether the progress shows its phases */
export const rewindOnce = async (
  stage: Stage,
  input: string,
  isFollowed: boolean,
): Promise<{ rewind: RewindDocument; folder: string }> => {
  const { name, folder, hasHistory, given } = await prepare(stage, '.');
  const execution = await startRewind({
    name,
    input: JSON.parse(input),
    waitMs: localPace.waitMs,
    world: {
      ...given,
      file: hasHistory ? fileRewindLocally(reportsFolder) : (rewind) => writeRewindReport(folder, rewind),
    },
    ...(isFollowed && {
      onState: followPhases(stage.progress, rewindPhases, (state) => listRewindFailures(state)[0] ?? null),
    }),
  });
  return { rewind: (await execution.finished).result, folder };
};

/** One execution of a recovery, in the same way. */
export const recoverOnce = async (stage: Stage, input: string): Promise<RecoveryDocument> => {
  const { name, folder, hasHistory, given } = await prepare(stage, 'recovery');
  const execution = await startRecovery({
    name,
    input: JSON.parse(input),
    waitMs: localPace.waitMs,
    world: {
      ...given,
      file: hasHistory
        ? fileRecoveryLocally(reportsFolder)
        : (recovery) => writeRecoveryReport(folder, recovery),
      reports: folderReports(reportsFolder),
      metrics: { publish: async () => {}, read: async () => [] },
    },
  });
  return (await execution.finished).result;
};

/** What both machines are given. @param inner where it goes in a folder named with --report, which gets no history */
const prepare = async ({ world, settings, progress }: Stage, inner: string) => {
  const { prices, options } = settings;
  const name = nameExecution();
  const folder =
    options.reportFolder === null
      ? join(reportsFolder, jobId(executionArn(name)))
      : join(options.reportFolder, inner);
  await makeReportFolder(folder);
  return {
    name,
    folder,
    hasHistory: options.reportFolder === null,
    given: {
      ...world.given,
      notify: writeMessages(folder),
      placeOf: () => join(folder, 'report.html'),
      prices: () => prices,
      onCheck: progress.check,
      pause: () => sleep(localPace.waitMs),
      warn: progress.note,
    },
  };
};
