import { parseRecoverInput } from '../../../shared/recovery/input.ts';
import type { EngineName } from '../../servers/engine-name.ts';
import { type ChosenAccident, findAccident, listAccidents } from '../accidents.ts';
import { findEngine, parseWords, readInput } from '../arguments.ts';
import { sharedExitCodes } from '../command.ts';

export type RecoveryArguments = {
  engine: EngineName;
  accident: ChosenAccident;
  sqlFile: string | null;
  planFile: string | null;
  planName: string | undefined;
  /** What of the execution input somebody typed. Without `restoreTo`, the second before the accident is meant. */
  input: Record<string, unknown>;
  /** Leaves the recovered cluster and its source running. */
  isKept: boolean;
  isJson: boolean;
  /** Opens the report in a browser at the end. */
  isOpened: boolean;
  reportFolder: string | null;
};

export type RecoveryCommand =
  | { kind: 'recover'; arguments: RecoveryArguments }
  | { kind: 'print'; text: string };

export const recoveryHelp = `Recovers from an accident on this machine: a real database under write load, the real state machine.

usage: npm run recover [-- options]

  --accident NAME what happens: bad-update (the default); --accident list shows all. Or a file of SQL, which ends
                  in .sql: your own accident
  --engine NAME   postgres (the default), or mysql, which uses MariaDB's programs from PATH
  --to TIME       what is recovered to, in place of the second before the accident: latest, which is after it, or
                  a time ago, as 3s ago. Backups begin some seconds before the accident
  --readers N     how many readers the recovered cluster gets (default 1)
  --input JSON    the execution input, as in the Step Functions console: '{"dryRun": true}'
  --sql FILE      recover your own database: a SQL file, as pg_dump or mysqldump writes it, plain or in gzip.
                  --accident then names a file too
  --plan FILE     your own plan, in the format of plans.yml; its tests run on the recovered cluster
  --keep          leave production and the recovered cluster running until Ctrl-C, and show how to connect
  --json          print only the document of the recovery on stdout, with what the accident did under "accident";
                  all else goes to stderr (with npm run -s, which keeps npm's own lines away)
  --report DIR    where result.json, report.html and messages.txt go (default drill-reports/<recovery id>;
                  drill-reports/index.html is the history of all drills and recoveries here)
  --open          open the report in a browser at the end
  --help          this text

Colours and links appear only in a terminal; NO_COLOR=1 turns them off.

exit code: 0 recovered, its tests passed and it answers with the rows of before; 1 not; ${sharedExitCodes}`;

const options = {
  accident: { type: 'string' },
  engine: { type: 'string' },
  to: { type: 'string' },
  readers: { type: 'string' },
  input: { type: 'string' },
  sql: { type: 'string' },
  plan: { type: 'string' },
  keep: { type: 'boolean' },
  json: { type: 'boolean' },
  report: { type: 'string' },
  open: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Reads the command line. @throws DrillError InvalidArguments, or InvalidInput */
export const readRecoveryArguments = (words: string[]): RecoveryCommand => {
  const values = parseWords(words, options);
  if (values.help) return { kind: 'print', text: recoveryHelp };
  if (values.accident === 'list') return { kind: 'print', text: listAccidents() };
  const input = {
    readers: 1,
    ...(values.input !== undefined && readObject(values.input)),
    ...(values.to !== undefined && { restoreTo: values.to }),
    ...(values.readers !== undefined && { readers: readNumber(values.readers) }),
  };
  const { plan } = checkInput({ restoreTo: 'latest', ...input });
  return {
    kind: 'recover',
    arguments: {
      engine: findEngine(values.engine ?? 'postgres'),
      accident: findAccident(values.accident, values.sql ?? null),
      sqlFile: values.sql ?? null,
      planFile: values.plan ?? null,
      planName: plan,
      input,
      isKept: values.keep ?? false,
      isJson: values.json ?? false,
      isOpened: values.open ?? false,
      reportFolder: values.report ?? null,
    },
  };
};

/** A word stays one, so that whoever wrote it sees it. */
const readNumber = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);

/** Before any server is started. The execution reads it again. */
const checkInput = (input: unknown) => parseRecoverInput(input, new Date().toISOString());

const readObject = (text: string): object => {
  const input = readInput(text);
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? input : checkInput(input);
};
