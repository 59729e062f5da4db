import { expect, test } from 'vitest';
import { compareRows, compareSchema } from '../../shared/checks.ts';
import { assertConclusive } from '../../shared/comparison.ts';
import type { Baseline } from '../../shared/drill-state.ts';

const makeBaseline = (kind: Baseline['kind'], tables: number): Baseline => ({
  kind,
  restoreTo: '2026-11-16T08:00:04Z',
  capturedAt: '2026-11-16T08:00:04Z',
  delayMs: 2,
  tables: Array.from({ length: tables }, (_, index) => ({
    table: `public.orders_${index}`,
    columns: ['id bigint not null'],
    rows: kind === 'none' ? null : 7,
  })),
});

/** Every table of the baseline against one that has other columns and so many rows. */
const compareAll = ({ kind, delayMs, tables }: Baseline, rows: number) =>
  tables.flatMap((table) => {
    const actual = { ...table, columns: ['another text'], rows };
    return [compareSchema(table, actual, kind), compareRows(table, actual, 0, delayMs)];
  });

test('findings that fit: conclusive, whatever their verdicts', () => {
  const baseline = makeBaseline('same-instant', 3);
  expect(() => assertConclusive(baseline, compareAll(baseline, 6))).not.toThrow();
});

test.each([
  ['failed', 'same-instant', '1000 checks failed'],
  ['skipped', 'none', '0 checks failed'],
] as const)(
  'too many findings that are %s: ChecksFailed with their number and the first',
  (_, kind, failed) => {
    const baseline = makeBaseline(kind, 1000);
    const conclude = () => assertConclusive(baseline, compareAll(baseline, 7));
    const summary = expect.stringMatching(
      new RegExp(
        `^${failed}, and there are 2000, too many to list; schema public.orders_0: the restored table`,
      ),
    );
    expect(conclude).toThrowError(expect.objectContaining({ name: 'ChecksFailed', summary }));
  },
);

test('nothing of production to compare with: rows are wanted in the copy', () => {
  const baseline = makeBaseline('none', 2);
  expect(() => assertConclusive(baseline, compareAll(baseline, 0))).toThrowError(
    expect.objectContaining({ name: 'ChecksFailed' }),
  );
  expect(() => assertConclusive(baseline, compareAll(baseline, 1))).not.toThrow();
});
