import { DrillError } from '../../../shared/errors.ts';
import { parseRehearseInput } from '../../../shared/rehearsal/input.ts';
import type { EngineName } from '../../servers/engine-name.ts';
import { findEngine, parseWords, readInputObject, readJson } from '../arguments.ts';
import { sharedExitCodes } from '../command.ts';

export type RehearsalArguments = {
  engine: EngineName;
  /** The script; null: the sample change that blocks. */
  changeFile: string | null;
  sqlFile: string | null;
  planFile: string | null;
  planName: string | undefined;
  /** What of the execution input somebody typed: all but the change. */
  input: Record<string, unknown>;
  /** What stdout gets. All but a summary is alone there. */
  output: 'summary' | 'markdown' | 'json';
  /** Opens the report in a browser at the end. */
  isOpened: boolean;
  reportFolder: string | null;
};

export type RehearsalCommand =
  | { kind: 'rehearse'; arguments: RehearsalArguments }
  | { kind: 'print'; text: string };

export const rehearsalHelp = `Rehearses a schema change on this machine: a real database, a clone of it, the real state machine.

usage: npm run rehearse [-- options]

  --change FILE   the script to rehearse (default: a sample change that blocks, in local/changes)
  --engine NAME   postgres (the default), or mysql, which uses MariaDB's programs from PATH
  --sql FILE      rehearse on your own database: a SQL file, as pg_dump or mysqldump writes it, plain or in gzip.
                  --change then names a script for it
  --plan FILE     your own plan, in the format of plans.yml
  --limits JSON   limits in place of the plan's: '{"blockedWriteMs": 300}'
  --contender TIME
                  how long a transaction that has read the tables stays open as the change begins: 2s (the default),
                  500ms
  --no-contender  none
  --input JSON    more of the execution input, as in the Step Functions console: '{"dryRun": true}'
  --markdown      print only Markdown for a pull request on stdout; all else goes to stderr
                  (with npm run -s, which keeps npm's own lines away)
  --json          print only the document of the rehearsal on stdout, in the same way
  --report DIR    where result.json, report.html and messages.txt go (default drill-reports/<rehearsal id>;
                  drill-reports/index.html is the history of all drills, recoveries and rehearsals here)
  --open          open the report in a browser at the end
  --help          this text

Colours and links appear only in a terminal; NO_COLOR=1 turns them off.

exit code: 0 safe, 1 unsafe, failed or not measured, ${sharedExitCodes}`;

const options = {
  change: { type: 'string' },
  engine: { type: 'string' },
  sql: { type: 'string' },
  plan: { type: 'string' },
  limits: { type: 'string' },
  contender: { type: 'string' },
  'no-contender': { type: 'boolean' },
  input: { type: 'string' },
  markdown: { type: 'boolean' },
  json: { type: 'boolean' },
  report: { type: 'string' },
  open: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Reads the command line. @throws DrillError InvalidArguments, or InvalidInput */
export const readRehearsalArguments = (words: string[]): RehearsalCommand => {
  const values = parseWords(words, options);
  if (values.help) return { kind: 'print', text: rehearsalHelp };
  const { change, sql, contender, 'no-contender': isAlone = false } = values;
  if (change === undefined && sql !== undefined)
    throw wrong(`the sample change is one of the sample, and --sql loads ${sql}`, 'add --change FILE');
  if (isAlone && contender !== undefined)
    throw wrong(`--contender ${contender} and --no-contender say opposite things`, 'leave one out');
  if (values.json && values.markdown)
    throw wrong(
      '--json and --markdown each want stdout alone',
      'leave one out: --report DIR has the document',
    );
  const input = {
    ...(values.input !== undefined && readTyped(values.input)),
    ...(values.limits !== undefined && { limits: readJson('limits', values.limits) }),
    ...(contender !== undefined && { contenderSeconds: readSeconds(contender) }),
    ...(isAlone && { contenderSeconds: 0 }),
  };
  const { plan } = parseRehearseInput({ change: ['the script'], ...input });
  return {
    kind: 'rehearse',
    arguments: {
      engine: findEngine(values.engine ?? 'postgres'),
      changeFile: change ?? null,
      sqlFile: sql ?? null,
      planFile: values.plan ?? null,
      planName: plan,
      input,
      output: values.json ? 'json' : values.markdown ? 'markdown' : 'summary',
      isOpened: values.open ?? false,
      reportFolder: values.report ?? null,
    },
  };
};

const wrong = (message: string, hint: string): DrillError =>
  new DrillError('InvalidArguments', message, { hint });

const readTyped = (text: string): object => {
  const input = readInputObject(text);
  if ('change' in input) throw wrong('--input has a change', 'write it into a file: --change FILE');
  return input;
};

/** "2s", "500ms" or "2", in seconds. */
const readSeconds = (text: string): number => {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text) ?? [];
  if (digits === undefined) throw wrong(`--contender is ${text}, expected a time`, 'write 2s or 500ms');
  return unit === 'ms' ? Number(digits) / 1000 : Number(digits);
};
