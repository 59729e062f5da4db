import { expect, test } from 'vitest';
import { renderPosture } from '../../../shared/posture/page/page.ts';
import { expectSameElements } from '../report/hostile-texts.ts';
import { makeCluster, makeFleet, makePosture } from './posture-fixture.ts';

const textOf = (page: string) =>
  page
    .slice(page.indexOf('<body'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

test('any text wherever texts are shown: the elements of the page are the same', () => {
  expectSameElements((words) => renderPosture(makeFleet(3, words)));
});

test('a fleet in words: how much fails where, what mends it, what is waived, and what nobody knows', () => {
  const before = makePosture([makeCluster('orders', { coverage: 'fail' })]);
  const document = makePosture(
    [
      makeCluster('shop', { 'backup-retention': 'fail', encryption: 'fail', backtrack: 'not-applicable' }),
      makeCluster('orders', { coverage: 'unreadable', 'two-zones': 'waived' }),
      makeCluster('clean'),
    ],
    { before, unreadable: [{ cluster: 'odd', reason: 'its description lacks a status' }] },
  );
  const page = textOf(renderPosture(document));
  for (const words of [
    'Something fails · eu-west-1 · 2026-11-20 06:20:00 UTC 2 findings fail, in 1 of 3 clusters',
    'Not known, because it could not be read: 1 finding of 1 cluster, and 1 cluster as a whole.',
    'Waived: 1 finding, each with its reason and its end.',
    '1 finding failed when last read, and cannot be read now: coverage of orders.',
    'aws rds modify-db-cluster --db-cluster-identifier &#39;shop&#39; --backup-retention-period 35',
    'Does not apply: 1 rule backtrack: it is not-applicable; seen: something else',
    'Could not be read: 1 rule coverage: it is unreadable',
    'Waived: 1 rule two-zones: it is waived; seen: something else',
    'odd: its description lacks a status',
  ])
    expect(page.replaceAll("'", '&#39;')).toContain(words);
});

test.each([
  [
    'something fails, and nothing is waived',
    makePosture([makeCluster('shop', { encryption: 'fail' })]),
    'Something fails',
    '1 finding fails, in 1 of 1 cluster',
  ],
  [
    'what fails is waived',
    makePosture([makeCluster('shop', { encryption: 'waived' })]),
    'Nothing fails',
    'Waived: 1 finding',
  ],
  ['nothing fails', makePosture([makeCluster('shop')]), 'Nothing fails', 'Nothing fails in 1 cluster'],
  [
    'nothing fails as far as is known',
    makePosture([makeCluster('shop', { coverage: 'unreadable' })]),
    'Not all is known',
    'Nothing fails in 1 cluster',
  ],
  ['no cluster', makePosture([]), 'Nothing fails', 'There is no cluster to look at'],
])('%s: says so', (_, document, badge, sentence) => {
  expect(textOf(renderPosture(document))).toContain(`${badge} · eu-west-1 · `);
  expect(textOf(renderPosture(document))).toContain(sentence);
});

test('1,000 clusters: each in the matrix, the worst ones in full, and less than 2 MB', () => {
  const page = renderPosture(makeFleet(1000));
  expect(page.match(/<th scope="row">/g)).toHaveLength(1000);
  expect(page.match(/<h3 /g)).toHaveLength(200);
  expect(textOf(page)).toContain('Waived: 1,293 findings');
  expect(textOf(page)).toContain('These are the 200 worst of 1,000 clusters.');
  expect(page.length).toBeLessThan(2_000_000);
});
