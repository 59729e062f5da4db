import { describe, expect, test } from 'vitest';
import { toSnsForms } from '../../../shared/messages/message.ts';
import { isWorthTelling, listChanges } from '../../../shared/posture/changes.ts';
import type { PostureDocument } from '../../../shared/posture/document.ts';
import { makeCluster, makeFleet, makePosture } from '../posture/posture-fixture.ts';
import { expectDeliverable, origin } from './deliverable.ts';
import { tellPosture } from './posture-messages.ts';

const clean = makePosture([makeCluster('shop')]);
const failing = makePosture([makeCluster('shop', { encryption: 'fail' })]);
const unread = makePosture([makeCluster('shop', { encryption: 'unreadable' })]);
const other = makePosture([makeCluster('shop', { encryption: 'not-applicable' })]);
const none = makePosture([]);

describe('who hears of what', () => {
  test.each<[string, PostureDocument | null, PostureDocument, 'failing' | 'clean' | null]>([
    ['a first run in which something fails', null, failing, 'failing'],
    ['a first run in which nothing fails', null, clean, null],
    ['the same failure', failing, failing, null],
    ['a new failure', clean, failing, 'failing'],
    ['a mended one', failing, clean, 'clean'],
    ['what cannot be read any more', clean, unread, 'failing'],
    ['what can be read again, and was all that was open', unread, clean, 'clean'],
    ['a rule that does not apply any more', clean, other, null],
    ['a new cluster in which nothing fails', none, clean, null],
    ['a cluster that is gone, in which something failed', failing, none, 'clean'],
    ['a cluster that is gone, in which nothing failed', clean, none, null],
    [
      'a cluster that cannot be listed',
      clean,
      makePosture([], { unreadable: [{ cluster: 'shop', reason: 'odd' }] }),
      'failing',
    ],
  ])('%s', (_, before, now, expected) => {
    const isTold = isWorthTelling(listChanges(before, now), before, now);
    expect(isTold ? tellPosture(before, now).kind : null).toBe(expected && `posture-${expected}`);
  });
});

test('a fleet in which hundreds fail: the worst eight, and how many more there are', () => {
  const { happened, facts, clusters } = tellPosture(null, makeFleet(100));
  expect(happened.filter((line) => line.includes(' fails '))).toHaveLength(8);
  expect(happened).toContainEqual(expect.stringMatching(/^And \d{3} more of these\.$/));
  expect([facts.length, clusters.length]).toEqual([2 * 8 + 2, 8]);
});

test('a command that does something besides: that stands before it', () => {
  const { facts } = tellPosture(null, failing);
  expect(facts.slice(0, 2)).toEqual([
    ['shop, encryption, before you run it', 'without a restart'],
    ['shop, encryption', expect.stringMatching(/^aws rds modify-db-cluster/)],
  ]);
});

test('a command that is too long for a message is left to the report, never cut', () => {
  const message = tellPosture(
    null,
    makePosture([makeCluster('shop', { encryption: 'fail' }, 'x'.repeat(1000))]),
  );
  const [, mend = ''] = message.facts.find(([label]) => label === 'shop, encryption') ?? [];
  expect(mend).not.toContain('aws rds');
});

test.each(['x', '"', '\\', '\n', '\u0000', '<', '&', '@', '世', '😀', '\ud800'])(
  'a fleet of 30 whose words are 3,000 times %j: each form can be delivered, and the runbook is still there',
  (character) => {
    const before = makeFleet(30, character.repeat(3000));
    const now = makePosture(
      before.clusters.map((cluster) => ({
        ...cluster,
        findings: cluster.findings.toReversed().map((finding, place) => ({
          ...finding,
          rule: cluster.findings[place]?.rule ?? finding.rule,
        })),
      })),
      { before },
    );
    for (const message of [tellPosture(null, before), tellPosture(before, now)]) {
      expectDeliverable(message);
      expect(toSnsForms(message, origin).https).toContain('#posture-failing');
    }
  },
);
