// Called by the state machine after PrepareDrill, inside the VPC.
// Changes nothing: reads production around the second that the copy is restored to, or once before a snapshot is taken.
// Running it twice takes a later second, which is as good: only the last one counts.
import { iamDatabase } from '../../shared/aws/iam-database.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Database, maxReadingMs, type Reader } from '../../shared/database/port.ts';
import {
  assertFits,
  assertNotEmpty,
  assertSomethingRead,
  fitRest,
  packedBytes,
} from '../../shared/drill/baseline.ts';
import type { Baseline, Preparation } from '../../shared/drill/state.ts';
import { defineStep } from '../../shared/drill/step.ts';
import { DrillError } from '../../shared/errors.ts';
import { type Clock, countDown, toIso } from '../../shared/instants.ts';
import { pack } from '../../shared/job/packing.ts';
import { nothingYet, readFirst, toPlanned } from '../../shared/kept-baseline/first-reading.ts';
import { judgeSideEffects, type SideEffectSights } from '../../shared/plan/side-effects.ts';
import {
  type BracketReaders,
  openBaseline,
  withoutInstant,
  withReader,
  withReaders,
} from '../../shared/truth/bracket.ts';
import { describeFigures, describeRows, readFigures } from '../../shared/truth/figures.ts';
import { maxFiguresBytes } from '../../shared/truth/room-in-state.ts';
import { defaultSchemaOf } from '../../shared/truth/wanted.ts';

type Deps = { database: Database; now: Clock };

export const captureBaseline = defineStep(
  'CaptureBaseline',
  ['PrepareDrill'],
  ({ PrepareDrill: drill }, deps: Deps): Promise<Baseline> =>
    drill.copyKind === 'fresh-snapshot' ? captureFirst(drill, deps) : captureAround(drill, deps),
);

/** Production around the instant, or only its definitions where the copy is of an earlier time. */
const captureAround = (drill: Preparation, { database, now }: Deps): Promise<Baseline> => {
  const { restoreTo, baselineAddress, checks } = drill;
  const options = {
    sessions: Math.floor(checks.sessions / 2),
    remainingMs: countDown(now, maxReadingMs),
  };
  return withReaders(database, baselineAddress, options, async (readers) => {
    const opened =
      restoreTo === null ? await openBaseline(readers, checks.bracketMs) : await openAtOnce(readers);
    const bracket = opened?.bracket ?? null;
    const { reason, doubt, sights } = await assertQuiet(readers.before, drill);
    const read = await readFigures(readers, {
      checks,
      opened,
      defaultSchema: defaultSchemaOf(baselineAddress),
      seed: seedOf(drill),
    });
    const figures = fitRest(read, maxFiguresBytes);
    if (bracket !== null) {
      assertSomethingRead(figures);
      assertNotEmpty(figures, drill);
    }
    const instant = bracket?.instant ?? restoreTo ?? toIso(now());
    const kind = bracket === null ? 'none' : 'same-instant';
    assertFits(figures, drill, { restoreTo: instant, kind, maxBytes: maxFiguresBytes });
    return {
      kind,
      restoreTo: instant,
      bracket: bracket && withoutInstant(bracket),
      summary: join(describeFigures(figures), reason),
      sideEffects: doubt,
      sights,
      figures: pack(figures),
    };
  });
};

/** Production before the snapshot is taken. CompleteBaseline reads it once more, when there is one. */
const captureFirst = (drill: Preparation, { database, now }: Deps): Promise<Baseline> => {
  const { baselineAddress, checks } = drill;
  const options = { sessions: checks.sessions, remainingMs: countDown(now, maxReadingMs) };
  return withReader(database, baselineAddress, options, async (reader) => {
    await reader.openSnapshot(0);
    const { reason, doubt, sights } = await assertQuiet(reader, drill);
    const defaultSchema = defaultSchemaOf(baselineAddress);
    const first = await readFirst(reader, {
      checks,
      defaultSchema,
      seed: seedOf(drill),
      bytesOf: packedBytes,
    });
    const planned = toPlanned(first);
    assertSomethingRead(planned);
    assertNotEmpty(planned, drill);
    const restoreTo = toIso(now());
    assertFits(planned, drill, { restoreTo, kind: 'same-instant', maxBytes: maxFiguresBytes });
    return {
      kind: 'none',
      restoreTo,
      bracket: null,
      summary: join(`${describeRows(planned)} before the snapshot`, reason),
      sideEffects: doubt,
      sights,
      figures: pack(nothingYet),
      first: pack(first),
    };
  });
};

const join = (summary: string, reason: string): string =>
  [summary, ...(reason === '' ? [] : [reason])].join('; ');

/** As good as random, and the same when the step runs twice. */
const seedOf = ({ id }: Preparation): number => Number.parseInt(id, 16) % 1_000_000;

/** Before anything is restored. @returns what to say of them, if anything */
const assertQuiet = async (
  reader: Reader,
  { sideEffects, source }: Preparation,
): Promise<{ reason: string; doubt: string; sights: SideEffectSights }> => {
  const rule = sideEffects ?? { action: 'refuse', quiet: [] };
  const decision = judgeSideEffects(await reader.listSideEffects(), rule, source.identifier);
  if (decision.action === 'go on') return decision;
  const isOld = sideEffects === undefined;
  const hint = isOld
    ? 'this drill began before an upgrade: start a new one, which reads the plan again'
    : decision.hint;
  throw new DrillError('SideEffects', decision.reason, { hint });
};

/** Only the present schema can be read, so any instant will do. */
const openAtOnce = async ({ before, after }: BracketReaders): Promise<null> => {
  await Promise.all([before.openSnapshot(0), after.openSnapshot(0)]);
  return null;
};

export const handler = lambdaHandler(captureBaseline, {
  database: iamDatabase(),
  now: systemClock,
});
