import { DrillError } from '../shared/errors.ts';
import { exitCodes, print, runCommand, withKeeper } from './command/command.ts';
import { readExtractArguments } from './command/extract/arguments.ts';
import { type Extracted, extractSteps, runExtract } from './command/extract/run.ts';
import { describeStanding, summarizeExtract } from './command/extract/summary.ts';
import { paintFor } from './command/paint.ts';
import { showProgress } from './command/progress.ts';
import { describeReport, openReport } from './command/report.ts';
import { type ExtractSettings, readExtractSettings } from './command/settings.ts';
import type { Keeper } from './servers/keeper.ts';

const extract = async (settings: ExtractSettings, keeper: Keeper): Promise<number> => {
  const { isJson, isOpened } = settings.options;
  const stream = isJson ? process.stderr : process.stdout;
  const paint = paintFor(stream);
  const progress = showProgress(stream, extractSteps);
  try {
    const extracted = await runExtract(settings, keeper, progress);
    await keeper.close();
    await progress.end();
    const { folder, hasSucceeded } = extracted;
    await print(stream, `\n${summarizeExtract(extracted, paint)}\n\n${describeReport(folder, paint)}`);
    await print(stream, describeStanding(extracted));
    if (isJson) await print(process.stdout, toJson(extracted));
    if (isOpened) await openReport(folder);
    return hasSucceeded ? exitCodes.passed : exitCodes.failed;
  } catch (error) {
    progress.fail(error instanceof DrillError ? error.summary : String(error));
    await progress.end();
    throw error;
  }
};

const toJson = ({ extract: document, happened }: Extracted): string =>
  JSON.stringify({ ...document, accident: happened && { ...happened, answer: undefined } });

const main = async (words: string[]): Promise<number> => {
  const command = readExtractArguments(words);
  if (command.kind === 'print') {
    await print(process.stdout, command.text);
    return exitCodes.passed;
  }
  const settings = await readExtractSettings(command.arguments);
  return withKeeper((keeper) => extract(settings, keeper));
};

await runCommand(main);
