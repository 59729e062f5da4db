// Called by the state machine after PrepareDrill, inside the VPC.
// Changes nothing: reads production just before a whole second and just after it. The copy is restored to that second.
// Running it twice takes a later second, which is as good: only the last one counts.
import { iamDatabase } from '../../shared/aws/iam-database.ts';
import { lambdaHandler } from '../../shared/aws/lambda.ts';
import { systemClock } from '../../shared/clock.ts';
import { type Database, maxReadingMs, type Reader } from '../../shared/database/port.ts';
import type { Baseline, Preparation } from '../../shared/drill/state.ts';
import { defineStep } from '../../shared/drill/step.ts';
import { DrillError } from '../../shared/errors.ts';
import { type Clock, countDown, toIso } from '../../shared/instants.ts';
import { pack } from '../../shared/job/packing.ts';
import { judgeSideEffects } from '../../shared/plan/side-effects.ts';
import { type Bracket, type BracketReaders, openBaseline, withReaders } from '../../shared/truth/bracket.ts';
import { withoutCounters } from '../../shared/truth/counter-checks.ts';
import { withoutNames } from '../../shared/truth/definition-checks.ts';
import { type BaselineFigures, describeFigures, readFigures } from '../../shared/truth/figures.ts';
import { listPlannedChecks } from '../../shared/truth/planned-checks.ts';
import { maxChecksBytes, maxFiguresBytes } from '../../shared/truth/room-in-state.ts';
import { defaultSchemaOf } from '../../shared/truth/wanted.ts';
import { countOf } from '../../shared/words.ts';

type Deps = { database: Database; now: Clock };

export const captureBaseline = defineStep(
  'CaptureBaseline',
  ['PrepareDrill'],
  async ({ PrepareDrill: drill }, { database, now }: Deps): Promise<Baseline> => {
    const { restoreTo, copyKind, baselineAddress, checks } = drill;
    const options = {
      sessions: Math.floor(checks.sessions / 2),
      remainingMs: countDown(now, maxReadingMs),
    };
    return withReaders(database, baselineAddress, options, async (readers) => {
      const opened =
        restoreTo === null && copyKind !== 'fresh-snapshot'
          ? await openBaseline(readers, checks.bracketMs)
          : await openAtOnce(readers);
      const bracket = opened?.bracket ?? null;
      const { reason, doubt } = await assertQuiet(readers.before, drill);
      const read = await readFigures(readers, {
        checks,
        opened,
        defaultSchema: defaultSchemaOf(baselineAddress),
        // As good as random, and the same when the step runs twice.
        seed: Number.parseInt(drill.id, 16) % 1_000_000,
      });
      const figures = fitRest(read);
      if (bracket !== null) {
        assertSomethingRead(figures);
        assertNotEmpty(figures, drill);
      }
      const instant = bracket?.instant ?? restoreTo ?? toIso(now());
      assertFits(figures, drill, instant);
      return {
        kind: bracket === null ? 'none' : 'same-instant',
        restoreTo: instant,
        bracket: bracket && withoutInstant(bracket),
        summary: [describeFigures(figures), ...(reason === '' ? [] : [reason])].join('; '),
        sideEffects: doubt,
        figures: pack(figures),
      };
    });
  },
);

const withoutInstant = ({ instant: _, ...bracket }: Bracket): Omit<Bracket, 'instant'> => bracket;

/**
 * Rows matter more. Where not all fits, a finding about definitions names the kind alone. Where that does not help, the
 * positions of counters are left out too.
 */
const fitRest = (figures: BaselineFigures): BaselineFigures => {
  const { definitions, counters } = figures;
  const unnamed = { ...figures, ...(definitions && { definitions: withoutNames(definitions) }) };
  const least = {
    ...unnamed,
    ...(counters && { counters: withoutCounters('they do not fit into the state data') }),
  };
  return [figures, unnamed].find((one) => Buffer.byteLength(pack(one)) <= maxFiguresBytes) ?? least;
};

/** Before anything is restored. @returns what to say of them, if anything */
const assertQuiet = async (
  reader: Reader,
  { sideEffects, source }: Preparation,
): Promise<{ reason: string; doubt: string }> => {
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

/** With nothing to compare, a restore would prove nothing and cost the same. */
const assertSomethingRead = ({ tables }: BaselineFigures): void => {
  const [first] = tables;
  if (tables.some(({ unread }) => unread === null)) return;
  throw new DrillError(
    'OutOfTime',
    `no table of production could be read; ${first?.table}: ${first?.unread}`,
  );
};

const assertNotEmpty = ({ tables }: BaselineFigures, { baselineAddress }: Preparation): void => {
  const hasRows = tables.some(({ rows, unread }) => unread !== null || (rows !== null && rows.before > 0));
  if (hasRows) return;
  const { database, host } = baselineAddress;
  throw new DrillError(
    'EmptyDatabase',
    `database ${database} on ${host} has ${tables.length} tables and no row in any`,
  );
};

/** Fails before the restore when the figures or the checks would not fit into the state data. */
const assertFits = (
  figures: BaselineFigures,
  { checks, baselineAddress }: Preparation,
  restoreTo: string,
): void => {
  // The length of a passed check's reason.
  const reason = 'x'.repeat(70);
  const defaultSchema = defaultSchemaOf(baselineAddress);
  const planned = listPlannedChecks(figures, { checks, defaultSchema, restoreTo, reason });
  const sizes: [string, number, number][] = [
    ['figures', Buffer.byteLength(pack(figures)), maxFiguresBytes],
    ['checks', Buffer.byteLength(JSON.stringify(planned)), maxChecksBytes],
  ];
  for (const [what, bytes, fitting] of sizes) {
    if (bytes <= fitting) continue;
    throw new DrillError(
      'BaselineTooLarge',
      `the ${what} of ${countOf(figures.tables.length, 'table')} take ${bytes} bytes, and ${fitting} fit`,
    );
  }
};

export const handler = lambdaHandler(captureBaseline, {
  database: iamDatabase(),
  now: systemClock,
});
