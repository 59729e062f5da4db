// Called by the state machine once a fresh snapshot is available, inside the VPC.
// Changes nothing: reads production once more. What is the same as before the snapshot was taken has to be in it.
// Running it twice reads a later time, which is as good: the snapshot lies before it.
import { iamDatabase } from '../../shared/aws/iam-database.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Database, maxReadingMs } from '../../shared/database/port.ts';
import { assertFits, assertSomethingRead, fitRest } from '../../shared/drill/baseline.ts';
import type { Baseline } from '../../shared/drill/state.ts';
import { defineStep } from '../../shared/drill/step.ts';
import { DrillError } from '../../shared/errors.ts';
import { type Clock, countDown } from '../../shared/instants.ts';
import { pack, unpack } from '../../shared/job/packing.ts';
import { getSnapshot } from '../../shared/job/state.ts';
import { completeFigures } from '../../shared/kept-baseline/second-reading.ts';
import { withoutInstant, withReader } from '../../shared/truth/bracket.ts';
import { describeFigures } from '../../shared/truth/figures.ts';
import { maxFiguresBytes } from '../../shared/truth/room-in-state.ts';

type Deps = { database: Database; now: Clock };

export const completeBaseline = defineStep(
  'CompleteBaseline',
  ['PrepareDrill', 'CaptureBaseline', 'CheckSnapshot'],
  async (state, { database, now }: Deps): Promise<Baseline> => {
    const { PrepareDrill: drill, CaptureBaseline: early } = state;
    const { baselineAddress, checks } = drill;
    const { createdAt } = getSnapshot(state);
    const { first } = early;
    if (first === undefined)
      throw new DrillError('UnreadableAnswer', 'CaptureBaseline left no first reading');
    const options = { sessions: checks.sessions, remainingMs: countDown(now, maxReadingMs) };
    return withReader(database, baselineAddress, options, async (reader) => {
      const read = await completeFigures(reader, unpack(first), { checks, createdAt });
      // Both readings stay in the state data.
      const maxBytes = maxFiguresBytes - first.length;
      const figures = fitRest(read.figures, maxBytes);
      assertSomethingRead(figures);
      assertFits(figures, drill, { restoreTo: createdAt, kind: 'same-instant', maxBytes });
      return {
        kind: 'same-instant',
        restoreTo: createdAt,
        bracket: withoutInstant(read.bracket),
        summary: describeFigures(figures),
        ...(early.sideEffects !== undefined && { sideEffects: early.sideEffects }),
        ...(early.sights !== undefined && { sights: early.sights }),
        figures: pack(figures),
      };
    });
  },
);

export const handler = lambdaHandler(completeBaseline, { database: iamDatabase(), now: systemClock });
