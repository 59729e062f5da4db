import { DrillError } from '../../../shared/errors.ts';
import type { MarkDocument } from '../../../shared/rewinding/marking.ts';
import { localPace } from '../../aurora/world.ts';
import { startMark } from '../../machine/mark.ts';
import type { Keeper } from '../../servers/keeper.ts';
import { toLine } from '../columns.ts';
import type { Paint } from '../paint.ts';
import { type Progress, startStep, stopStep } from '../progress.ts';
import type { MarkSettings } from '../settings.ts';
import { type BacktrackWorld, nameExecution, startBacktrackWorld } from './world.ts';

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
