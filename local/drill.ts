import { join, relative } from 'node:path';
import { DrillError } from '../shared/errors.ts';
import type { DrillResult } from '../shared/result.ts';
import { readArguments } from './arguments.ts';
import { exitCodes, print, runCommand, withKeeper } from './command.ts';
import type { Keeper } from './keeper.ts';
import { showProgress } from './progress.ts';
import { summarize } from './report.ts';
import { runDrill, steps } from './run-drill.ts';
import { readSettings, type Settings } from './settings.ts';

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

const main = async (words: string[]): Promise<number> => {
  const command = readArguments(words);
  if (command.kind === 'print') {
    await print(process.stdout, command.text);
    return exitCodes.passed;
  }
  const settings = await readSettings(command.arguments);
  return withKeeper((keeper) => drill(settings, keeper));
};

await runCommand(main);
