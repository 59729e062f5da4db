import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { systemClock } from '../../shared/clock.ts';
import type { Answer, Database, DatabaseAddress } from '../../shared/database/port.ts';
import { describeError, isDrillError } from '../../shared/errors.ts';
import { jobId } from '../../shared/job/names.ts';
import { executionPrefixes } from '../../shared/job/trigger.ts';
import type { Message } from '../../shared/messages/message.ts';
import type { Notify } from '../../shared/messages/notify.ts';
import { listRecoveryFailures } from '../../shared/recovering/failures.ts';
import { type RecoveryDocument, recoveryPhases } from '../../shared/recovery/document.ts';
import { askOnce, type Happened, letHappen } from '../accidents/happening.ts';
import { localAddress } from '../aurora/database.ts';
import { type LocalWorld, startLocalWorld } from '../aurora/world.ts';
import { executionArn } from '../machine/execution.ts';
import { startRecovery } from '../machine/recover.ts';
import type { Keeper } from '../servers/keeper.ts';
import { chooseEngine } from '../sources/engines.ts';
import { followPhases, type Progress } from './progress.ts';
import {
  fileRecoveryLocally,
  folderReports,
  makeReportFolder,
  reportsFolder,
  writeMessages,
  writeRecoveryReport,
} from './report-folder.ts';
import type { RecoverySettings } from './settings.ts';

const startStep = 'StartLocalAurora';
const accidentStep = 'HaveAccident';
const askStep = 'AskRecovered';
const stopStep = 'StopLocalAurora';

/** The steps that the progress shows, in order. */
export const recoverySteps: readonly string[] = [
  startStep,
  accidentStep,
  ...recoveryPhases,
  askStep,
  stopStep,
];

/** As in a drill on this machine. */
const waitMs = 200;
const pendingMs = 300;
const latencyMs = 20;

/** What a server of the recovered cluster answers. `isAsBefore` is null if nobody knows what it should. */
export type Answering = {
  server: string;
  address: DatabaseAddress;
  isAsBefore: boolean | null;
  trouble: string | null;
};

/** `handOver` is the last message, `password` that of the plan's user on every server. */
export type RecoveryOutcome = {
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
): Promise<RecoveryOutcome> => {
  const { options, plan, plansText, sql, prices, accident } = settings;
  const { engine, input, reportFolder, isKept } = options;
  progress.begin(startStep);
  const changes: string[] = [];
  const password = randomBytes(18).toString('base64url');
  const { source, aurora, database, listReaders } = await startLocalWorld({
    keeper,
    plan,
    engine: chooseEngine(engine, sql, (change) => changes.push(change)),
    password,
    fault: null,
    pendingMs,
    latencyMs,
    onEvent: progress.note,
  });
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
    waitMs,
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
      pause: () => sleep(waitMs),
      warn: progress.note,
    },
    onState: followPhases(progress, recoveryPhases, (state) => listRecoveryFailures(state)[0] ?? null),
  });
  const { result: recovery, hasSucceeded } = await execution.finished;

  progress.begin(askStep);
  const question = { sql: accident.probe ?? 'select 1', expected: happened.answer };
  const answering = await Promise.all(
    listServers(recovery, address, listReaders).map((server) => askServer(database, server, question)),
  );
  const rowsWritten = writeLoad?.rowsWritten() ?? null;
  if (!isKept) {
    progress.begin(stopStep);
    await writeLoad?.stop();
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

type Server = { server: string; address: DatabaseAddress };

/** The servers of the recovered cluster that should answer now. */
const listServers = (
  { cluster }: RecoveryDocument,
  production: DatabaseAddress,
  listReaders: LocalWorld['listReaders'],
): Server[] => {
  if (cluster === null || !cluster.isUsable || cluster.endpoint === null) return [];
  const { writer, endpoint: host, port } = cluster;
  return [{ identifier: writer, port }, ...listReaders(cluster.identifier)].map((server) => ({
    server: server.identifier,
    address: { ...production, host, port: server.port },
  }));
};

const askServer = async (
  database: Database,
  { server, address }: Server,
  { sql, expected }: { sql: string; expected: Answer | null },
): Promise<Answering> => {
  try {
    const answer = await askOnce(database, address, sql);
    const isAsBefore = expected === null ? null : isDeepStrictEqual(answer, expected);
    return { server, address, isAsBefore, trouble: null };
  } catch (error) {
    if (!isDrillError(error)) throw error;
    return { server, address, isAsBefore: false, trouble: describeError(error) };
  }
};
