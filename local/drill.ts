import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { systemClock } from '../shared/clock.ts';
import { type DrillState, phases } from '../shared/drill-state.ts';
import { DrillError, isDrillError } from '../shared/errors.ts';
import { findFailure } from '../shared/failure.ts';
import { drillId } from '../shared/names.ts';
import { choosePlan, type Plan, parsePlans } from '../shared/plan.ts';
import type { DrillResult } from '../shared/result.ts';
import { executionPrefixes } from '../shared/trigger.ts';
import { type DrillArguments, readArguments } from './arguments.ts';
import { type Keeper, startKeeper } from './keeper.ts';
import { startLocalWorld } from './local-world.ts';
import { type Progress, showProgress } from './progress.ts';
import { summarize, writeReport } from './report.ts';
import { loadSampleDatabase, startWriteLoad } from './sample-database.ts';
import { loadSql, readSqlFile } from './sql-file.ts';
import { executionArn, startExecution } from './state-machine.ts';

const exitCodes = { passed: 0, failed: 1, wrongUsage: 2, SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** What a drill on this machine is made of, once all of it has been read and found right. */
type Settings = {
  options: DrillArguments;
  plan: Plan;
  plansText: string;
  sql: { path: string; text: string } | null;
};

const startStep = 'StartLocalAurora';
const stopStep = 'StopLocalAurora';
/** Short, since a restore takes a second here; long enough for every status to be seen. */
const waitMs = 200;
const pendingMs = 300;
const latencyMs = 20;

const readSettings = async (options: DrillArguments): Promise<Settings> => {
  const fileName = options.planFile ?? 'sample-plans.yml';
  const plans = parsePlans(await readPlans(options.planFile), fileName);
  const { name, plan: chosen } = choosePlan(plans, options.input.plan, fileName);
  const plan = { ...chosen, timeoutMinutes: options.fault?.timeoutMinutes ?? chosen.timeoutMinutes };
  const { sqlFile: path } = options;
  const sql = path === null ? null : { path, text: await readSqlFile(path) };
  return { options, plan, plansText: stringify({ plans: { [name]: plan } }), sql };
};

const readPlans = async (path: string | null): Promise<string> => {
  try {
    return await readFile(path ?? new URL('sample-plans.yml', import.meta.url), 'utf8');
  } catch (cause) {
    throw new DrillError(
      'InvalidArguments',
      `cannot read the plan file ${path}: ${(cause as Error).message}`,
      {
        hint: 'name a file in the format of plans.yml',
        cause,
      },
    );
  }
};

/** Runs one drill in a world of its own. @returns the result, and whether the state machine ended green */
const runDrill = async (settings: Settings, keeper: Keeper, progress: Progress) => {
  const { options, plan, plansText, sql } = settings;
  progress.begin(startStep);
  const { source, aurora, database } = await startLocalWorld({
    keeper,
    plan,
    load: (client) => (sql === null ? loadSampleDatabase(client) : loadSql(client, sql.path, sql.text)),
    password: randomBytes(18).toString('base64url'),
    fault: options.fault,
    pendingMs,
    latencyMs,
    onEvent: progress.note,
  });
  const writeLoad = sql === null ? startWriteLoad(await source.connect()) : null;

  const name = `${executionPrefixes.local}${randomBytes(6).toString('hex')}`;
  const folder = options.reportFolder ?? join('drill-reports', drillId(executionArn(name)));
  await makeReportFolder(folder);
  const execution = await startExecution({
    name,
    input: options.input,
    waitMs,
    world: {
      aurora,
      database,
      notify: async ({ subject, text }) => {
        await sleep(latencyMs);
        await appendFile(join(folder, 'messages.txt'), `${subject}\n\n${text}\n\n`);
      },
      readPlans: async () => plansText,
      onCheck: progress.check,
      now: systemClock,
    },
    onState: followPhases(progress),
  });
  const { result, hasSucceeded } = await execution.finished;
  progress.begin(stopStep);
  const rowsWritten = writeLoad?.rowsWritten() ?? null;
  await writeReport(folder, result);
  await writeLoad?.stop();
  return { result, hasSucceeded, folder, rowsWritten };
};

const makeReportFolder = async (folder: string): Promise<void> => {
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

/** Loops come back to a phase that has begun already; a failure shows in the phase it ended. */
const followPhases = (progress: Progress) => {
  const known = new Set<string>(phases);
  let current = '';
  return (name: string, state: DrillState): void => {
    if (!known.delete(name)) return;
    const failure = findFailure(state);
    if (failure?.phase === current) progress.fail(failure.cause);
    progress.begin(name);
    current = name;
  };
};

const print = (stream: NodeJS.WriteStream, text: string): Promise<void> =>
  new Promise((resolve) => {
    stream.write(`${text}\n`, () => resolve());
  });

const describeWriting = (rows: number | null, { startedAt, endedAt }: DrillResult): string[] => {
  if (rows === null) return [];
  const perSecond = Math.round((rows * 1000) / (Date.parse(endedAt) - Date.parse(startedAt)));
  return [`  written to production meanwhile: ${rows} rows, ${perSecond} a second`];
};

const drill = async (settings: Settings, keeper: Keeper): Promise<number> => {
  const { isJson } = settings.options;
  const stream = isJson ? process.stderr : process.stdout;
  const progress = showProgress(stream, [startStep, ...phases, stopStep]);
  try {
    const { result, hasSucceeded, folder, rowsWritten } = await runDrill(settings, keeper, progress);
    await keeper.close();
    await progress.end();
    const lines = [summarize(result), ...describeWriting(rowsWritten, result)];
    await print(
      stream,
      `\n${[...lines, `  report: ${relative('.', join(folder, 'report.html'))}`].join('\n')}`,
    );
    if (isJson) await print(process.stdout, JSON.stringify(result));
    return hasSucceeded && result.verdict === 'passed' ? exitCodes.passed : exitCodes.failed;
  } catch (error) {
    progress.fail(error instanceof DrillError ? error.summary : String(error));
    await progress.end();
    throw error;
  }
};

/** Resolves with the exit code of the first signal to stop; later ones are ignored while things are cleaned up. */
const waitForSignal = (): Promise<number> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        process.stderr.write(`\n${signal}: stopping what was started\n`);
        resolve(exitCodes[signal]);
      });
    }
  });

const main = async (words: string[]): Promise<number> => {
  const command = readArguments(words);
  if (command.kind === 'print') {
    await print(process.stdout, command.text);
    return exitCodes.passed;
  }
  const settings = await readSettings(command.arguments);
  const signalled = waitForSignal();
  const keeper = await startKeeper();
  try {
    return await Promise.race([drill(settings, keeper), signalled]);
  } finally {
    await keeper.close();
  }
};

/** What somebody typed or wrote is wrong usage; anything else went wrong on the way. */
const usageErrors = [
  'InvalidArguments',
  'InvalidInput',
  'InvalidPlan',
  'UnknownPlan',
  'NotSupported',
  'SqlFileFailed',
];

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  await print(
    process.stderr,
    isDrillError(error) ? `${error.name}: ${error.message}` : String((error as Error).stack),
  );
  process.exit(
    isDrillError(error) && usageErrors.includes(error.name) ? exitCodes.wrongUsage : exitCodes.failed,
  );
}
