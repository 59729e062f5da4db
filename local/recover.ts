import { DrillError } from '../shared/errors.ts';
import { exitCodes, print, runCommand, withKeeper } from './command/command.ts';
import { paintFor } from './command/paint.ts';
import { showProgress } from './command/progress.ts';
import { readRecoveryArguments } from './command/recovery/arguments.ts';
import { type Outcome, recoverySteps, runRecovery } from './command/recovery/run.ts';
import { describeKept, summarizeRecovery } from './command/recovery/summary.ts';
import { describeReport, openReport } from './command/report.ts';
import { type RecoverySettings, readRecoverySettings } from './command/settings.ts';
import type { Keeper } from './servers/keeper.ts';

const recover = async (settings: RecoverySettings, keeper: Keeper): Promise<number> => {
  const { isJson, isOpened, isKept } = settings.options;
  const stream = isJson ? process.stderr : process.stdout;
  const paint = paintFor(stream);
  const progress = showProgress(stream, recoverySteps);
  try {
    const outcome = await runRecovery(settings, keeper, progress);
    if (!isKept) await keeper.close();
    await progress.end();
    await print(stream, `\n${summarizeRecovery(outcome, paint)}\n${describeReport(outcome.folder, paint)}`);
    // The messages are those of AWS, where what was made stands.
    if (!isKept)
      await print(stream, '  nothing of it stands on this machine any more: --keep leaves it running');
    if (isJson) await print(process.stdout, toJson(outcome));
    if (isOpened) await openReport(outcome.folder);
    if (isKept) {
      await print(stream, `\n${describeKept(outcome)}`);
      await untilStopped();
    }
    return isRecovered(outcome) ? exitCodes.passed : exitCodes.failed;
  } catch (error) {
    progress.fail(error instanceof DrillError ? error.summary : String(error));
    await progress.end();
    throw error;
  }
};

const toJson = ({ recovery, happened: { answer: _, ...accident }, answering }: Outcome): string =>
  JSON.stringify({ ...recovery, accident: { ...accident, answering } });

const isRecovered = ({ recovery, hasSucceeded, answering }: Outcome): boolean =>
  hasSucceeded && recovery.verdict === 'passed' && answering.every(({ isAsBefore }) => isAsBefore !== false);

/** A signal ends the command, and what was kept with it. */
const untilStopped = (): Promise<never> => new Promise(() => {});

const main = async (words: string[]): Promise<number> => {
  const command = readRecoveryArguments(words);
  if (command.kind === 'print') {
    await print(process.stdout, command.text);
    return exitCodes.passed;
  }
  const settings = await readRecoverySettings(command.arguments);
  return withKeeper((keeper) => recover(settings, keeper));
};

await runCommand(main);
