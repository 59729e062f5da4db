import { DrillError } from '../shared/errors.ts';
import { exitCodes, print, runCommand, withKeeper } from './command/command.ts';
import { paintFor } from './command/paint.ts';
import { showProgress } from './command/progress.ts';
import { markSteps, runMark, summarizeMark } from './command/rewind/mark.ts';
import { readMarkArguments } from './command/rewind/mark-arguments.ts';
import { type MarkSettings, readSampleSettings } from './command/settings.ts';
import type { Keeper } from './servers/keeper.ts';

const mark = async (settings: MarkSettings, keeper: Keeper): Promise<number> => {
  const { isJson } = settings.options;
  const stream = isJson ? process.stderr : process.stdout;
  const progress = showProgress(stream, markSteps);
  try {
    const document = await runMark(settings, keeper, progress);
    await keeper.close();
    await progress.end();
    await print(stream, `\n${summarizeMark(document, paintFor(stream))}`);
    if (isJson) await print(process.stdout, JSON.stringify(document));
    return document.verdict === 'passed' ? exitCodes.passed : exitCodes.failed;
  } catch (error) {
    progress.fail(error instanceof DrillError ? error.summary : String(error));
    await progress.end();
    throw error;
  }
};

const main = async (words: string[]): Promise<number> => {
  const command = readMarkArguments(words);
  if (command.kind === 'print') {
    await print(process.stdout, command.text);
    return exitCodes.passed;
  }
  const settings = await readSampleSettings(command.arguments);
  return withKeeper((keeper) => mark(settings, keeper));
};

await runCommand(main);
