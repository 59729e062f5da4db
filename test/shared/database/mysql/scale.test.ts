import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MysqlTable } from '../../../../shared/database/mysql/catalog.ts';
import { scaleOf } from '../../../../shared/database/mysql/scale.ts';

const tableOf = (type: string, isByBytes = false): MysqlTable => ({
  schema: 'shop',
  table: 'orders',
  columns: [],
  objects: [],
  key: ['k'],
  keyIndex: 'PRIMARY',
  estimatedRows: 0,
  isLocked: false,
  hashed: [{ name: 'k', type, isNullable: false, octets: 0, isByBytes }],
});

const scale = (type: string, lowest: string, highest: string, isByBytes?: boolean) => {
  const found = scaleOf(tableOf(type, isByBytes), 'k', lowest, highest);
  if (found === undefined) throw new Error(`${type} has no scale`);
  return found;
};

test('whole numbers: any value stands at its own place, beyond what a double holds', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
      const { toPosition, toValue } = scale('bigint', '0', '1');
      expect(toValue(toPosition(String(value)))).toBe(String(value));
    }),
  );
});

test.each([
  ['decimal', '-0.50', '12.75', '12.75', '12'],
  ['date', '2026-01-01', '2026-12-31', '2026-02-28', '2026-02-28'],
  [
    'datetime',
    '2026-01-01 00:00:00.000',
    '2026-12-31 00:00:00.000',
    '2026-02-28 23:59:59.750',
    '2026-02-28 23:59:59',
  ],
  ['timestamp', '1970-01-01 00:00:01', '2037-01-01 00:00:00', '2000-02-29 12:00:00', '2000-02-29 12:00:00'],
  ['date', '0000-00-00', '2026-12-31', '2026-00-00', '2026-01-01'],
  ['year', '0', '2155', '28', '0'],
  ['year', '0', '2155', '1901', '1901'],
  ['binary', '00ff00', '00fe00', '00fe', '00fe0000000000'],
  ['char', 'order-1', 'order-9', 'order-5', 'order-500000000000'],
])('%s from %s to %s: %s stands where %s does', (type, lowest, highest, value, same) => {
  const { toPosition, toValue } = scale(type, lowest, highest);
  expect(toValue(toPosition(value))).toBe(same);
});

test('dates before the year 1000, and the day 0000-00-00, stand in order', () => {
  const { toPosition } = scale('date', '0000-00-00', '2026-12-31');
  const positions = ['0000-00-00', '0001-02-03', '0999-12-31', '1000-01-01', '9999-12-31'].map(toPosition);
  expect(positions).toEqual(positions.toSorted((a, b) => Number(a - b)));
});

test.each([
  ['binary', '0123456789abcdef', false],
  ['char', '0123456789abcdefghijklmnopqrstuvwxyz', false],
  ['varchar', '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', true],
])(
  '%s of %s: positions are in the order of the values, and made-up values too',
  (type, alphabet, isByBytes) => {
    const values = fc
      .array(fc.constantFrom(...alphabet), { minLength: 12, maxLength: 12 })
      .map((digits) => digits.join(''));
    fc.assert(
      fc.property(values, values, (a, b) => {
        const { toPosition, toValue } = scale(type, '', '', isByBytes);
        expect(toPosition(a) < toPosition(b)).toBe(a < b);
        expect(toValue(toPosition(a))).toBe(a);
      }),
    );
  },
);

test.each(['é', '~', ' ', '-', '_', 'Ω', '😀'])(
  '%s, which is no digit: between the ends of the scale',
  (character) => {
    const { toPosition } = scale('varchar', 'a', 'z');
    const position = toPosition(`m${character}`);
    expect(position).toBeGreaterThanOrEqual(toPosition('m'));
    expect(position).toBeLessThan(toPosition('n'));
  },
);

test.each(['time', 'float', 'double', 'enum', 'set', 'bit', 'inet6', 'uuid'])('%s has no scale', (type) => {
  expect(scaleOf(tableOf(type), 'k', '1', '2')).toBeUndefined();
});
