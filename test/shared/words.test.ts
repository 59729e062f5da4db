import { expect, test } from 'vitest';
import { cutAfterWord, cutAnywhere, ellipsize, takeCharacters } from '../../shared/words.ts';

const emoji = '\u{1f600}';

test('characters of a text: an emoji counts as one and stays whole; null when all of it fits', () => {
  expect(takeCharacters(emoji.repeat(3), 2)).toBe(emoji.repeat(2));
  expect(takeCharacters(emoji.repeat(2), 2)).toBeNull();
});

test('a text that is too long: its beginning and an ellipsis; one that fits stays as it is', () => {
  expect(ellipsize(emoji.repeat(3), 2)).toBe(`${emoji.repeat(2)}…`);
  expect(ellipsize(emoji.repeat(2), 2)).toBe(emoji.repeat(2));
});

test.each([
  ['a word ends shortly before the limit', 'rows of orders, missing', 16, 'rows of...'],
  ['no word ends near the limit', 'x'.repeat(60), 40, `${'x'.repeat(37)}...`],
  ['the limit falls into an emoji', `ab${emoji}${'x'.repeat(60)}`, 6, 'ab\ufffd...'],
  ['the text fits', 'rows of orders', 14, 'rows of orders'],
])('cut after a word, %s: %j to %i is %j', (_, text, most, cut) => {
  expect(cutAfterWord(text, most)).toBe(cut);
});

test.each([
  ['inside a word', 'rows of orders, missing', 13, 'rows of or...'],
  ['inside an emoji', `ab${emoji}cdef`, 6, 'ab\ufffd...'],
  ['nowhere, since it fits', 'rows', 4, 'rows'],
])('cut anywhere, %s: %j to %i is %j', (_, text, most, cut) => {
  expect(cutAnywhere(text, most)).toBe(cut);
});
