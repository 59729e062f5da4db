import { DrillError } from '../../../shared/errors.ts';
import { parseMarkInput } from '../../../shared/rewind/mark-input.ts';
import type { MarkDocument } from '../../../shared/rewinding/marking.ts';
import { localPace } from '../../aurora/world.ts';
import { startMark } from '../../machine/mark.ts';
import type { Keeper } from '../../servers/keeper.ts';
import { parseWords, readInputObject } from '../arguments.ts';
import { toLine } from '../columns.ts';
import { sharedExitCodes } from '../command.ts';
import type { Paint } from '../paint.ts';
import { type Progress, startStep, stopStep } from '../progress.ts';
import type { MarkSettings } from '../settings.ts';
import { type BacktrackWorld, nameExecution, startBacktrackWorld } from './world.ts';

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

export const markStep = 'MakeMark';

/** The steps that the progress shows, in order. */
export const markSteps: readonly string[] = [startStep, markStep, stopStep];

/** Marks a world of its own. */
export const runMark = async (
  settings: MarkSettings,
  keeper: Keeper,
  progress: Progress,
): Promise<MarkDocument> => {
  progress.begin(startStep);
  const world = await startBacktrackWorld(settings, {}, keeper, progress);
  const writeLoad = await world.source.startWriteLoad();
  progress.begin(markStep);
  const mark = await makeMark(world, settings.options.input);
  progress.begin(stopStep);
  await writeLoad.stop();
  return mark;
};

export const makeMark = async ({ given }: BacktrackWorld, input: object): Promise<MarkDocument> => {
  const execution = await startMark({
    name: nameExecution(),
    input,
    waitMs: localPace.waitMs,
    world: given,
  });
  return (await execution.finished).result;
};

/** A second to come back to. @throws DrillError what kept it from being marked */
export const requireMarked = ({ failure, words }: MarkDocument): NonNullable<MarkDocument['words']> => {
  if (words !== null) return words;
  throw new DrillError('UnreadableAnswer', `nothing is marked: ${failure?.error}: ${failure?.cause}`);
};

/** The summary for a terminal: the second, its safety copy, and what leads back to it. */
export const summarizeMark = ({ failure, words }: MarkDocument, paint: Paint): string => {
  if (words === null)
    return paint.bad(toLine(`nothing is marked: ${failure?.error} in ${failure?.phase}: ${failure?.cause}`));
  const { sentence, notes, inputs } = words;
  return [
    paint.good(toLine(`${sentence}.`)),
    '',
    ...notes.map((note) => `  ${toLine(note)}`),
    ...(inputs.rewind === null ? [] : [`  to rewind to it: ${toLine(inputs.rewind)}`]),
    `  to recover to it: ${toLine(inputs.recover)}`,
  ].join('\n');
};
