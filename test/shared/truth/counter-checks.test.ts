import { describe, expect, test } from 'vitest';
import type { Counter } from '../../../shared/database/port.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import {
  type CounterFigures,
  compareCounters,
  comparePositions,
  makePositionsCheck,
  readCounters,
  summarizeCounters,
  withoutCounters,
} from '../../../shared/truth/counter-checks.ts';
import { maxCounters } from '../../../shared/truth/room-in-state.ts';
import { failWith, makeDatabase } from '../../functions/fakes.ts';
import { makePassedDrill } from '../drill/state-fixture.ts';

const late = { name: 'public.users_id_seq', table: 'public.users', next: '7', highest: '1200' };
const summaryOf = (known: string[], found: (typeof late)[]) =>
  compareCounters(known, found).map(({ name, verdict, actual }) => [name, verdict, actual]);

test('no counter behind its column: one check for all, passed', () => {
  expect(compareCounters([], [])).toMatchObject([
    { name: 'sequences', kind: 'schema', table: null, actual: 'none', verdict: 'passed' },
  ]);
});

test('a counter behind its column: failed, with what it would give and what is there', () => {
  expect(compareCounters([], [late])).toMatchObject([
    {
      name: 'sequence public.users_id_seq',
      table: 'public.users',
      expected: 'after 1200',
      actual: '7',
      verdict: 'failed',
      reason: 'the sequence is behind its column: its next value is 7, but the column already has 1200',
    },
  ]);
});

test('a counter that is behind in production too: passed, since no restore did that', () => {
  expect(summaryOf([late.name], [late])).toEqual([
    ['sequence public.users_id_seq', 'passed', '7'],
    ['sequences', 'passed', '1 sequence'],
  ]);
});

test('one counter behind in both and one in the copy alone: only the latter fails, and nothing says all is well', () => {
  expect(summaryOf([late.name], [late, { ...late, name: 'public.other' }])).toEqual([
    ['sequence public.users_id_seq', 'passed', '7'],
    ['sequence public.other', 'failed', '7'],
  ]);
});

const counterAt = (next: number | string, changes: Partial<Counter> = {}): Counter => ({
  name: 'public.tickets',
  next: String(next),
  version: '1',
  isRising: true,
  isRestored: true,
  ...changes,
});

/** The check of a copy, when production was like this before T and after it. */
const compare = (
  early: Counter[],
  late: Counter[],
  copy: Counter[],
  reported: string[] = [],
): CheckResult | undefined => judge(summarizeCounters(early, late), copy, reported);

const judge = (figures: CounterFigures, copy: Counter[], reported: string[] = []) => {
  const check = makePositionsCheck(figures);
  return check && comparePositions(check, figures, copy, reported);
};

describe('positions of counters', () => {
  test.each<[string, number, number, number, Partial<Counter>, string]>([
    ['where production was before the instant', 12, 15, 12, {}, 'passed'],
    ['between production before and after', 12, 15, 13, {}, 'passed'],
    ['further than production, as its log is ahead', 12, 15, 45, {}, 'passed'],
    ['one value behind production before the instant', 12, 15, 11, {}, 'failed'],
    ['descending and further', -12, -15, -13, { isRising: false }, 'passed'],
    ['descending and behind', -12, -15, -11, { isRising: false }, 'failed'],
    ['an AUTO_INCREMENT value that is behind', 12, 15, 11, { isRestored: false }, 'passed'],
  ])('the copy is %s', (_title, before, after, copy, changes, verdict) => {
    const [one, other, restored] = [before, after, copy].map((next) => [counterAt(next, changes)]);
    expect(compare(one ?? [], other ?? [], restored ?? [])?.verdict).toBe(verdict);
  });

  test('behind: named, with both figures', () => {
    expect(compare([counterAt(12)], [counterAt(15)], [counterAt(7)])).toEqual({
      name: 'positions',
      kind: 'schema',
      table: null,
      expected: '1 counter',
      actual: '1 behind',
      tolerance: null,
      verdict: 'failed',
      reason: 'less far than production was before the instant: public.tickets (7, production 12)',
    });
  });

  test('values beyond what a number of JavaScript holds: exact', () => {
    const production = [counterAt('9007199254740993')];
    expect(compare(production, production, [counterAt('9007199254740992')])?.verdict).toBe('failed');
    expect(compare(production, production, production)?.verdict).toBe('passed');
  });

  test('many behind: their number and the first five', () => {
    const production = Array.from({ length: 8 }, (_, index) => counterAt(9, { name: `s${index}` }));
    const copy = production.map((one) => ({ ...one, next: '1' }));
    expect(compare(production, production, copy)).toMatchObject({
      actual: '8 behind',
      reason: expect.stringMatching(/: s0 \(1, production 9\), .*s4 \(1, production 9\) and 3 more$/),
    });
  });

  test('AUTO_INCREMENT values that are behind: told with their figures, and not judged', () => {
    const at = (next: number) => [counterAt(next, { name: 'shop.orders', isRestored: false })];
    expect(compare(at(40), at(41), at(3))).toMatchObject({
      verdict: 'passed',
      actual: '1 behind',
      reason: expect.stringMatching(/^not judged, .*: shop\.orders \(3, production 40\)$/),
    });
  });

  test.each<[string, Counter[]]>([
    ['set back', [counterAt(3)]],
    ['altered or made again', [counterAt(15, { version: '2' })]],
    ['dropped', []],
  ])('production %s meanwhile: skipped, and named', (_title, late) => {
    expect(compare([counterAt(12)], late, [counterAt(1)])).toMatchObject({
      verdict: 'skipped',
      reason:
        'no counter could be compared; production set back, altered, made or dropped public.tickets during the instant',
    });
  });

  test('one set back beside another one: the other is judged, and the first is named', () => {
    const other = counterAt(5, { name: 'public.other' });
    expect(compare([counterAt(12), other], [counterAt(3), other], [counterAt(1), other])).toMatchObject({
      verdict: 'passed',
      reason: expect.stringContaining('made or dropped public.tickets'),
    });
  });

  test('missing from the copy: left to the definitions', () => {
    expect(compare([counterAt(12)], [counterAt(12)], [])?.verdict).toBe('skipped');
  });

  test('behind its column as well: not found twice', () => {
    const [two, one] = [counterAt(12), counterAt(12, { name: 'public.other' })];
    const copy = [counterAt(1), one];
    expect(compare([two, one], [two, one], copy, ['sequence public.tickets'])?.verdict).toBe('passed');
    expect(compare([two, one], [two, one], copy)?.verdict).toBe('failed');
  });

  test('production has no counter: no check', () => {
    expect(compare([], [], [counterAt(1)])).toBeUndefined();
  });

  test('more than fit into the state data: the first by name are judged, and a sentence says so', () => {
    const production = Array.from({ length: maxCounters + 3 }, (_, index) =>
      counterAt(9, { name: `s${index}` }),
    );
    const figures = summarizeCounters(production, production);
    expect(figures.each?.names).toHaveLength(maxCounters);
    expect(judge(figures, production)?.reason).toMatch(/; 3 more did not fit into the state data$/);
  });

  test('nothing of them kept: skipped with the reason', () => {
    expect(judge(withoutCounters('they do not fit into the state data'), [])).toMatchObject({
      expected: null,
      verdict: 'skipped',
      reason: 'they do not fit into the state data',
    });
  });
});

describe('reading counters of production', () => {
  const { baselineAddress } = makePassedDrill().PrepareDrill;
  const open = (error: Parameters<typeof failWith>[0]) =>
    makeDatabase({}, { listCounters: failWith(error) }).database.open(baselineAddress, {
      sessions: 1,
      remainingMs: () => 1000,
    });

  test.each(['DatabaseBusy', 'OutOfTime', 'DatabaseFailure'] as const)(
    '%s: unread, on either side of the instant',
    async (error) => {
      const unread = await readCounters(await open(error));
      expect(summarizeCounters(unread, [counterAt(1)])).toMatchObject({
        each: null,
        unread: `injected ${error}`,
      });
      expect(summarizeCounters([counterAt(1)], unread)).toMatchObject({
        each: null,
        unread: `injected ${error}`,
      });
    },
  );

  test('DatabaseUnreachable: thrown, since a retry can cure it', async () => {
    await expect(readCounters(await open('DatabaseUnreachable'))).rejects.toMatchObject({
      name: 'DatabaseUnreachable',
    });
  });
});
