import { randomBytes } from 'node:crypto';
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../shared/clock.ts';
import type { DrillResult } from '../../shared/drill/document.ts';
import { findFailure } from '../../shared/drill/failure.ts';
import { phases, phasesOf } from '../../shared/drill/state.ts';
import { jobId } from '../../shared/job/names.ts';
import { executionPrefixes } from '../../shared/job/trigger.ts';
import { maxTeardownMinutes } from '../../shared/teardown/pass.ts';
import { sweepUntilGone } from '../aurora/sweep.ts';
import { localPace, startLocalWorld } from '../aurora/world.ts';
import { crashExecution } from '../machine/crash.ts';
import { type ExecutionOptions, startExecution } from '../machine/drill.ts';
import { executionArn } from '../machine/execution.ts';
import type { Keeper } from '../servers/keeper.ts';
import { chooseEngine } from '../sources/engines.ts';
import { type ChangesNow, compareWithNow } from './diff-now.ts';
import { followPhases, type Progress, startStep, stopStep } from './progress.ts';
import {
  fileLocally,
  makeReportFolder,
  readPostureLocally,
  reportsFolder,
  writeMessages,
  writeReport,
} from './report-folder.ts';
import type { Settings } from './settings.ts';

const sweepStep = 'SweepLeftovers';

/** The steps that the progress shows, in order. */
export const stepsOf = ({ options, plan }: Settings): string[] => [
  startStep,
  ...phasesOf(plan.restore.from ?? 'log'),
  ...(options.fault?.isSwept ? [sweepStep] : []),
  stopStep,
];

/**
 * `result` is null if the drill's process was killed, `rowsWritten` if nothing was written to production. `swept` has the
 * clusters that a sweep removed; null if none ran.
 */
export type Outcome = {
  result: DrillResult | null;
  hasSucceeded: boolean;
  folder: string;
  rowsWritten: number | null;
  swept: string[] | null;
  /** What of the SQL file was loaded in another way, one line each. */
  changes: string[];
  /** Null if nobody asked, or no copy was verified. */
  changesNow: ChangesNow | null;
};

/** Runs one drill in a world of its own. */
export const runDrill = async (settings: Settings, keeper: Keeper, progress: Progress): Promise<Outcome> => {
  const { options, plan, plansText, sql, prices } = settings;
  const { fault } = options;
  progress.begin(startStep);
  const changes: string[] = [];
  const password = randomBytes(18).toString('base64url');
  const { source, aurora, database } = await startLocalWorld({
    keeper,
    plan,
    engine: chooseEngine(options.engine, sql, (change) => changes.push(change)),
    password,
    fault,
    ...localPace,
    onEvent: progress.note,
  });
  const writeLoad = sql === null ? await source.startWriteLoad() : null;

  const name = `${executionPrefixes.local}${randomBytes(6).toString('hex')}`;
  const folder = options.reportFolder ?? join(reportsFolder, jobId(executionArn(name)));
  await makeReportFolder(folder);
  const notify = writeMessages(folder);
  const readPlans = async () => plansText;
  let changesNow: ChangesNow | null = null;
  const execution: ExecutionOptions = {
    name,
    input: options.input,
    waitMs: localPace.waitMs,
    world: {
      ...(fault?.breakPorts?.({ aurora, notify }) ?? { aurora, notify }),
      database,
      readPlans,
      placeOf: () => join(folder, 'report.html'),
      // A folder named with --report gets no history.
      file:
        options.reportFolder === null ? fileLocally(reportsFolder) : (result) => writeReport(folder, result),
      readPosture: readPostureLocally(options.reportFolder ?? reportsFolder),
      metrics: { publish: async () => {}, read: async () => [] },
      prices: () => prices,
      onCheck: progress.check,
      teardownMinutes: fault?.teardownMinutes ?? maxTeardownMinutes,
      now: systemClock,
      pause: () => sleep(localPace.waitMs),
      warn: progress.note,
    },
    onState: followPhases(progress, phases, findFailure),
    aroundTask: async (task, run, state) => {
      const piece = await run();
      if (options.isDiffed && task === 'VerifyRestore') {
        progress.note('comparing the copy with production as it is now');
        changesNow = await compareWithNow(database, state);
      }
      return piece;
    },
  };
  const { result, hasSucceeded } = fault?.isCrash
    ? await crashExecution(
        keeper,
        execution,
        { engine: options.engine, password, phases: phasesOf(plan.restore.from ?? 'log') },
        progress,
      )
    : await (await startExecution(execution)).finished;
  // Fails, and so keeps the folder, if a message is in it.
  if (result === null && options.reportFolder === null) await rmdir(folder).catch(() => {});

  const sweep = async (): Promise<string[]> => {
    progress.begin(sweepStep);
    return sweepUntilGone({ aurora, notify, readPlans, waitMs: localPace.waitMs, onNote: progress.note });
  };
  const swept = fault?.isSwept ? await sweep() : null;
  progress.begin(stopStep);
  const rowsWritten = writeLoad?.rowsWritten() ?? null;
  await writeLoad?.stop();
  return { result, hasSucceeded, folder, rowsWritten, swept, changes, changesNow };
};
