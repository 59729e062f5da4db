import { join, relative } from 'node:path';
import { DrillError, isDrillError } from '../shared/errors.ts';
import type { DrillResult } from '../shared/result.ts';
import { readArguments } from './arguments.ts';
import { type Keeper, startKeeper } from './keeper.ts';
import { showProgress } from './progress.ts';
import { summarize } from './report.ts';
import { runDrill, steps } from './run-drill.ts';
import { readSettings, type Settings } from './settings.ts';

const exitCodes = { passed: 0, failed: 1, wrongUsage: 2, SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

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
  const progress = showProgress(stream, steps);
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
