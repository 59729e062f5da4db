import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../shared/clock.ts';
import { type DatabaseAddress, maxReadingMs } from '../../../shared/database/port.ts';
import { resolveAll } from '../../../shared/database/resolved-host.ts';
import { listExtractFailures } from '../../../shared/extracting/failures.ts';
import { type ExtractDocument, extractPhases } from '../../../shared/extraction/document.ts';
import { jobId } from '../../../shared/job/names.ts';
import { executionPrefixes } from '../../../shared/job/trigger.ts';
import { type Happened, letHappen } from '../../accidents/happening.ts';
import { databaseOf, localAddress, signInWith } from '../../aurora/database.ts';
import { extractionOf, knowSandbox, type LocalSandbox, newSandbox } from '../../aurora/sandbox.ts';
import { localPace, startLocalWorld } from '../../aurora/world.ts';
import { executionArn } from '../../machine/execution.ts';
import { startExtract } from '../../machine/extract.ts';
import type { EngineName } from '../../servers/engine-name.ts';
import type { Keeper } from '../../servers/keeper.ts';
import { chooseEngine } from '../../sources/engines.ts';
import type { Source } from '../../sources/source.ts';
import { followPhases, type Progress, startStep, stopStep } from '../progress.ts';
import {
  fileExtractLocally,
  makeReportFolder,
  reportsFolder,
  writeExtractReport,
  writeMessages,
} from '../report-folder.ts';
import type { ExtractSettings } from '../settings.ts';
import { lookAround, type Seen } from './look.ts';
import { meetOwnDatabase } from './own-database.ts';

const accidentStep = 'HaveAccident';
const lookStep = 'LookAtSandbox';

/** The steps that the progress shows, in order. */
export const extractSteps: readonly string[] = [
  startStep,
  accidentStep,
  ...extractPhases,
  lookStep,
  stopStep,
];

/** `changes`: what of a SQL file was loaded in another way. `seen`: what is in the sandbox; null if nothing is known of it. */
export type Extracted = {
  extract: ExtractDocument;
  hasSucceeded: boolean;
  happened: Happened | null;
  seen: Seen | null;
  /** Somebody's own database, which stays; null if the sandbox is gone. */
  own: DatabaseAddress | null;
  folder: string;
  rowsWritten: number | null;
  changes: string[];
};

/** Extracts tables in a world of its own. @throws DrillError InvalidArguments for a database of one's own that is not there */
export const runExtract = async (
  settings: ExtractSettings,
  keeper: Keeper,
  progress: Progress,
): Promise<Extracted> => {
  const { options, plan, plansText, sql, prices, accident } = settings;
  const { engine, input, into, reportFolder } = options;
  const own = into === null ? null : await meetOwnDatabase(into, engine);
  progress.begin(startStep);
  const changes: string[] = [];
  const password = randomBytes(18).toString('base64url');
  const { source, aurora, database } = await startLocalWorld({
    keeper,
    plan,
    engine: chooseEngine(engine, sql, (told) => changes.push(told)),
    password,
    fault: null,
    ...localPace,
    onEvent: progress.note,
  });
  const writeLoad = sql === null ? await source.startWriteLoad() : null;
  if (accident !== null) progress.begin(accidentStep);
  const address = localAddress(engine, source.port, plan.database);
  const [sandbox, happened] = await Promise.all([
    own ?? startSandbox(source, engine, password),
    accident === null ? null : letHappen(accident, { source, database, address }),
  ]);
  const sandboxes = databaseOf(engine, sandbox.signIn);

  const name = `${executionPrefixes.local}${randomBytes(6).toString('hex')}`;
  const folder = reportFolder ?? join(reportsFolder, jobId(executionArn(name)));
  await makeReportFolder(folder);
  const execution = await startExtract({
    name,
    input: { restoreTo: happened?.before ?? 'latest', ...input },
    waitMs: localPace.waitMs,
    world: {
      aurora: knowSandbox(aurora, engine, sandbox),
      database,
      sandboxes,
      extraction: extractionOf(engine, { copy: signInWith(password), sandbox: sandbox.signIn }),
      notify: writeMessages(folder),
      readPlans: async () => plansText,
      placeOf: () => join(folder, 'report.html'),
      // A folder named with --report gets no history.
      file:
        reportFolder === null
          ? fileExtractLocally(reportsFolder)
          : (extract) => writeExtractReport(folder, extract),
      prices: () => prices,
      onCheck: progress.check,
      teardownMinutes: 60,
      resolve: resolveAll,
      mostMs: maxReadingMs,
      now: systemClock,
      pause: () => sleep(localPace.waitMs),
      warn: progress.note,
    },
    onState: followPhases(progress, extractPhases, (state) => listExtractFailures(state)[0] ?? null),
  });
  const { result: extract, hasSucceeded } = await execution.finished;

  progress.begin(lookStep);
  const seen = await lookAround(sandboxes, sandbox.address, extract).catch((error: Error) => {
    progress.note(`the sandbox cannot be looked at: ${error.message}`);
    return null;
  });
  progress.begin(stopStep);
  const rowsWritten = writeLoad?.rowsWritten() ?? null;
  // An accident of somebody's own may have ended it.
  await writeLoad
    ?.stop()
    .catch((error: Error) => progress.note(`the write load had ended: ${error.message}`));
  return { extract, hasSucceeded, happened, seen, own: own?.address ?? null, folder, rowsWritten, changes };
};

const startSandbox = async (source: Source, engine: EngineName, password: string): Promise<LocalSandbox> => {
  const { database: name, user } = newSandbox;
  const port = await source.startSandbox(newSandbox);
  const address = localAddress(engine, port, { name, user });
  return { address, signIn: signInWith(password), version: undefined };
};
