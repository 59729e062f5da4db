import { DrillError } from '../shared/errors.ts';
import { renderMarkdown } from '../shared/rehearsal/markdown.ts';
import { exitCodes, print, runCommand, withKeeper } from './command/command.ts';
import { paintFor } from './command/paint.ts';
import { showProgress } from './command/progress.ts';
import { readRehearsalArguments } from './command/rehearsal/arguments.ts';
import { rehearsalSteps, runRehearsal } from './command/rehearsal/run.ts';
import { summarizeRehearsal } from './command/rehearsal/summary.ts';
import { describeReport, openReport } from './command/report.ts';
import { type RehearsalSettings, readRehearsalSettings } from './command/settings.ts';
import type { Keeper } from './servers/keeper.ts';

const rehearse = async (settings: RehearsalSettings, keeper: Keeper): Promise<number> => {
  const { output, isOpened } = settings.options;
  const stream = output === 'summary' ? process.stdout : process.stderr;
  const paint = paintFor(stream);
  const progress = showProgress(stream, rehearsalSteps);
  try {
    const rehearsed = await runRehearsal(settings, keeper, progress);
    await keeper.close();
    await progress.end();
    const { rehearsal, folder, hasSucceeded } = rehearsed;
    await print(stream, `\n${summarizeRehearsal(rehearsed, paint)}\n${describeReport(folder, paint)}`);
    if (output === 'json') await print(process.stdout, JSON.stringify(rehearsal));
    if (output === 'markdown') await print(process.stdout, renderMarkdown(rehearsal).trimEnd());
    if (isOpened) await openReport(folder);
    return hasSucceeded ? exitCodes.passed : exitCodes.failed;
  } catch (error) {
    progress.fail(error instanceof DrillError ? error.summary : String(error));
    await progress.end();
    throw error;
  }
};

const main = async (words: string[]): Promise<number> => {
  const command = readRehearsalArguments(words);
  if (command.kind === 'print') {
    await print(process.stdout, command.text);
    return exitCodes.passed;
  }
  const settings = await readRehearsalSettings(command.arguments);
  return withKeeper((keeper) => rehearse(settings, keeper));
};

await runCommand(main);
