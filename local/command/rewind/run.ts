import { isDeepStrictEqual } from 'node:util';
import type { RecoveryDocument } from '../../../shared/recovery/document.ts';
import { type RewindDocument, rewindPhases } from '../../../shared/rewind/document.ts';
import type { MarkWords } from '../../../shared/rewind/mark.ts';
import type { MarkDocument } from '../../../shared/rewinding/marking.ts';
import { askOnce, type Happened, letHappen } from '../../accidents/happening.ts';
import { neededColumn } from '../../accidents/needed-column.ts';
import type { Keeper } from '../../servers/keeper.ts';
import type { Source } from '../../sources/source.ts';
import { type Progress, startStep, stopStep } from '../progress.ts';
import { type Answering, askRecovered } from '../recovery/ask-recovered.ts';
import type { RewindSettings } from '../settings.ts';
import { recoverOnce, rewindOnce, type Stage } from './executions.ts';
import { makeMark, markStep, requireMarked } from './mark.ts';
import { startBacktrackWorld } from './world.ts';

const migrateStep = 'MigrateBadly';
const preflightStep = 'AskForCode';
const recoverStep = 'RecoverInstead';
const askStep = 'AskProduction';

/** The steps that the progress shows, in order. */
export const rewindSteps: readonly string[] = [
  startStep,
  markStep,
  migrateStep,
  preflightStep,
  ...rewindPhases,
  recoverStep,
  askStep,
  stopStep,
];

/** `isAsBefore`: what the migration changed is as it was. `trouble`: what the server answers to a write; null if it takes it. */
type Production = { isAsBefore: boolean; trouble: string | null };

/** `rewind`: the last document: of the pre-flight, if nothing confirmed it. `recovery`: what was done where that was blocked. */
export type Rewound = {
  mark: MarkDocument;
  happened: Happened;
  /** What the server answered to a write once the migration was done. */
  broken: string | null;
  rewind: RewindDocument;
  /** How often production was asked to go back. */
  calls: number;
  recovery: RecoveryDocument | null;
  /** The servers of the recovered cluster. */
  answering: Answering[];
  production: Production;
  folder: string;
  rowsWritten: number;
};

/** Lets a migration break the writes of a world of its own, and undoes it, each step with the input that the one before printed. */
export const runRewind = async (
  settings: RewindSettings,
  keeper: Keeper,
  progress: Progress,
): Promise<Rewound> => {
  const { fault, isBlocked, to } = settings.options;
  progress.begin(startStep);
  const world = await startBacktrackWorld(
    settings,
    { fault, hasBinlogConsumers: isBlocked },
    keeper,
    progress,
  );
  const { source, database, address } = world;
  const writeLoad = await source.startWriteLoad();
  progress.begin(markStep);
  const mark = await makeMark(world, { reason: 'before the migration' });
  const { inputs } = requireMarked(mark);

  progress.begin(migrateStep);
  const happened = await letHappen(neededColumn, { source, database, address });
  const rowsWritten = writeLoad.rowsWritten();
  await writeLoad.stop().catch((error: Error) => progress.note(`writes fail: ${error.message}`));
  const broken = await tryWriting(source);

  progress.begin(preflightStep);
  const stage = { world, settings, progress };
  const { rewind, folder } = await rewindAsTold(stage, aimAt(inputs, to));
  const out = rewind.outcome === 'blocked' ? rewind.next.recover : null;
  if (out !== null) progress.begin(recoverStep);
  const recovery = out === null ? null : await recoverOnce(stage, out);
  progress.begin(askStep);
  const question = { sql: neededColumn.probe, expected: happened.answer };
  const answering = recovery === null ? [] : await askRecovered(world, recovery, address, question);
  const answer = await askOnce(database, address, question.sql);
  const production = {
    isAsBefore: isDeepStrictEqual(answer, happened.answer),
    trouble: await tryWriting(source),
  };
  progress.begin(stopStep);
  const calls = world.countCalls();
  return { mark, happened, broken, rewind, calls, recovery, answering, production, folder, rowsWritten };
};

/** The input of the pre-flight. A mark of a cluster that is blocked knows the way to a recovery alone, whose input is typed alike. */
const aimAt = ({ rewind, recover }: MarkWords['inputs'], to: string | null): string => {
  const input = rewind ?? recover;
  return to === null ? input : JSON.stringify({ ...JSON.parse(input), restoreTo: to });
};

/** The pre-flight, and what it says confirms it. @returns the last of the two */
const rewindAsTold = async (stage: Stage, input: string): ReturnType<typeof rewindOnce> => {
  const preflight = await rewindOnce(stage, input, false);
  const { confirmed } = preflight.rewind.next;
  return confirmed === null ? preflight : rewindOnce(stage, confirmed, true);
};

/** Whether the migration is undone, in place or in a cluster beside it. */
export const isUndone = ({ rewind, recovery, answering, production }: Rewound): boolean =>
  recovery === null
    ? rewind.verdict === 'passed' && production.isAsBefore && production.trouble === null
    : recovery.verdict === 'passed' &&
      answering.length > 0 &&
      answering.every(({ isAsBefore }) => isAsBefore);

/** One round of the write load. @returns what the server answered; null if it took it */
const tryWriting = async (source: Source): Promise<string | null> => {
  const writeLoad = await source.startWriteLoad();
  try {
    await writeLoad.stop();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};
