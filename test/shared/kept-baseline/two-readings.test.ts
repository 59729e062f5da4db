import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Table } from '../../../shared/database/tables.ts';
import { pack, unpack } from '../../../shared/job/packing.ts';
import { readFirst } from '../../../shared/kept-baseline/first-reading.ts';
import { completeFigures } from '../../../shared/kept-baseline/second-reading.ts';
import type { Checks } from '../../../shared/plan/plans.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { compareRestored } from '../../../shared/truth/comparison.ts';
import type { DigestFigures } from '../../../shared/truth/digest.ts';
import { at, makeChecks } from '../drill/state-fixture.ts';
import { bucketOf, makeSimulatedTable, type Row, rangeOf, readerOf } from '../truth/simulated-table.ts';

/**
 * A row at the first reading, in the copy and at the second reading. A null value: no row. What is written while nobody
 * looks ends as it was, or never shows.
 */
type History = { key: number[]; states: [string | null, string | null, string | null] };
/** PostgreSQL marks what was written. MySQL at most tells the next value of a key. */
type Told = 'everything' | 'nothing' | 'next key';
type World = { told: Told; checks: Partial<Checks>; histories: History[]; next: number };

const fates: Record<string, (id: number) => History['states']> = {
  still: (id) => [`one of ${id}`, `one of ${id}`, `one of ${id}`],
  'new before': (id) => [null, `one of ${id}`, `one of ${id}`],
  'new after': (id) => [null, null, `one of ${id}`],
  'gone before': (id) => [`one of ${id}`, null, null],
  'gone after': (id) => [`one of ${id}`, `one of ${id}`, null],
  'updated before': (id) => [`one of ${id}`, `two of ${id}`, `two of ${id}`],
  'updated after': (id) => [`one of ${id}`, `one of ${id}`, `two of ${id}`],
  'updated twice': (id) => [`one of ${id}`, `two of ${id}`, `three of ${id}`],
};
/** MySQL does not show these, but for a new key. */
const passingFates: typeof fates = {
  passing: (id) => [null, `one of ${id}`, null],
  'gone for a while': (id) => [`one of ${id}`, null, `one of ${id}`],
  'updated for a while': (id) => [`one of ${id}`, `two of ${id}`, `one of ${id}`],
};

const newFates = ['new before', 'new after', 'passing'];
const many = Array.from({ length: 16 }, () => 'still');

const listFates = (told: Told, isNew: boolean, onlyAdded: boolean): string[] => {
  if (told === 'next key' && isNew) return newFates;
  if (onlyAdded) return [...many, 'new before', 'new after'];
  if (told === 'everything') return [...many, ...Object.keys({ ...fates, ...passingFates })];
  return [...many, ...Object.keys(fates)];
};

const makeHistory = (id: number, hasKey: boolean, named: string[]): fc.Arbitrary<History> =>
  fc.constantFrom(...named).map((fate) => ({
    key: hasKey ? [id] : [],
    states: { ...fates, ...passingFates }[fate]?.(id) ?? [null, null, null],
  }));

const worlds: fc.Arbitrary<World> = fc
  .record({
    hasKey: fc.boolean(),
    onlyAdded: fc.constantFrom(true, false, false),
    told: fc.constantFrom<Told>('everything', 'nothing', 'next key'),
    checks: fc.constantFrom<Partial<Checks>>(
      {},
      { checksum: 'full' },
      { checksum: 'full', tolerance: '30%' },
    ),
    count: fc.nat({ max: 150 }),
  })
  .chain(({ hasKey, told, checks, count, onlyAdded }) => {
    const next = Math.floor(count * 0.8);
    const rows = Array.from({ length: count }, (_, id) =>
      makeHistory(id, hasKey || told === 'next key', listFates(told, id >= next, onlyAdded)),
    );
    return fc.tuple(...rows).map((histories) => ({ told, checks, histories, next }));
  });

const moments = { first: 0, copy: 1, second: 2 } as const;

/** The rows of a moment. Those that were written since the first reading are fresh. */
const rowsAt = ({ histories }: World, moment: keyof typeof moments): Row[] =>
  histories.flatMap(({ key, states }) => {
    const value = states[moments[moment]];
    const isFresh = states.slice(0, moments[moment] + 1).some((state) => state !== value);
    return value == null ? [] : [{ key, value, isFresh }];
  });

const isRemoval = (from: string | null, to: string | null): boolean => from !== null && from !== to;

const tableAt = ({ told, histories }: World, moment: keyof typeof moments): Table => {
  const removals = histories.flatMap(({ states: [first, copy, second] }) =>
    [isRemoval(first, copy), isRemoval(copy, second)].slice(0, moments[moment]).filter(Boolean),
  ).length;
  const key = histories[0]?.key.length === 0 ? [] : ['id'];
  return makeSimulatedTable({
    key,
    ...(told === 'everything' && { removals, isFresh: false }),
    ...(told === 'next key' && { counted: 'id' }),
  });
};

const readerAt = async (world: World, moment: keyof typeof moments, rows = rowsAt(world, moment)) =>
  (
    await readerOf(rows, {
      listTables: async () => [tableAt(world, moment)],
      readMark: async () => (world.told === 'everything' ? `mark of ${moment}` : null),
      listCounters: async () => [
        { name: 'public.items', next: String(world.next), isRising: true, isRestored: false },
      ],
      chooseBounds: async () => ['20', '70'].filter((bound) => Number(bound) < world.next),
      openSnapshot: async () => Date.parse(at('08:01')) + 120_000 * moments[moment],
    })
  ).reader;

const bytesOf = (value: unknown): number => Buffer.byteLength(pack(value));

const capture = async (world: World) => {
  const checks = makeChecks(world.checks);
  const request = { checks, defaultSchema: 'public', seed: 1, bytesOf };
  const first = unpack(pack(await readFirst(await readerAt(world, 'first'), request)));
  return completeFigures(await readerAt(world, 'second'), first, { checks, createdAt: at('08:03') });
};

const compare = async (
  world: World,
  { figures, bracket }: Awaited<ReturnType<typeof capture>>,
  rows?: Row[],
): Promise<CheckResult[]> => {
  const reader = await readerAt(world, 'copy', rows);
  const common = { checks: makeChecks(world.checks), defaultSchema: 'public', restoreTo: bracket.instant };
  const found: CheckResult[] = [];
  const expectation = { kind: 'same-instant' as const, figures, bracket, ...common };
  for await (const check of compareRestored(reader, expectation)) found.push(check);
  return found;
};

const namesOf = (checks: CheckResult[], verdict: CheckResult['verdict']) =>
  checks.filter((check) => check.verdict === verdict).map(({ name, reason }) => `${name}: ${reason}`);

const isStill = ({ states }: History): boolean =>
  states.every((state) => state !== null && state === states[0]);

const isMarkedNew = ({ told }: World, { states }: History): boolean =>
  told === 'everything' && states[0] === null;

/** Is the row in a bucket in which something moved? */
const isSpoiled = (digest: DigestFigures, row: Row): boolean =>
  digest.parts[rangeOf(row, digest.ranges)]?.moved.includes(bucketOf(row, digest.resolution)) ?? false;

const numRuns = 120;

describe('production read twice, minutes apart', () => {
  test('whatever it wrote in between, a true copy never fails', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        expect(namesOf(await compare(world, await capture(world)), 'failed')).toEqual([]);
      }),
      { numRuns },
    );
  });

  test('only buckets in which a row was written are left out, and not those to which a marked row was added', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { figures } = await capture(world);
        const [values] = figures.tables.flatMap((table) => table.values ?? []);
        if (values === undefined) return;
        const written = world.histories.filter((row) => !isStill(row) && !isMarkedNew(world, row));
        const touched = new Set(
          written.flatMap(({ key, states }) =>
            states
              .filter((value) => value !== null)
              .map((value) => bucketOf({ key, value }, values.resolution)),
          ),
        );
        const left = values.parts.flatMap(({ moved }) => moved);
        expect(left.filter((bucket) => !touched.has(bucket))).toEqual([]);
      }),
      { numRuns },
    );
  });

  const damages: Record<string, (rows: Row[], index: number) => Row[]> = {
    'is lost': (rows, index) => rows.toSpliced(index, 1),
    'has another value': (rows, index) =>
      rows.with(index, { key: rows[index]?.key ?? [], value: `damaged ${index}` }),
    'is there twice': (rows, index) => rows.toSpliced(index, 0, ...rows.slice(index, index + 1)),
  };

  test.each(Object.keys(damages))('one row that nobody wrote %s in the copy: found', async (damage) => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.nat(), async (world, chosen) => {
        const full = { ...world, checks: { ...world.checks, checksum: 'full' as const } };
        const captured = await capture(full);
        const rows = rowsAt(full, 'copy');
        const [values] = captured.figures.tables.flatMap((table) => table.values ?? []);
        const still = new Set(full.histories.filter(isStill).map(({ states }) => states[0]));
        const candidates = rows.flatMap((row, index) =>
          values !== undefined && still.has(row.value) && !isSpoiled(values, row) ? [index] : [],
        );
        const index = candidates[chosen % candidates.length];
        fc.pre(index !== undefined);
        const damaged = damages[damage]?.(rows, index) ?? rows;
        expect(namesOf(await compare(full, captured, damaged), 'failed')).not.toEqual([]);
      }),
      { numRuns },
    );
  });
});
