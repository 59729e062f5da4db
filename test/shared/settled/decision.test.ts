import { describe, expect, test } from 'vitest';
import { decideSettled } from '../../../shared/settled/decision.ts';
import {
  asked,
  busyAround,
  hourMs,
  type Insert,
  judge,
  minuteMs,
  now,
  numbered,
  rowsUntil,
  secondMs,
} from './history.ts';
import type { Row } from './rows-model.ts';

/** Ten rows from before the margin, and ten from after the instant. */
const early = (more: Partial<Omit<Insert, 'id'>>[] = []): Insert[] =>
  numbered([
    ...Array.from({ length: 20 }, (_, index) => {
      const at = asked + (index < 10 ? index - 60 : index) * secondMs;
      return { at, committed: at, value: 'new' };
    }),
    ...more.map((row) => ({
      at: asked - minuteMs * 2,
      committed: asked - minuteMs * 2,
      value: 'new',
      ...row,
    })),
  ]);

const change = (rows: readonly Row[], ids: readonly number[], values: Partial<Row>): Row[] =>
  rows.map((row) => (ids.includes(row.id) ? { ...row, ...values } : row));
const without = (rows: readonly Row[], ids: readonly number[]): Row[] =>
  rows.filter(({ id }) => !ids.includes(id));

const inserts = early();
const [production, copy] = [rowsUntil(inserts, now), rowsUntil(inserts, asked)];

test('nothing wrong: passed, with what was not judged', async () => {
  const longOne = { at: asked - 5 * secondMs, committed: asked + secondMs };
  const more = early([{ at: null }, longOne, { at: asked - 3 * secondMs }]);
  const { decision } = await judge(rowsUntil(more, now), rowsUntil(more, asked));
  expect(decision).toEqual({
    verdict: 'passed',
    expected: 10,
    actual: 10,
    reason:
      '10 rows before 2026-11-19T11:59:50Z are as production has them now; 2 between not judged; 1 without a time',
  });
});

describe('rows that differ in the settled zone', () => {
  test('missing rows: failed, with their keys', async () => {
    const { decision } = await judge(production, without(copy, [2, 3, 4, 5]));
    expect(decision).toMatchObject({
      verdict: 'failed',
      expected: 10,
      actual: 6,
      reason: expect.stringMatching(
        /^4 rows of production before 2026-11-19T11:59:50Z are missing from the copy: id 2, 3, 4 and 1 more/,
      ),
    });
  });

  test('rows that the copy alone has: failed, and it says what to write if production deletes rows', async () => {
    const { decision } = await judge(without(production, [2]), copy);
    expect(decision).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining(
        'is in the copy alone: id 2 (if production deletes rows, write deletes: allowed)',
      ),
    });
  });

  test('the same with deletes: allowed, as after a purge: passed, and counted', async () => {
    const { decision } = await judge(without(production, [2, 3]), copy, { own: { deletes: 'allowed' } });
    expect(decision).toMatchObject({ verdict: 'passed', expected: 8, actual: 10 });
    expect(decision.reason).toContain('; 2 rows deleted since');
  });

  test('other values: failed, with the column', async () => {
    const { decision } = await judge(change(production, [7], { value: 'paid' }), copy);
    expect(decision).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('is not as in production now, in value: id 7'),
    });
  });

  test('everything was deleted since: skipped, since nothing was compared', async () => {
    const { decision } = await judge([], copy, { own: { deletes: 'allowed' } });
    expect(decision.verdict).toBe('skipped');
    expect(decision.reason).toContain(
      'has no row before 2026-11-19T11:59:50Z that could be compared; 10 rows deleted',
    );
  });

  test('a copy without any row: failed', async () => {
    const { decision, end } = await judge(production, []);
    expect(decision).toMatchObject({ verdict: 'failed', expected: 10, actual: 0 });
    expect(end).toBeNull();
  });
});

test('more rows differ than are fetched: told as an estimate', async () => {
  const { facts } = await judge(production, without(copy, [2]));
  const estimate = { isExact: false, margin: 900, onlyLeft: 300_000 };
  const { reason } = decideSettled({
    ...facts,
    difference: { ...facts.difference, ...estimate },
    moved: { ...facts.moved, missing: 300_000 },
  });
  expect(reason).toMatch(
    /^about 300,000 rows, give or take 900, of production before \S+ are missing from the copy: id 2 and 299,999 more/,
  );
});

test('one damaged row among so many that differ that its count is an estimate: told as at least that one', async () => {
  const damaged = copy.map((row) => (row.id === 2 ? { ...row, value: 'damaged' } : row));
  const { facts } = await judge(production, damaged);
  const difference = { ...facts.difference, isExact: false, margin: 2200 };
  const { verdict, reason } = decideSettled({ ...facts, difference });
  expect([verdict, reason]).toEqual([
    'failed',
    expect.stringMatching(/^at least 1 row before \S+ is not as in production now, in value: id 2/),
  ]);
});

test('so many rows were deleted that only a sample is compared, which is right: skipped', async () => {
  const { facts } = await judge(production, copy);
  const difference = { ...facts.difference, isExact: false, margin: 900, onlyRight: 3_000_000 };
  const rule = { ...facts.rule, deletes: 'allowed' as const };
  const moved = { ...facts.moved, extra: 3_000_000 };
  expect(decideSettled({ ...facts, rule, difference, moved })).toMatchObject({
    verdict: 'skipped',
    reason: expect.stringMatching(
      /^so many rows differ before \S+ that only a sample was compared, and nothing in it is wrong; about 3,000,000 rows deleted since/,
    ),
  });
});

test('columns that were added or dropped since: named, since they are not compared', async () => {
  const { facts } = await judge(production, copy);
  const difference = {
    ...facts.difference,
    onlyLeftColumns: ['color'],
    onlyRightColumns: ['size', 'weight'],
  };
  expect(decideSettled({ ...facts, difference }).reason).toContain(
    '; not compared, as only production has it: color; not compared, as only the copy has it: size, weight',
  );
});

test('keys as long as a page: cut', async () => {
  const { facts } = await judge(production, without(copy, [2]));
  const listed = { ...facts.difference.listed, onlyLeft: [['k'.repeat(9000)]] };
  const { reason } = decideSettled({ ...facts, difference: { ...facts.difference, listed } });
  expect(reason.length).toBeLessThan(300);
});

describe('a column that is updated', () => {
  const moves: [string, Partial<Row>][] = [
    ['to after the instant', { at: asked + hourMs }],
    ['into the margin', { at: asked - secondMs }],
    ['within the settled zone', { at: asked - 30 * minuteMs }],
    ['to no time', { at: null }],
  ];

  test.each(moves)('%s: not settled, with the keys, and never passed', async (_, values) => {
    const { decision, end } = await judge(change(production, [4, 7], values), copy);
    expect(decision).toMatchObject({
      verdict: 'skipped',
      reason: 'not settled: at is not as in production now in 2 rows: id 4, 7',
    });
    expect(end).toBeNull();
  });

  test('from after the instant to before it: not settled either', async () => {
    const moved = [...copy, { id: 99, at: asked - secondMs, value: 'new' }];
    const back = [...production, { id: 99, at: asked - hourMs, value: 'new' }];
    expect((await judge(back, moved)).decision.reason).toMatch(/^not settled: .* id 99$/);
  });

  test('and rows that are truly missing: failed for these alone', async () => {
    const updated = change(production, [4, 7], { at: asked + hourMs });
    const { decision } = await judge(updated, without(copy, [2]));
    expect(decision.verdict).toBe('failed');
    expect(decision.reason).toMatch(
      /^1 row of production .* is missing from the copy: id 2; not settled: .*: id 4, 7/,
    );
  });

  test('of half of many rows: the other half, missing, is estimated by those looked at', async () => {
    const many: Row[] = Array.from({ length: 6000 }, (_, id) => ({ id, at: asked - hourMs, value: 'x' }));
    const moved = many.filter(({ id }) => id % 2 === 0).map((row) => ({ ...row, at: asked }));
    const { decision } = await judge(many, moved);
    expect(decision.verdict).toBe('failed');
    const [, missing] = /^([\d,]+) rows of production/.exec(decision.reason) ?? [];
    expect(Number(missing?.replace(',', ''))).toBe(3000);
    expect(decision.reason).toContain(
      '; not settled: at is not as in production now in 500 rows or more: id 0, 2, 4',
    );
  });
});

describe('rows of later times in the copy', () => {
  const busy = numbered(busyAround(asked));
  const ahead = { id: 7000, at: asked + 40 * secondMs, value: 'ahead' };

  test('one ahead of its time, though earlier rows of production are not there: passed, and named', async () => {
    const { decision } = await judge([...rowsUntil(busy, now), ahead], [...rowsUntil(busy, asked), ahead]);
    expect(decision.verdict).toBe('passed');
    expect(decision.reason).toContain('; 1 row of the copy ahead of its time, not judged: id 7000;');
  });

  test('dated later than now: passed, and named', async () => {
    const far = { ...ahead, at: now + hourMs };
    const { decision } = await judge([...production, far], [...copy, far]);
    expect(decision.reason).toContain('1 row of the copy ahead of its time, not judged: id 7000');
    expect(decision.verdict).toBe('passed');
  });

  test('a copy too new with a row of a long transaction not in it yet, and one ahead of its time: failed', async () => {
    const end = asked + hourMs;
    const late = numbered([
      ...busyAround(end),
      ...busyAround(asked),
      { at: end - 5000, committed: end + 3000, value: 'x' },
    ]);
    const far = { ...ahead, at: end + hourMs };
    const { decision } = await judge([...rowsUntil(late, now), far], [...rowsUntil(late, end), far]);
    expect(decision.verdict).toBe('failed');
    expect(decision.reason).toContain('the copy is newer than asked');
  });
});

test('a table without a key: counts, and what an update looks like', async () => {
  const table = { key: [] };
  const { decision } = await judge(change(production, [4], { value: 'paid' }), copy, { table });
  expect(decision.verdict).toBe('failed');
  expect(decision.reason).toMatch(
    /^1 row of production before \S+ is missing from the copy; 1 row before \S+ is in the copy alone .*; it has no key, so a row that changed is one missing and one more$/,
  );
});
