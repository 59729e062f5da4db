import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type ExecutionInput, parseExecutionInput } from '../../shared/drill/input.ts';
import { DrillError } from '../../shared/errors.ts';
import { type RestoreOrigin, restoreOrigins } from '../../shared/job/origin.ts';
import { appliesTo, type Fault, faults } from '../faults/catalog.ts';
import { type EngineName, engineNames } from '../servers/engine-name.ts';
import { sharedExitCodes } from './command.ts';

export type DrillArguments = {
  engine: EngineName;
  sqlFile: string | null;
  planFile: string | null;
  fault: Fault | null;
  /** In place of the plan's restore.from; null to leave it. */
  from: RestoreOrigin | null;
  /** The execution input, as one would type it in the Step Functions console. */
  input: ExecutionInput;
  isJson: boolean;
  /** Opens the report in a browser at the end. */
  isOpened: boolean;
  reportFolder: string | null;
  /** Says after the checks what has changed in production since the time restored to. */
  isDiffed: boolean;
};

export type Command =
  | { kind: 'drill' | 'suggest'; arguments: DrillArguments }
  | { kind: 'print'; text: string };

export const helpText = `Runs one full restore drill on this machine: a real database under write load, the real state machine.

usage: npm run drill [-- options]

  --engine NAME   postgres (the default), or mysql, which uses MariaDB's programs from PATH
  --sql FILE      drill your own database: a SQL file, as pg_dump or mysqldump writes it, plain or in gzip
  --plan FILE     your own plan, in the format of plans.yml
  --from ORIGIN   what the copy is restored from, in place of the plan's restore.from: log, newest-snapshot,
                  or fresh-snapshot, which the drill takes and deletes
  --input JSON    the execution input, as in the Step Functions console: '{"dryRun": true}'
  --fault NAME    make something go wrong, to see what the drill does; --fault list shows all faults
  --json          print only the result document on stdout, if there is one; progress goes to stderr
                  (with npm run -s, which keeps npm's own lines away)
  --report DIR    where result.json, report.html and messages.txt go (default drill-reports/<drill id>;
                  drill-reports/index.html is the history of all drills here)
  --open          open the report in a browser at the end
  --suggest-settled
                  drill nothing; list the columns that a plan may name in checks.settled,
                  of the sample or of your database
  --diff-now      say what has changed in production since the time restored to, row by row, while the copy
                  stands; with --json it is under "changesNow"
  --help          this text

Colours and links appear only in a terminal; NO_COLOR=1 turns them off.

exit code: 0 passed, 1 failed, ${sharedExitCodes}`;

const options = {
  sql: { type: 'string' },
  plan: { type: 'string' },
  input: { type: 'string' },
  fault: { type: 'string' },
  from: { type: 'string' },
  engine: { type: 'string' },
  json: { type: 'boolean' },
  report: { type: 'string' },
  open: { type: 'boolean' },
  'suggest-settled': { type: 'boolean' },
  'diff-now': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Reads the command line. @throws DrillError InvalidArguments, or InvalidInput */
export const readArguments = (words: string[]): Command => {
  const values = parseWords(words, options);
  if (values.help) return { kind: 'print', text: helpText };
  if (values.fault === 'list') return { kind: 'print', text: listFaults() };
  const engine = findEngine(values.engine ?? 'postgres');
  return {
    kind: values['suggest-settled'] ? 'suggest' : 'drill',
    arguments: {
      engine,
      sqlFile: values.sql ?? null,
      planFile: values.plan ?? null,
      fault: values.fault === undefined ? null : findFault(values.fault, engine),
      from: values.from === undefined ? null : findOrigin(values.from),
      input: values.input === undefined ? {} : parseExecutionInput(readInput(values.input)),
      isJson: values.json ?? false,
      isOpened: values.open ?? false,
      reportFolder: values.report ?? null,
      isDiffed: values['diff-now'] ?? false,
    },
  };
};

export const parseWords = <Options extends NonNullable<ParseArgsConfig['options']>>(
  words: string[],
  known: Options,
) => {
  try {
    return parseArgs({ args: words, options: known, allowPositionals: false }).values;
  } catch (error) {
    throw new DrillError('InvalidArguments', (error as Error).message, { cause: error });
  }
};

export const findEngine = (name: string): EngineName => {
  const engine = engineNames.find((known) => known === name);
  if (engine !== undefined) return engine;
  throw new DrillError(
    'InvalidArguments',
    `there is no engine "${name}"; use one of ${engineNames.join(', ')}`,
  );
};

const findOrigin = (name: string): RestoreOrigin => {
  const origin = restoreOrigins.find((known) => known === name);
  if (origin !== undefined) return origin;
  throw new DrillError(
    'InvalidArguments',
    `there is nothing "${name}" to restore from; use one of ${restoreOrigins.join(', ')}`,
  );
};

const findFault = (name: string, engine: EngineName): Fault => {
  const fault = faults.find((known) => known.name === name);
  if (fault === undefined) {
    const names = faults.map((known) => known.name).join(', ');
    throw new DrillError('InvalidArguments', `there is no fault "${name}"; use one of ${names}`);
  }
  if (appliesTo(fault, engine)) return fault;
  const engines = engineNames.filter((other) => appliesTo(fault, other)).join(', ');
  throw new DrillError('InvalidArguments', `fault ${name} is for ${engines} only`, {
    hint: `add --engine ${engines}, or choose another fault: --fault list shows all`,
  });
};

const listFaults = (): string =>
  faults.map(({ name, description }) => `${name.padEnd(18)}${description}`).join('\n');

/** The JSON of an option. */
export const readJson = (option: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DrillError('InvalidArguments', `--${option} is not JSON: ${(error as Error).message}`, {
      hint: `quote it for the shell, as in --input '{"dryRun": true}'`,
      cause: error,
    });
  }
};

/** The JSON of `--input`. */
export const readInput = (text: string): unknown => readJson('input', text);

/** The same, where an object is needed to add to. */
export const readInputObject = (text: string): Record<string, unknown> => {
  const input = readInput(text);
  if (typeof input === 'object' && input !== null && !Array.isArray(input))
    return input as Record<string, unknown>;
  throw new DrillError('InvalidArguments', `--input is ${text}, expected an object`, {
    hint: `write it as in --input '{"dryRun": true}'`,
  });
};
