import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys, decodeKey, encodeValue, keyOf } from '../../../shared/database/row-lines.ts';

test('a key of any texts: read as it was written, also from a line with its hash', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (values) => {
      const key = values.map(encodeValue).join(',');
      expect(decodeKey(key)).toEqual(values);
      expect(keyOf(`-8446744073709551616,${key}`)).toBe(key);
    }),
  );
});

test('keys are ordered as people expect: whole numbers by size, whatever their length, and texts by letters', () => {
  const keys = ['9', '10', '-3', '9223372036854775807', '9223372036854775806'].toSorted(compareKeys);
  expect(keys).toEqual(['-3', '9', '10', '9223372036854775806', '9223372036854775807']);
  expect(['2,10', '10,1', '2,9'].toSorted(compareKeys)).toEqual(['2,9', '2,10', '10,1']);
  expect(['b', 'a'].map(encodeValue).toSorted(compareKeys).map(decodeKey)).toEqual([['a'], ['b']]);
});
