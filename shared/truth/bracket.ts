import type {
  ChangeCount,
  Database,
  DatabaseAddress,
  Definition,
  Progress,
  Reader,
  ReaderOptions,
  Span,
} from '../database/port.ts';
import type { Table } from '../database/tables.ts';
import { DrillError, describeError, isDrillError } from '../errors.ts';
import { toIso } from '../instants.ts';
import { type CounterFigures, readCounters, summarizeCounters } from './counter-checks.ts';
import { type Watch, watchProgress } from './progress.ts';

/** Production just before and just after the instant. */
export type BracketReaders = { before: Reader; after: Reader };

/**
 * The instant T to restore to, and how long before and after it production was read, in milliseconds. `span` is what was
 * written between the two snapshots, `defined` what was written since definitions were first read, where the engine tells.
 */
export type Bracket = { instant: string; beforeMs: number; afterMs: number; span?: Span; defined?: Span };

/** What tables and other definitions there were, and how often they had changed. */
export type Definitions = { tables: Table[]; others: Definition[] | Unread; changes: ChangeCount };

/** After everything else. `changes` is null if there was no time to look: then these are from the second snapshot. */
export type LateDefinitions = Omit<Definitions, 'changes'> & { changes: ChangeCount | null };

/** Why they could not be read. */
export type Unread = { unread: string };

/** Definitions are one check among many, so an error here must not end a drill. */
export const readOthers = async (reader: Reader): Promise<Definition[] | Unread> => {
  try {
    return await reader.listDefinitions();
  } catch (error) {
    if (!isDrillError(error) || error.name === 'DatabaseUnreachable') throw error;
    return { unread: describeError(error) };
  }
};

export type OpenedBracket = {
  bracket: Bracket;
  /** From before the first snapshot. */
  early: Definitions;
  /** From the second snapshot. */
  tables: Table[];
  /** How far production was at which time, from before the first snapshot until the second. */
  progress: Progress[];
  /** From before the instant, unless they went back since. */
  counters: CounterFigures;
};

/** The first snapshot is taken this long before the second begins: enough for a round trip. */
const leadMs = 40;
/**
 * A transaction committed before T becomes visible a little later, once its log is safe. This is many times as long as
 * that takes. A reader's lag comes on top.
 */
export const settleMs = 250;
const maxAttempts = 10;

/**
 * Opens the bracket, and reads the definitions on either side of it. The first list comes before the bracket, since
 * definitions are not part of a snapshot in MySQL, and only in part in PostgreSQL.
 */
export const openBaseline = async (readers: BracketReaders, bracketMs = 0): Promise<OpenedBracket> => {
  const { before, after } = readers;
  await before.openSnapshot(0);
  const start = await before.readMark();
  const counters = await readCounters(before);
  const changes = await before.countChanges();
  const listed = await before.listTables();
  const early = { tables: listed, others: await readOthers(before), changes };
  const watch = watchProgress(after, listed, bracketMs);
  const { bracket, progress } = await openWatched(watch, () => openBracket(readers, bracketMs, watch));
  const countersAfter = await readCounters(after);
  const [from, to] = await Promise.all([before.readMark(), after.readMark()]);
  const isMarked = start !== null && from !== null && to !== null;
  const spans = isMarked ? { span: { from, to }, defined: { from: start, to } } : {};
  return {
    bracket: { ...bracket, ...spans },
    early,
    tables: await after.listTables(),
    progress,
    counters: summarizeCounters(counters, countersAfter),
  };
};

/** Whatever fails, nobody goes on watching. */
const openWatched = async <Opened>(watch: Watch, open: () => Promise<Opened>): Promise<Opened> => {
  try {
    return await open();
  } finally {
    await watch.stop();
  }
};

/** A server takes this long to publish what a busy session has counted (PostgreSQL: PGSTAT_MIN_INTERVAL, 1 s). */
const publishMs = 1200;

/**
 * Definitions once everything is read. What changed since the bracket began is marked. When the time is up, or somebody holds
 * a lock, what was read of the rows still counts.
 */
export const readLateDefinitions = async (
  after: Reader,
  { bracket, tables }: Pick<OpenedBracket, 'bracket' | 'tables'>,
): Promise<LateDefinitions> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await lookAgain(after, bracket);
    } catch (error) {
      const isBusy = isDrillError(error, 'DatabaseBusy');
      if (!isBusy && !isDrillError(error, 'OutOfTime')) throw error;
      // What was dropped while it was looked up is gone at the next look.
      if (isBusy && attempt < maxAttempts) continue;
      return { tables, others: { unread: describeError(error) }, changes: null };
    }
  }
};

const lookAgain = async (after: Reader, { instant, afterMs, defined }: Bracket): Promise<Definitions> => {
  await after.openSnapshot(defined === undefined ? 0 : Date.parse(instant) + afterMs + publishMs);
  const to = await after.readMark();
  const since = defined === undefined || to === null ? undefined : { from: defined.from, to };
  const tables = await after.listTables(since);
  return { tables, others: await readOthers(after), changes: await after.countChanges() };
};

/** Takes one snapshot of production this long before a whole second on its own clock, and one as long after. */
export const openBracket = async (
  { before, after }: BracketReaders,
  bracketMs: number,
  watch: Watch,
): Promise<{ bracket: Bracket; progress: Progress[] }> => {
  let instantMs = 0;
  let takenMs = 0;
  for (let attempt = 1; ; attempt++) {
    // A sleep takes a moment longer than asked.
    instantMs = Math.ceil(((await before.readClock()) + bracketMs + 2 * leadMs) / 1000) * 1000;
    const latestMs = instantMs - bracketMs;
    takenMs = await before.openSnapshot(latestMs - leadMs);
    if (takenMs <= latestMs) break;
    if (attempt === maxAttempts) {
      throw new DrillError(
        'DatabaseBusy',
        `a snapshot of production took ${Math.round(takenMs - latestMs + leadMs)} ms, too long ${attempt} times in a row; ${leadMs} ms are allowed`,
      );
    }
  }
  const endMs = instantMs + bracketMs + settleMs;
  const progress = await watch.until(endMs + (await after.readLag()));
  const afterMs = (await openAfter(after, endMs)) - instantMs;
  const bracket = { instant: toIso(new Date(instantMs)), beforeMs: Math.round(instantMs - takenMs), afterMs };
  return { bracket, progress };
};

/**
 * Opens a snapshot that shows all that was committed until then. The lag may grow during the wait for it, so it is read
 * again afterwards.
 */
export const openAfter = async (after: Reader, endMs: number): Promise<number> => {
  let lagMs = await after.readLag();
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const takenMs = await after.openSnapshot(endMs + lagMs);
    const seenMs = await after.readLag();
    if (takenMs - seenMs >= endMs || seenMs <= lagMs) return Math.round(takenMs);
    lagMs = 2 * seenMs;
  }
  throw new DrillError(
    'DatabaseBusy',
    `the reader falls further and further behind its writer, ${Math.round(lagMs)} ms by now`,
  );
};

export const withoutInstant = ({ instant: _, ...bracket }: Bracket): Omit<Bracket, 'instant'> => bracket;

/** Opens a reader, uses it, and closes it whatever happens. */
export const withReader = async <Answer>(
  database: Database,
  address: DatabaseAddress,
  options: ReaderOptions,
  use: (reader: Reader) => Promise<Answer>,
): Promise<Answer> => {
  const reader = await database.open(address, options);
  try {
    return await use(reader);
  } finally {
    await reader.close();
  }
};

/** Opens both readers at one address, uses them, and closes them whatever happens. */
export const withReaders = async <Answer>(
  database: Database,
  address: DatabaseAddress,
  options: ReaderOptions,
  use: (readers: BracketReaders) => Promise<Answer>,
): Promise<Answer> =>
  withReader(database, address, options, (before) =>
    withReader(database, address, options, (after) => use({ before, after })),
  );
