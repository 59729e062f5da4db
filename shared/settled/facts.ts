import type { TimeColumn } from '../database/port.ts';
import { decodeKey, keyOf } from '../database/row-lines.ts';
import { findDifference, type TableDifference } from '../rows/difference.ts';
import { keepLeast } from '../rows/least-keys.ts';
import type { Side } from '../rows/matching.ts';
import { type End, findEnd } from './end.ts';
import { findMoved, type Moved, type Sides } from './moved-rows.ts';
import { countCopyFrom, cutFiner, firstBounds, joinCounts, type Span } from './spans.ts';
import { findZones, momentAt, type Rule, type Zones } from './zones.ts';

/** What is known of a table's settled rows. In `difference` the left side is production. */
export type Facts = {
  rule: Rule;
  column: TimeColumn;
  zones: Zones;
  /** Of the rows of the settled zone. */
  difference: TableDifference;
  moved: Moved;
  /** Of all rows that have a time. */
  spans: Span[];
  end: End | null;
  without: { production: number; copy: number };
  /** The first keys of rows that the copy has after T + margin. */
  lateKeys: string[][];
};

/** A purge may have deleted many rows, and a sample proves nothing. */
const limits = { mostFetched: 1_000_000, mostListed: 1000, mostExamined: 1000 };

/** @throws DrillError of the readers */
export const readFacts = async (
  sides: Sides,
  column: TimeColumn,
  rule: Rule,
  restoreToMs: number,
): Promise<Facts> => {
  const nowMs = Math.floor(await sides.production.reader.readClock());
  const zones = findZones(column, rule, { restoreToMs, nowMs });
  const counted = await countSpans(sides, column.name, zones);
  const where = { column: column.name, before: momentAt(zones.settledEnd) };
  const difference = await findDifference(sides.production, sides.copy, { ...limits, where });
  return {
    rule,
    column,
    zones,
    difference,
    moved: await findMoved(sides, difference, column.name),
    ...counted,
    lateKeys: await listLateKeys(sides.copy, column.name, zones, counted.spans),
  };
};

const mostRounds = 5;

/** Counts the rows of both sides by time: the finer, the closer to where the copy's rows end. */
const countSpans = async (
  { production, copy }: Sides,
  column: string,
  zones: Zones,
): Promise<Pick<Facts, 'spans' | 'end' | 'without'>> => {
  const count = ({ reader, table }: Side, bounds: number[]) =>
    reader.countByTime(table, column, bounds.map(momentAt));
  let bounds = firstBounds(zones);
  for (let round = 1; ; round += 1) {
    const mine = await count(production, bounds);
    const theirs = await count(copy, bounds);
    const spans = joinCounts(bounds, mine, theirs);
    const end = findEnd(spans, zones);
    const wide = (end?.spans ?? []).filter((span) => isWide(span, spans, zones));
    if (wide.length === 0 || round === mostRounds) {
      return { spans, end, without: { production: mine.without, copy: theirs.without } };
    }
    bounds = cutFiner(bounds, wide);
  }
};

/** An eighth of a second is enough to tell, less if it is far off. To judge rows of later times, more has to be known. */
const isWide = ({ fromMs, toMs }: Span, spans: readonly Span[], { asked, afterStart }: Zones): boolean => {
  const hasLate = countCopyFrom(spans, afterStart) > 0;
  const enough = hasLate ? 50 : Math.max(125, Math.abs(asked - toMs) / 500);
  return Number.isFinite(toMs - fromMs) && toMs - fromMs > enough;
};

const rowsPerPack = 64;
const mostLateKeys = 3;

const listLateKeys = async (
  { reader, table }: Side,
  column: string,
  { afterStart }: Zones,
  spans: readonly Span[],
): Promise<string[][]> => {
  const late = countCopyFrom(spans, afterStart);
  if (late === 0 || table.key.length === 0) return [];
  const least = keepLeast(mostLateKeys);
  const request = {
    content: 'keys' as const,
    ranges: { kind: 'bounds' as const, bounds: [] },
    range: 0,
    buckets: null,
    resolution: 1,
    packs: 2 ** Math.ceil(Math.log2(Math.max(1, late / rowsPerPack))),
    where: { column, from: momentAt(afterStart) },
  };
  for await (const packs of reader.readRows(table, request)) {
    for (const { lines } of packs) for (const line of lines) least.add(keyOf(line));
  }
  return least.list().map(decodeKey);
};
