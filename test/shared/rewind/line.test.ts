import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findTakenBack } from '../../../shared/rewind/line.ts';
import { makeBacktracking } from './facts-fixture.ts';

const at = (second: number): string => new Date(second * 1000).toISOString();
const rewind = (requested: number, to: number, status = 'completed') =>
  makeBacktracking({
    identifier: `at ${requested}`,
    requestedAt: at(requested),
    from: at(requested),
    to: at(to),
    status,
  });

test('back three steps, forward one, back to where we were: only what is not on the line is taken back', () => {
  const back = rewind(100, 70);
  const forward = rewind(110, 80);
  const whereWeWere = rewind(120, 99);
  const taken = (rewinds: ReturnType<typeof rewind>[], second: number) =>
    findTakenBack(rewinds, at(second))?.identifier ?? null;
  expect([60, 70, 75, 99, 105].map((second) => taken([back], second))).toEqual([
    null,
    null,
    'at 100',
    'at 100',
    null,
  ]);
  expect([60, 75, 80, 90, 105].map((second) => taken([forward, back], second))).toEqual([
    null,
    null,
    null,
    'at 110',
    'at 110',
  ]);
  expect([75, 90, 99, 105, 125].map((second) => taken([back, whereWeWere, forward], second))).toEqual([
    null,
    null,
    null,
    'at 120',
    null,
  ]);
});

test('back to where we were, in the whole second after it: taken back before, and all of its line afterwards', () => {
  const back = { ...rewind(100, 70), requestedAt: at(100.2), from: at(100.6) };
  expect(findTakenBack([back], at(101))).toBe(back);
  expect(findTakenBack([{ ...back, from: null }], at(101))).toMatchObject({ identifier: 'at 100' });
  const again = rewind(120, 101);
  expect([75, 90, 101].map((second) => findTakenBack([again, back], at(second)))).toEqual(
    Array(3).fill(undefined),
  );
  expect(findTakenBack([again, back], at(110))).toBe(again);
});

test('a rewind that failed takes nothing back', () => {
  expect(findTakenBack([rewind(100, 70, 'failed')], at(80))).toBeUndefined();
});

/** The rows of one second, told by the branch that wrote them; a rewind copies those of the place it goes to. */
test('any rewinds: taken back is what the present no longer holds, replayed second by second', () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 1000 })), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(steps, (list) => {
      const histories: ReadonlySet<number>[] = [];
      const rewinds: ReturnType<typeof rewind>[] = [];
      let present: ReadonlySet<number> = new Set();
      list.forEach(([isRewind, place], second) => {
        present = new Set([...present, second]);
        histories.push(present);
        if (isRewind && second > 0) {
          const to = place % second;
          rewinds.push(rewind(second, to));
          present = histories[to] ?? new Set();
        }
      });
      const isTaken = list.map((_, second) => findTakenBack(rewinds, at(second)) !== undefined);
      expect(isTaken).toEqual(list.map((_, second) => !present.has(second)));
    }),
    { numRuns: 500 },
  );
});
