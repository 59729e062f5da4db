import { expect, test } from 'vitest';
import { nothingRewound, readyExample } from '../../../local/documents/rewind-example.ts';
import { nameFailure } from '../../../shared/job/failure.ts';
import { buildRewind, type RewindDocument } from '../../../shared/rewind/document.ts';
import { explainRewind } from '../../../shared/rewind/words.ts';
import { makeTest } from '../recovery/recovery-fixture.ts';
import {
  blockedRewind,
  failedRewind,
  laterRewind,
  makeRewind,
  readyRewind,
  refusedRewind,
} from './rewind-fixture.ts';

const reason = '"reason":"the migration of 02:52 broke every insert"';
const inputTo = (restoreTo: string) => `{"plan":"shop","restoreTo":"${restoreTo}",${reason}}`;
const asked = inputTo('2026-11-19T02:50:00Z');

/** The outcome, whether it passed, and the error that ended it. */
const summarize = ({ outcome, verdict, failure }: RewindDocument) => [
  outcome,
  verdict,
  failure?.error ?? null,
];

test('a pre-flight without an obstacle: ready, and the confirmed input has the code', () => {
  const rewind = readyRewind();
  const confirmed = `${asked.slice(0, -1)},"confirm":"${rewind.code?.value}","writesStopped":true}`;
  expect(summarize(rewind)).toEqual(['ready', 'passed', null]);
  expect(rewind.next).toEqual({ confirmed, recover: asked, back: null, forward: null, earlier: null });
  expect(explainRewind(rewind)).toEqual({
    sentence:
      'Nothing was done: shop can be rewound to 2026-11-19 02:50:00 UTC, until 2026-11-19 03:15:00 UTC with the code below.',
    meaning: [
      'While it is rewound, the cluster pauses, every connection closes, and what is not committed is lost.',
      'Now: in the last minute nothing was written to shop, over 3 connections.',
    ],
    steps: [
      'read the pre-flight, and stop what writes',
      `then rewind: ${confirmed}`,
      `or leave production alone, and recover: ${asked}`,
    ],
  });
});

test('something forbids it: blocked, what, and the input of the recovery to the same time', () => {
  const rewind = blockedRewind();
  expect(summarize(rewind)).toEqual(['blocked', 'failed', 'RewindBlocked']);
  expect(rewind.next).toEqual({ confirmed: null, recover: asked, back: null, forward: null, earlier: null });
  const { sentence, meaning, steps } = explainRewind(rewind);
  expect(sentence).toBe(
    'Nothing was rewound: shop cannot be rewound to 2026-11-19 02:50:00 UTC, so recover to that time instead.',
  );
  expect(meaning).toEqual([expect.stringMatching(/^In the way: shop writes a binary log, which debezium/)]);
  expect(steps).toEqual([`recover to the same time, with aurora-drills-STAGE-recover: ${asked}`]);
});

test('RDS refuses what the pre-flight had nothing against: its answer is told', () => {
  const failures = [nameFailure('RewindCluster', 'RewindBlocked', 'RDS refused it: the time is gone')];
  const { meaning } = explainRewind(makeRewind({ ...nothingRewound, failures }));
  expect(meaning).toEqual(['In the way: RDS refused it: the time is gone.']);
});

test('ready, and the plan does not allow it: nobody is told to stop what writes', () => {
  const { steps } = explainRewind(buildRewind({ ...readyExample, code: null }));
  expect(steps).toEqual([
    'to rewind it, write rewind: allowed in its plan, deploy, and start again',
    `or leave production alone, and recover: ${asked}`,
  ]);
});

test('the clone never came up: it is not called production as it was', () => {
  const { clone } = makeRewind();
  const failures = [nameFailure('CheckWriter', 'WriterUnusable', 'the writer failed')];
  const unusable = clone && { ...clone, isUsable: false };
  const { meaning } = explainRewind(makeRewind({ ...nothingRewound, clone: unusable, failures }));
  expect(meaning).toEqual([
    `A clone of production was begun as ${clone?.identifier}, and was not usable when this ended; it stays: it costs money until somebody deletes it.`,
  ]);
});

test('rewound to just before the time asked for: the ways forward, back and to the clone', () => {
  const rewind = makeRewind();
  expect(summarize(rewind)).toEqual(['rewound', 'passed', null]);
  const { sentence, meaning, steps } = explainRewind(rewind);
  expect(sentence).toBe('shop is rewound to 2026-11-19 02:49:59 UTC, 1 of 1 test passed.');
  expect(meaning.slice(0, 3)).toEqual([
    'Just before it: in the last minute nothing was written to shop, over 3 connections.',
    'What was written after its clone was begun is in neither cluster.',
    'The rewind took away: shop.orders: 12 gone; 1 column gone (coupon).',
  ]);
  expect(steps).toEqual([
    'before anything writes, look at it: what is written now may throw away what the rewind took back',
    `to scrub forward by a minute: ${inputTo('2026-11-19T02:50:59Z')}`,
    `to go back to where we were: ${inputTo('2026-11-19T03:14:02Z')}`,
    'take what is missing now out of recovered-shop-20261119030000-before-rewind',
  ]);
});

test('asked for by an earlier start: nothing is said of the minute before', () => {
  const { meaning } = explainRewind(makeRewind({ startedAt: '2026-11-19T03:16:00Z' }));
  expect(meaning[0]).toBe('The rewind took away: shop.orders: 12 gone; 1 column gone (coupon).');
});

test('reached 7 s after the time asked for: failed, and the next earlier time is offered first', () => {
  const rewind = laterRewind();
  expect(summarize(rewind)).toEqual(['other-time', 'failed', 'RewoundLater']);
  expect(rewind.failure?.cause).toBe(
    'asked for 2026-11-19T02:50:00Z, reached 2026-11-19T02:50:07Z, which may lie after the damage',
  );
  expect(explainRewind(rewind).steps.slice(0, 2)).toEqual([
    rewind.failure?.hint,
    `go to the next earlier time: ${inputTo('2026-11-19T02:49:46Z')}`,
  ]);
});

test.each([
  ['2026-11-19T02:50:00.999Z', ['rewound', 'passed', null], null],
  ['2026-11-19T02:50:01Z', ['other-time', 'failed', 'RewoundLater'], '2026-11-19T02:49:58Z'],
])('reached %s: as asked only within that second', (reached, expected, earlier) => {
  const rewind = makeRewind({ restore: { restoreTo: '2026-11-19T02:50:00Z', reached } });
  expect(summarize(rewind)).toEqual(expected);
  expect(rewind.next.earlier === null ? null : JSON.parse(rewind.next.earlier).restoreTo).toBe(earlier);
});

test('rewound less than a minute: no scrub by a minute past where we were', () => {
  const { backtrack } = makeRewind();
  const rewind = makeRewind({ backtrack: backtrack && { ...backtrack, from: '2026-11-19T02:50:29.250Z' } });
  expect(rewind.next).toMatchObject({ forward: null, back: inputTo('2026-11-19T02:50:30Z') });
});

test('a test of the plan fails on the rewound cluster: rewound and failed, with the ways on', () => {
  const rewind = makeRewind({ tests: [makeTest('bad rows gone', 'failed'), makeTest('x', 'failed')] });
  expect(summarize(rewind)).toEqual(['rewound', 'failed', 'TestsFailed']);
  expect(rewind.failure?.cause).toBe('test bad rows gone: the answer differs, and 1 more');
  expect(explainRewind(rewind).sentence).toBe(
    'shop is rewound to 2026-11-19 02:49:59 UTC, but 2 of 2 tests failed.',
  );
});

test('both later and failing tests: the time first, then the test', () => {
  const rewind = makeRewind({ restore: laterRewind().restore, tests: [makeTest('x', 'failed')] });
  expect([rewind.failure?.error, rewind.otherFailures.map(({ error }) => error)]).toEqual([
    'RewoundLater',
    ['TestsFailed'],
  ]);
});

test('RDS calls the rewind failed: nobody knows how the cluster is, and the recovery is the way out', () => {
  const rewind = failedRewind();
  expect(summarize(rewind)).toEqual(['failed', 'failed', 'RewindFailed']);
  const { sentence, steps } = explainRewind(rewind);
  expect(sentence).toBe('shop may not be rewound: RDS calls the rewind failed.');
  expect(steps.at(-1)).toBe(`or recover to the same time: ${asked}`);
});

test('a code that is too old: nothing was asked of the cluster, and one step', () => {
  const rewind = refusedRewind();
  expect(summarize(rewind)).toEqual(['failed', 'failed', 'RewindNotConfirmed']);
  expect(explainRewind(rewind)).toMatchObject({
    sentence: 'shop is not rewound: nothing was asked of it.',
    steps: [rewind.failure?.hint],
  });
});

test.each([
  ['CheckRewind', 'RewindFailed', 'shop may have been asked to rewind, and RDS lists no rewind.'],
  ['RewindCluster', 'OutOfTime', 'shop may have been asked to rewind, and RDS lists no rewind.'],
  [
    'CheckRewind',
    'AccessDenied',
    'shop may be rewound, or will be: it may have been asked to, and the rewind could not be looked up.',
  ],
] as const)(
  'looked up in vain, %s fails with %s: nobody says that nothing was asked',
  (phase, error, said) => {
    const failures = [nameFailure(phase, error, 'no answer')];
    const { phases } = makeRewind();
    const rewind = makeRewind({ ...nothingRewound, phases, failures });
    expect(rewind.outcome).toBe('failed');
    expect(explainRewind(rewind).sentence).toBe(said);
  },
);

test('the input could not be read: no time, no inputs', () => {
  const failures = [nameFailure('PrepareRewind', 'InvalidInput', 'no time')];
  const rewind = makeRewind({
    plan: null,
    source: null,
    restore: { restoreTo: null, reached: null },
    preflight: null,
    backtrack: null,
    clone: null,
    resources: [],
    tests: [],
    changes: null,
    phases: [],
    failures,
  });
  expect(Object.values(rewind.next)).toEqual([null, null, null, null, null]);
  expect(explainRewind(rewind).sentence).toBe('the cluster is not rewound: nothing was asked of it.');
});
