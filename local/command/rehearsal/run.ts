import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../shared/clock.ts';
import { resolveAll } from '../../../shared/database/resolved-host.ts';
import { jobId } from '../../../shared/job/names.ts';
import { executionPrefixes } from '../../../shared/job/trigger.ts';
import { type RehearsalDocument, rehearsalPhases } from '../../../shared/rehearsal/document.ts';
import type { StoredScript } from '../../../shared/rehearsal/input.ts';
import { listRehearsalFailures } from '../../../shared/rehearsing/failures.ts';
import type { ReachClone } from '../../../shared/rehearsing/reach.ts';
import { reachLocalClone } from '../../aurora/clone.ts';
import { localPace, startLocalWorld } from '../../aurora/world.ts';
import { executionArn } from '../../machine/execution.ts';
import { startRehearsal } from '../../machine/rehearse.ts';
import type { Keeper } from '../../servers/keeper.ts';
import { chooseEngine } from '../../sources/engines.ts';
import type { SqlFile } from '../../sources/sql-file.ts';
import { followPhases, type Progress, startStep, stopStep } from '../progress.ts';
import {
  fileRehearsalLocally,
  makeReportFolder,
  reportsFolder,
  writeMessages,
  writeRehearsalReport,
} from '../report-folder.ts';
import type { RehearsalSettings } from '../settings.ts';

/** The steps that the progress shows, in order. */
export const rehearsalSteps: readonly string[] = [startStep, ...rehearsalPhases, stopStep];

/** As in Lambda. */
const mostMs = 13 * 60_000;

/** `changes`: what of a SQL file was loaded in another way. */
export type Rehearsed = {
  rehearsal: RehearsalDocument;
  hasSucceeded: boolean;
  folder: string;
  rowsWritten: number | null;
  changes: string[];
};

/** Rehearses a change in a world of its own. @param reach the way into the clone */
export const runRehearsal = async (
  settings: RehearsalSettings,
  keeper: Keeper,
  progress: Progress,
  reach: ReachClone = reachLocalClone,
): Promise<Rehearsed> => {
  const { options, plan, plansText, sql, prices, change } = settings;
  const { engine, input, reportFolder } = options;
  progress.begin(startStep);
  const changes: string[] = [];
  const { source, aurora, database } = await startLocalWorld({
    keeper,
    plan,
    engine: chooseEngine(engine, sql, (told) => changes.push(told)),
    password: randomBytes(18).toString('base64url'),
    fault: null,
    ...localPace,
    onEvent: progress.note,
  });
  const writeLoad = sql === null ? await source.startWriteLoad() : null;

  const name = `${executionPrefixes.local}${randomBytes(6).toString('hex')}`;
  const folder = reportFolder ?? join(reportsFolder, jobId(executionArn(name)));
  await makeReportFolder(folder);
  const secret = randomBytes(32).toString('base64url');
  const execution = await startRehearsal({
    name,
    input: { ...input, change: storedAs(change) },
    waitMs: localPace.waitMs,
    world: {
      aurora,
      database,
      notify: writeMessages(folder),
      readPlans: async () => plansText,
      placeOf: () => join(folder, 'report.html'),
      // A folder named with --report gets no history.
      file:
        reportFolder === null
          ? fileRehearsalLocally(reportsFolder)
          : (rehearsal) => writeRehearsalReport(folder, rehearsal),
      scripts: { read: async () => change.content },
      secret: () => secret,
      resolve: resolveAll,
      reach,
      mostMs,
      time: { nowMs: () => performance.now(), sleep: (ms) => sleep(ms) },
      prices: () => prices,
      teardownMinutes: 60,
      now: systemClock,
      pause: () => sleep(localPace.waitMs),
      warn: progress.note,
    },
    onState: followPhases(progress, rehearsalPhases, (state) => listRehearsalFailures(state)[0] ?? null),
  });
  const { result: rehearsal, hasSucceeded } = await execution.finished;

  progress.begin(stopStep);
  const rowsWritten = writeLoad?.rowsWritten() ?? null;
  await writeLoad?.stop();
  return { rehearsal, hasSucceeded, folder, rowsWritten, changes };
};

/** A file here stands for a script in S3, which has room for long ones, and whose hash is in the report. */
const storedAs = ({ path, content }: SqlFile): StoredScript => ({
  bucket: 'this-machine',
  key: path,
  versionId: 'local',
  sha256: createHash('sha256').update(content).digest('hex'),
});
