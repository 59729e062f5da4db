import { describe, expect, test } from 'vitest';
import { parseRewindInput, showRecoverInput, showRewindInput } from '../../../shared/rewind/input.ts';
import { describeMark } from '../../../shared/rewind/mark.ts';
import { safetyCloneNames, safetySnapshotName } from '../../../shared/rewind/names.ts';
import { checkReadiness } from '../../../shared/rewind/preflight.ts';
import { makeFacts, now, to } from './facts-fixture.ts';

const startedAt = '2026-11-19T03:00:00.500Z';
const parse = (input: unknown) => parseRewindInput(input, startedAt);

describe('input of a rewind', () => {
  test('a time ago: counted back from the start; nothing is confirmed by default', () => {
    expect(parse({ restoreTo: '10m ago' })).toEqual({ restoreTo: to, tests: 'all', writesStopped: false });
  });

  test.each([
    ['no time', {}, 'restoreTo'],
    ['latest', { restoreTo: 'latest' }, 'nothing is rewound to the latest one'],
    ['a future time', { restoreTo: '2026-11-19T04:00:00Z' }, 'expected a time before the start'],
    ['confirmed while others write', { restoreTo: to, confirm: 'x' }, 'stop what writes first'],
    ['a key that there is not', { restoreTo: to, force: true }, 'force'],
  ])('%s: refused, and said', (_, input, words) => {
    expect(() => parse(input)).toThrow(words);
  });

  test('what is printed is read as what it says', () => {
    const asked = { plan: 'shop', restoreTo: to, reason: 'ticket 7', tests: ['a'] };
    const same = { plan: 'shop', restoreTo: to, reason: 'ticket 7', tests: ['a'] };
    expect(parse(JSON.parse(showRewindInput(asked)))).toEqual({ ...same, writesStopped: false });
    expect(parse(JSON.parse(showRewindInput(asked, 'CODE')))).toEqual({
      ...same,
      confirm: 'CODE',
      writesStopped: true,
    });
    expect(JSON.parse(showRecoverInput({ plan: null, restoreTo: to, reason: null }))).toEqual({
      restoreTo: to,
    });
  });
});

describe('a mark', () => {
  const mark = {
    plan: 'shop',
    isAllowed: true,
    source: 'shop',
    at: to,
    readiness: checkReadiness(makeFacts(), { to, now }),
    snapshot: { identifier: safetySnapshotName('shop', to), expires: '2026-12-03T02:50:00Z' },
  };

  test('of a cluster that is ready: the exact inputs of both ways back', () => {
    expect(describeMark(mark)).toEqual({
      sentence: 'shop is marked at 2026-11-19 02:50:00 UTC, by its own clock',
      notes: [
        'snapshot safety-shop-20261119025000 is available, and nobody deletes it; it expires at 2026-12-03 02:50:00 UTC, and is then yours to delete',
      ],
      inputs: {
        rewind:
          '{"plan":"shop","restoreTo":"2026-11-19T02:50:00Z","reason":"back to the mark of 2026-11-19 02:50:00 UTC"}',
        recover:
          '{"plan":"shop","restoreTo":"2026-11-19T02:50:00Z","reason":"back to the mark of 2026-11-19 02:50:00 UTC"}',
      },
    });
  });

  test('of a plan that allows no rewind: that is said, before anybody relies on it', () => {
    expect(describeMark({ ...mark, isAllowed: false }).notes[0]).toBe(
      'no rewind until plan shop has rewind: allowed, and that is deployed',
    );
  });

  test('of a cluster that is not ready, without a safety copy: why, and the other way back alone', () => {
    const readiness = checkReadiness(makeFacts({ source: { globalCluster: 'world' } }), { to, now });
    const { notes, inputs } = describeMark({ ...mark, readiness, snapshot: null });
    expect(notes).toEqual([
      'no rewind: shop is in the Global Database world, which cannot be rewound',
      'no safety snapshot was taken: once the log is gone, nothing leads back',
    ]);
    expect(inputs.rewind).toBeNull();
    expect(inputs.recover).toContain(to);
  });
});

test('names: of the longest source at most 63 characters, the writer included', () => {
  const { cluster, writer } = safetyCloneNames('a'.repeat(63), to);
  expect(cluster).toMatch(/^recovered-a+-20261119025000-before-rewind$/);
  expect(writer).toHaveLength(63);
  expect(safetySnapshotName('A'.repeat(63), to)).toMatch(/^safety-a{41}-20261119025000$/);
});
