import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allowedRows, formatTolerance, isPercentage } from '../../../shared/plan/tolerance.ts';

const rows = fc.nat({ max: 10_000_000_000 });
const percentage = fc.nat({ max: 100_000 }).map((thousandths) => `${thousandths / 1000}%`);
const tolerance = fc.oneof(percentage, fc.nat());

test('any tolerance and count: a whole number of rows, never negative', () => {
  fc.assert(
    fc.property(tolerance, rows, (allowance, expected) => {
      const allowed = allowedRows(allowance, expected);
      expect(Number.isInteger(allowed)).toBe(true);
      expect(allowed).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('any percentage: never more rows than there are', () => {
  fc.assert(
    fc.property(percentage, rows, (allowance, expected) => allowedRows(allowance, expected) <= expected),
  );
});

test('more rows in production: never fewer allowed', () => {
  fc.assert(
    fc.property(tolerance, rows, rows, (allowance, expected, more) => {
      expect(allowedRows(allowance, expected + more)).toBeGreaterThanOrEqual(
        allowedRows(allowance, expected),
      );
    }),
  );
});

test('a larger percentage: never fewer allowed', () => {
  fc.assert(
    fc.property(fc.nat({ max: 50 }), fc.nat({ max: 50 }), rows, (percent, more, expected) => {
      const allowed = allowedRows(`${percent}%`, expected);
      expect(allowedRows(`${percent + more}%`, expected)).toBeGreaterThanOrEqual(allowed);
    }),
  );
});

test.each([
  ['0.1%', 48_000, 48],
  ['0.1%', 999, 0],
  ['0.1%', 1000, 1],
  ['50%', 3, 1],
  ['0%', 1_000_000, 0],
  ['100%', 7, 7],
  ['5 %', 200, 10],
  [12, 3, 12],
  [0, 1_000_000, 0],
])('tolerance %s of %i rows: %i allowed', (allowance, expected, allowed) => {
  expect(allowedRows(allowance, expected)).toBe(allowed);
});

test.each(['0%', '0.1%', '5 %', '100%'])('%j: a percentage', (text) => {
  expect(isPercentage(text)).toBe(true);
});

test('any percentage from 0% to 100%: accepted', () => {
  fc.assert(fc.property(percentage, isPercentage));
});

test.each(['', '%', '5', '100.1%', '-1%', '.5%', '5.%', '1e1%', '0,1%', '5% off', 'five%'])(
  '%j: no percentage',
  (text) => {
    expect(isPercentage(text)).toBe(false);
  },
);

test.each([
  ['0.1%', '0.1%'],
  [12, '12 rows'],
  [0, '0 rows'],
])('tolerance %s: shown as %s', (allowance, text) => {
  expect(formatTolerance(allowance)).toBe(text);
});

test.each([
  ['0.7%', 11_000, 77],
  ['0.7%', 21_000, 147],
  ['0.1%', 3_000_000_000, 3_000_000],
])('%s of %d rows: exactly %d, whatever floating point makes of it', (percent, expected, allowed) => {
  expect(allowedRows(percent, expected)).toBe(allowed);
});
