import { basename } from 'node:path';
import { DrillError, type ErrorName, errorCatalog, isDrillError } from '../../shared/errors.ts';
import { type Keeper, startKeeper } from '../servers/keeper.ts';

export const exitCodes = {
  passed: 0,
  failed: 1,
  wrongUsage: 2,
  SIGHUP: 129,
  SIGINT: 130,
  SIGPIPE: 141,
  SIGTERM: 143,
} as const;

/** For the help of a command: the exit codes that all commands share. */
export const sharedExitCodes = `2 wrong usage, or when stopped: ${exitCodes.SIGHUP} by SIGHUP, ${exitCodes.SIGINT} by Ctrl-C,
           ${exitCodes.SIGPIPE} when nobody reads its output, ${exitCodes.SIGTERM} by SIGTERM; it cleans up in each case`;

export const print = (stream: NodeJS.WriteStream, text: string): Promise<void> =>
  new Promise((resolve) => {
    stream.write(`${text}\n`, () => resolve());
  });

/** Resolves with the exit code of the first signal. Later signals are ignored during the cleanup. */
const waitForSignal = (): Promise<number> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        process.stderr.write(`\n${signal}: stopping what was started\n`);
        resolve(exitCodes[signal]);
      });
    }
  });

/** Resolves when nobody reads the output any more, as after `| head`. */
const waitForClosedPipe = (): Promise<number> =>
  new Promise((resolve, reject) => {
    process.stdout.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' ? resolve(exitCodes.SIGPIPE) : reject(error),
    );
  });

/** Runs work whose servers and folders are removed afterwards, however it ends. @returns the exit code */
export const withKeeper = async (work: (keeper: Keeper) => Promise<number>): Promise<number> => {
  const stopped = [waitForSignal(), waitForClosedPipe()];
  const keeper = await startKeeper();
  try {
    return await Promise.race([work(keeper), ...stopped]);
  } finally {
    await keeper.close();
  }
};

/** Errors in what somebody typed or wrote. */
const usageErrors: readonly ErrorName[] = [
  'InvalidArguments',
  'InvalidInput',
  'InvalidPlan',
  'InvalidSetting',
  'UnknownPlan',
  'ChangeRefused',
  'NotSupported',
  'SqlFileFailed',
];

/** The general hint names the command that was run. @param file of that command, which has its name */
export const nameCommand = (error: DrillError, file = 'drill.ts'): DrillError =>
  error.hint === errorCatalog.InvalidArguments.hint
    ? new DrillError(error.name, error.summary, {
        hint: `see the options: npm run ${basename(file, '.ts')} -- --help`,
        cause: error,
      })
    : error;

/** Nobody reads any more, as after `| head`: what has only printed is over. */
const ignoreClosedPipe = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
};

/** Runs a command, then ends this process with its exit code. */
export const runCommand = async (command: (words: string[]) => Promise<number>): Promise<never> => {
  process.stdout.on('error', ignoreClosedPipe);
  try {
    process.exit(await command(process.argv.slice(2)));
  } catch (error) {
    await print(
      process.stderr,
      isDrillError(error)
        ? `${error.name}: ${nameCommand(error, process.argv[1]).message}`
        : String((error as Error).stack),
    );
    process.exit(
      isDrillError(error) && usageErrors.includes(error.name) ? exitCodes.wrongUsage : exitCodes.failed,
    );
  }
};
