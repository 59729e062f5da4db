import { DrillError } from '../../../shared/errors.ts';
import { parseRewindInput } from '../../../shared/rewind/input.ts';
import { type BacktrackFault, backtrackFaults } from '../../aurora/backtracks.ts';
import { parseWords } from '../arguments.ts';
import { sharedExitCodes } from '../command.ts';

export type RewindArguments = {
  fault: BacktrackFault | null;
  /** Somebody reads the binary log, which forbids a rewind. */
  isBlocked: boolean;
  /** In place of the mark; null: to the mark. */
  to: string | null;
  isJson: boolean;
  /** Opens the report in a browser at the end. */
  isOpened: boolean;
  reportFolder: string | null;
};

export type RewindCommand = { kind: 'rewind'; arguments: RewindArguments } | { kind: 'print'; text: string };

export const rewindHelp = `Rewinds a cluster on this machine: MariaDB plays Aurora MySQL with Backtrack, under the real state machines.

usage: npm run rewind [-- options]

Under write load a mark is made. Then a migration adds a column without a default, and every write fails. The
pre-flight of a rewind to the mark answers with a code, which confirms it, and the same server goes back.
MariaDB's programs have to be in PATH.

  --blocked binlog
                  somebody reads the binary log: the rewind is blocked, and the recovery that it advises is run
  --fault NAME    make something go wrong: lost-answer, failed, other-time, overtaken; --fault list says what each is
  --to TIME       what is rewound to, in place of the mark: a time ago, as 3s ago
  --json          print only the document of the rewind on stdout, with what happened around it under "around";
                  all else goes to stderr (with npm run -s, which keeps npm's own lines away)
  --report DIR    where result.json, report.html and messages.txt go (default drill-reports/<rewind id>;
                  drill-reports/index.html is the history of all jobs here)
  --open          open the report in a browser at the end
  --help          this text

Colours and links appear only in a terminal; NO_COLOR=1 turns them off.

exit code: 0 the migration is undone: by the rewind, or where that was blocked by the recovery; 1 it is not;
           ${sharedExitCodes}`;

const options = {
  blocked: { type: 'string' },
  fault: { type: 'string' },
  to: { type: 'string' },
  json: { type: 'boolean' },
  report: { type: 'string' },
  open: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Reads the command line. @throws DrillError InvalidArguments, or InvalidInput */
export const readRewindArguments = (words: string[]): RewindCommand => {
  const { help, fault, blocked, to = null, json, open, report } = parseWords(words, options);
  if (help) return { kind: 'print', text: rewindHelp };
  if (fault === 'list') return { kind: 'print', text: listFaults() };
  // Before any server is started. The execution reads it again.
  if (to !== null) parseRewindInput({ restoreTo: to }, new Date().toISOString());
  return {
    kind: 'rewind',
    arguments: {
      fault: fault === undefined ? null : findFault(fault),
      isBlocked: blocked !== undefined && isBinlog(blocked),
      to,
      isJson: json ?? false,
      isOpened: open ?? false,
      reportFolder: report ?? null,
    },
  };
};

const names = Object.keys(backtrackFaults) as BacktrackFault[];

const findFault = (name: string): BacktrackFault => {
  const fault = names.find((known) => known === name);
  if (fault !== undefined) return fault;
  throw new DrillError('InvalidArguments', `there is no fault "${name}"; use one of ${names.join(', ')}`);
};

const isBinlog = (by: string): boolean => {
  if (by === 'binlog') return true;
  throw new DrillError('InvalidArguments', `a rewind cannot be blocked by "${by}" here; use binlog`);
};

const listFaults = (): string => names.map((name) => `${name.padEnd(15)}${backtrackFaults[name]}`).join('\n');
