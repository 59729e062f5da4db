import { parseMarkInput } from '../../../shared/rewind/mark-input.ts';
import { parseWords, readInputObject } from '../arguments.ts';
import { sharedExitCodes } from '../command.ts';

export type MarkArguments = { input: Record<string, unknown>; isJson: boolean };

export type MarkCommand = { kind: 'mark'; arguments: MarkArguments } | { kind: 'print'; text: string };

export const markHelp = `Marks a second to come back to on this machine: MariaDB plays Aurora MySQL with Backtrack, under write load.

usage: npm run mark [-- options]

  --no-snapshot   take no safety snapshot
  --input JSON    the execution input, as in the Step Functions console: '{"expiresDays": 30}'
  --json          print only the document of the mark on stdout; all else goes to stderr
                  (with npm run -s, which keeps npm's own lines away)
  --help          this text

Nothing of it stays: npm run rewind makes a mark, and goes back to it.

exit code: 0 marked, 1 not, ${sharedExitCodes}`;

const options = {
  'no-snapshot': { type: 'boolean' },
  input: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Reads the command line. @throws DrillError InvalidArguments, or InvalidInput */
export const readMarkArguments = (words: string[]): MarkCommand => {
  const values = parseWords(words, options);
  if (values.help) return { kind: 'print', text: markHelp };
  const input = {
    ...(values.input !== undefined && readInputObject(values.input)),
    ...(values['no-snapshot'] && { snapshot: false }),
  };
  parseMarkInput(input);
  return { kind: 'mark', arguments: { input, isJson: values.json ?? false } };
};
