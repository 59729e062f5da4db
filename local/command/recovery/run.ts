import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../shared/clock.ts';
import type { DatabaseAddress } from '../../../shared/database/port.ts';
import { jobId } from '../../../shared/job/names.ts';
import { executionPrefixes } from '../../../shared/job/trigger.ts';
import type { Message } from '../../../shared/messages/message.ts';
import type { Notify } from '../../../shared/messages/notify.ts';
import { listRecoveryFailures } from '../../../shared/recovering/failures.ts';
import { type RecoveryDocument, recoveryPhases } from '../../../shared/recovery/document.ts';
import { type Happened, letHappen } from '../../accidents/happening.ts';
import { localAddress } from '../../aurora/database.ts';
import { localPace, startLocalWorld } from '../../aurora/world.ts';
import { executionArn } from '../../machine/execution.ts';
import { startRecovery } from '../../machine/recover.ts';
import type { Keeper } from '../../servers/keeper.ts';
import { chooseEngine } from '../../sources/engines.ts';
import { followPhases, type Progress, startStep, stopStep } from '../progress.ts';
import {
  fileRecoveryLocally,
  folderReports,
  makeReportFolder,
  reportsFolder,
  writeMessages,
  writeRecoveryReport,
} from '../report-folder.ts';
import type { RecoverySettings } from '../settings.ts';
import { type Answering, askRecovered } from './ask-recovered.ts';

const accidentStep = 'HaveAccident';
const askStep = 'AskRecovered';

/** The steps that the progress shows, in order. */
export const recoverySteps: readonly string[] = [
  startStep,
  accidentStep,
  ...recoveryPhases,
  askStep,
  stopStep,
];

/** `handOver` is the last message, `password` that of the plan's user on every server. */
export type Outcome = {
  recovery: RecoveryDocument;
  hasSucceeded: boolean;
  happened: Happened;
  answering: Answering[];
  handOver: Message | null;
  folder: string;
  rowsWritten: number | null;
  changes: string[];
  source: DatabaseAddress;
  password: string;
};

/** Lets an accident happen in a world of its own, and recovers from it. */
export const runRecovery = async (
  settings: RecoverySettings,
  keeper: Keeper,
  progress: Progress,
): Promise<Outcome> => {
  const { options, plan, plansText, sql, prices, accident } = settings;
  const { engine, input, reportFolder, isKept } = options;
  progress.begin(startStep);
  const changes: string[] = [];
  const password = randomBytes(18).toString('base64url');
  const world = await startLocalWorld({
    keeper,
    plan,
    engine: chooseEngine(engine, sql, (change) => changes.push(change)),
    password,
    fault: null,
    ...localPace,
    onEvent: progress.note,
  });
  const { source, aurora, database } = world;
  const address = localAddress(engine, source.port, plan.database);
  const writeLoad = sql === null ? await source.startWriteLoad() : null;
  progress.begin(accidentStep);
  const happened = await letHappen(accident, { source, database, address });

  const name = `${executionPrefixes.local}${randomBytes(6).toString('hex')}`;
  const folder = reportFolder ?? join(reportsFolder, jobId(executionArn(name)));
  await makeReportFolder(folder);
  const { notify, last } = rememberLast(writeMessages(folder));
  const execution = await startRecovery({
    name,
    input: { restoreTo: happened.before, reason: `accident ${accident.name}`, ...input },
    waitMs: localPace.waitMs,
    world: {
      aurora,
      database,
      notify,
      readPlans: async () => plansText,
      placeOf: () => join(folder, 'report.html'),
      // A folder named with --report gets no history.
      file:
        reportFolder === null
          ? fileRecoveryLocally(reportsFolder)
          : (recovery) => writeRecoveryReport(folder, recovery),
      reports: folderReports(reportsFolder),
      metrics: { publish: async () => {}, read: async () => [] },
      prices: () => prices,
      onCheck: progress.check,
      now: systemClock,
      pause: () => sleep(localPace.waitMs),
      warn: progress.note,
    },
    onState: followPhases(progress, recoveryPhases, (state) => listRecoveryFailures(state)[0] ?? null),
  });
  const { result: recovery, hasSucceeded } = await execution.finished;

  progress.begin(askStep);
  const question = { sql: accident.probe ?? 'select 1', expected: happened.answer };
  const answering = await askRecovered(world, recovery, address, question);
  const rowsWritten = writeLoad?.rowsWritten() ?? null;
  if (!isKept) {
    progress.begin(stopStep);
    // An accident of somebody's own may have ended it.
    await writeLoad
      ?.stop()
      .catch((error: Error) => progress.note(`the write load had ended: ${error.message}`));
  }
  return {
    recovery,
    hasSucceeded,
    happened,
    answering,
    handOver: last(),
    folder,
    rowsWritten,
    changes,
    source: address,
    password,
  };
};

const rememberLast = (tell: Notify): { notify: Notify; last: () => Message | null } => {
  let told: Message | null = null;
  return {
    notify: async (message) => {
      told = message;
      await tell(message);
    },
    last: () => told,
  };
};
