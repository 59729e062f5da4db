import { expect, test } from 'vitest';
import { renderRewind } from '../../../shared/rewind/page.ts';
import { expectSameElements } from '../report/hostile-texts.ts';
import {
  blockedRewind,
  failedRewind,
  laterRewind,
  makeRewind,
  plantIn,
  readyRewind,
} from './rewind-fixture.ts';

const textOf = (page: string) => page.replace(/<\/?bdi[^>]*>/g, '').replaceAll('&quot;', '"');

test('any text wherever texts are shown: the elements of the page are the same', () => {
  expectSameElements((words) => renderRewind(plantIn(words)));
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
