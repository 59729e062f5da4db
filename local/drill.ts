import type { DrillResult } from '../shared/drill/document.ts';
import { DrillError } from '../shared/errors.ts';
import { formatNumber } from '../shared/result/format.ts';
import { readArguments } from './command/arguments.ts';
import { toLine } from './command/columns.ts';
import { exitCodes, print, runCommand, withKeeper } from './command/command.ts';
import { describeChangesNow } from './command/diff-now.ts';
import { type Paint, paintFor } from './command/paint.ts';
import { showProgress } from './command/progress.ts';
import { describeReport, openReport } from './command/report.ts';
import { type Outcome, runDrill, stepsOf } from './command/run-drill.ts';
import { readSettings, type Settings } from './command/settings.ts';
import { suggestSettled } from './command/suggest-settled.ts';
import { summarize } from './command/summary.ts';
import type { Keeper } from './servers/keeper.ts';

const describeWriting = (rows: number | null, { startedAt, endedAt }: DrillResult): string[] => {
  if (rows === null) return [];
  const perSecond = Math.round((rows * 1000) / (Date.parse(endedAt) - Date.parse(startedAt)));
  return [
    `  written to production during the drill: ${formatNumber(rows)} rows, ${formatNumber(perSecond)} a second`,
  ];
};

const describeSweep = (swept: readonly string[] | null): string[] => {
  if (swept === null) return [];
  const removed = swept.length === 0 ? 'there was nothing to remove' : `removed ${swept.join(', ')}`;
  return [`  swept: ${removed}; nothing is left`];
};

const describeOutcome = (
  { result, folder, rowsWritten, swept, changes, changesNow }: Outcome,
  paint: Paint,
): string[] =>
  result === null
    ? ['The process of the drill was killed, so there is no result.', ...describeSweep(swept)]
    : [
        summarize(result, paint),
        ...changes.map((change) => `  SQL file: ${toLine(change)}`),
        ...(changesNow === null ? [] : describeChangesNow(changesNow)),
        ...describeWriting(rowsWritten, result),
        ...describeSweep(swept),
        describeReport(folder, paint),
      ];

const drill = async (settings: Settings, keeper: Keeper): Promise<number> => {
  const { isJson, isOpened } = settings.options;
  const stream = isJson ? process.stderr : process.stdout;
  const progress = showProgress(stream, stepsOf(settings));
  try {
    const outcome = await runDrill(settings, keeper, progress);
    await keeper.close();
    await progress.end();
    await print(stream, `\n${describeOutcome(outcome, paintFor(stream)).join('\n')}`);
    const { result, folder, hasSucceeded, changesNow } = outcome;
    const document = changesNow === null ? result : { ...result, changesNow };
    if (isJson && result !== null) await print(process.stdout, JSON.stringify(document));
    if (isOpened && result !== null) await openReport(folder);
    return hasSucceeded && result?.verdict === 'passed' ? exitCodes.passed : exitCodes.failed;
  } catch (error) {
    progress.fail(error instanceof DrillError ? error.summary : String(error));
    await progress.end();
    throw error;
  }
};

const suggest = async (settings: Settings, keeper: Keeper): Promise<number> => {
  await print(process.stdout, await suggestSettled(settings, keeper));
  return exitCodes.passed;
};

const main = async (words: string[]): Promise<number> => {
  const command = readArguments(words);
  if (command.kind === 'print') {
    await print(process.stdout, command.text);
    return exitCodes.passed;
  }
  const settings = await readSettings(command.arguments);
  return withKeeper((keeper) =>
    command.kind === 'suggest' ? suggest(settings, keeper) : drill(settings, keeper),
  );
};

await runCommand(main);
