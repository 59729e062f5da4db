import { DrillError } from '../shared/errors.ts';
import { exitCodes, print, runCommand, withKeeper } from './command/command.ts';
import { paintFor } from './command/paint.ts';
import { showProgress } from './command/progress.ts';
import { describeReport, openReport } from './command/report.ts';
import { readRewindArguments } from './command/rewind/arguments.ts';
import { isUndone, type Rewound, rewindSteps, runRewind } from './command/rewind/run.ts';
import { summarizeRewind } from './command/rewind/summary.ts';
import { type RewindSettings, readSampleSettings } from './command/settings.ts';
import type { Keeper } from './servers/keeper.ts';

const rewind = async (settings: RewindSettings, keeper: Keeper): Promise<number> => {
  const { isJson, isOpened } = settings.options;
  const stream = isJson ? process.stderr : process.stdout;
  const paint = paintFor(stream);
  const progress = showProgress(stream, rewindSteps);
  try {
    const rewound = await runRewind(settings, keeper, progress);
    await keeper.close();
    await progress.end();
    const { folder } = rewound;
    await print(stream, `\n${summarizeRewind(rewound, paint)}\n\n${describeReport(folder, paint)}`);
    // The messages are those of AWS, where the cluster and its clone stand.
    await print(stream, '  nothing of it stands on this machine any more');
    if (isJson) await print(process.stdout, toJson(rewound));
    if (isOpened) await openReport(folder);
    return isUndone(rewound) ? exitCodes.passed : exitCodes.failed;
  } catch (error) {
    progress.fail(error instanceof DrillError ? error.summary : String(error));
    await progress.end();
    throw error;
  }
};

const toJson = ({ rewind: document, folder: _, happened, ...rest }: Rewound): string =>
  JSON.stringify({ ...document, around: { ...rest, happened: { ...happened, answer: undefined } } });

const main = async (words: string[]): Promise<number> => {
  const command = readRewindArguments(words);
  if (command.kind === 'print') {
    await print(process.stdout, command.text);
    return exitCodes.passed;
  }
  const settings = await readSampleSettings(command.arguments);
  return withKeeper((keeper) => rewind(settings, keeper));
};

await runCommand(main);
