import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatInstant, formatNumber, makeVisible, splitInstants } from '../../../shared/result/format.ts';

test.each([
  ['an override of direction', 'a\u202eb', 'a\\u{202e}b'],
  ['NUL', '\0', '\\u{0}'],
  ['an escape sequence of terminals', '\u001b[31m', '\\u{1b}[31m'],
  ['half an emoji', '\ud83d', '\\u{d83d}'],
  ['a whole emoji', '\u{1f600}', '\u{1f600}'],
  ['lines', 'a\n\tb', 'a\n\tb'],
  ['another script', 'مرحبا', 'مرحبا'],
])('%s: stands as %s', (_title, text, visible) => {
  expect(makeVisible(text)).toBe(visible);
});

test('any text: nothing is left of it that is invisible or turns around what stands beside it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(makeVisible(text)).not.toMatch(/[\0\u0080-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u);
      expect(makeVisible(text).isWellFormed()).toBe(true);
    }),
  );
});

test.each([
  ['2026-11-16T08:00:04Z', '2026-11-16 08:00:04 UTC'],
  ['2026-11-16T08:00:04.250Z', '2026-11-16 08:00:04 UTC'],
  ['yesterday', 'yesterday'],
])('%s: is shown as %s', (iso, shown) => {
  expect(formatInstant(iso)).toBe(shown);
});

test('instants in a sentence: are the odd pieces of it', () => {
  expect(splitInstants('to 2026-11-16 08:00:04 UTC in')).toEqual(['to ', '2026-11-16 08:00:04 UTC', ' in']);
});

test('numbers: thousands are separated', () => {
  expect(formatNumber(1_204_551.25)).toBe('1,204,551.25');
});
