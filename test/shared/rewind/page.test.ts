import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderRewind } from '../../../shared/rewind/page.ts';
import {
  blockedRewind,
  failedRewind,
  laterRewind,
  makeRewind,
  plantIn,
  readyRewind,
} from './rewind-fixture.ts';

const tagsOf = (page: string) => page.slice(page.indexOf('<body')).match(/<\/?[a-z][a-z0-9]*/gi);
const textOf = (page: string) => page.replace(/<\/?bdi[^>]*>/g, '').replaceAll('&quot;', '"');

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('<script>', '</td>', '"', "'", '<!--', '&lt;', '\0', '\u202e', '\ud800', '</code>'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((pieces) => pieces.join(''));

test('any text wherever texts are shown: the elements of the page are the same', () => {
  const harmless = tagsOf(renderRewind(plantIn('harmless')));
  fc.assert(
    fc.property(hostile, (text) => {
      const page = renderRewind(plantIn(text));
      expect(tagsOf(page)).toEqual(harmless);
      expect(page).not.toContain('\u202e');
    }),
    { numRuns: 50 },
  );
});

test.each([
  [
    'ready',
    readyRewind(),
    ['Ready to be rewound', 'To rewind, once the writes are stopped', '"confirm":"2026', 'holds'],
  ],
  [
    'blocked',
    blockedRewind(),
    ['Rewind blocked', 'forbids it', 'debezium at 10.0.0.7', 'Nothing was asked of the cluster.'],
  ],
  [
    'rewound',
    makeRewind(),
    [
      'Rewind passed',
      'Back to where we were',
      'column coupon gone',
      'recovered-shop-20261119030000-before-rewind',
    ],
  ],
  ['reached another time', laterRewind(), ['Rewound to another time', 'To the next earlier time']],
  ['failed', failedRewind(), ['Rewind failed', 'RDS calls the rewind failed', 'Nothing was compared.']],
])('a rewind that is %s: what it says', (_, rewind, words) => {
  const page = textOf(renderRewind(rewind));
  for (const word of words) expect(page).toContain(word);
});

test('a fact that is not known: said in a word, not by a colour alone', () => {
  const preflight = {
    verdict: 'blocked' as const,
    facts: [{ name: 'writes' as const, isHeld: null, sentence: 'x' }],
  };
  expect(renderRewind(makeRewind({ preflight }))).toContain('not known');
});
