import { expect, test } from 'vitest';
import { summarize } from '../../../local/command/summary.ts';
import type { Phase } from '../../../shared/drill/state.ts';
import { hostile, makeFinding, makeResult } from '../../shared/drill/result-fixture.ts';

const result = makeResult();

test('summary: verdict, both objectives, the failure with its hint, and failed checks first', () => {
  const text = summarize(result);
  expect(text.split('\n')[0]).toBe('Restore drill 1a2b3c4d failed');
  expect(text).toContain('12 min 34 s (objective 60 min, met)');
  expect(text).toContain('11 min 40 s (objective 10 min, missed)');
  expect(text).toContain('compare');
  expect(text.indexOf(hostile, text.indexOf('verdict'))).toBeLessThan(text.indexOf('skipped one'));
  expect(text.indexOf('skipped one')).toBeLessThan(text.indexOf('passed one'));
});

test('summary of a dry run: nothing was restored, whatever instant was wanted', () => {
  const text = summarize(makeResult({ dryRun: true, resources: [] }));
  expect(text).toContain('restored to  nothing: this was a dry run');
});

const upTo = (...names: Phase[]) =>
  names.map((name) => ({ name, startedAt: result.startedAt, endedAt: result.endedAt, seconds: 1 }));
const asked = '(2026-11-19 02:13:00 UTC was asked for)';

test.each([
  ['failed before its restore', upTo('PrepareDrill'), `nothing was restored ${asked}`],
  ['has no usable copy', upTo('CheckCluster'), `not known ${asked}`],
  [
    'restored its copy',
    upTo('CheckCluster', 'AddWriter'),
    '2026-11-19 02:13:00 UTC, the instant of the baseline',
  ],
])('summary of a drill that %s: says what became of the instant', (_, phases, words) => {
  const text = summarize(makeResult({ phases }));
  expect(text).toContain(`restored to  ${words}\n`);
  expect(text).not.toContain('2026-11-19T02:13:00Z');
});

test('summary of a drill with several failures: each with its hint, in order', () => {
  const otherFailures = [
    { phase: 'TearDown', error: 'TeardownRefused', cause: 'not of this drill', hint: 'look at it' } as const,
  ];
  const text = summarize(makeResult({ otherFailures }));
  expect(text).toMatch(
    /what to do +compare\n +then +TeardownRefused in TearDown: not of this drill\n +what to do +look at it/,
  );
});

test('summary of hostile texts: no escape sequence, no line of their own, no padding by thousands', () => {
  const planted = '\u001b]0;owned\u0007\u001b[2J\r\n\n  passed  everything \u202e';
  const check = {
    ...makeFinding(planted + 'x'.repeat(10_000), 'failed'),
    tolerance: planted,
    reason: planted,
  };
  const failure = { phase: 'VerifyRestore', error: planted, cause: planted, hint: planted } as const;
  const lines = summarize(
    makeResult({
      drillId: planted,
      plan: planted,
      source: planted,
      phases: upTo('AddWriter'),
      failure,
      otherFailures: [failure],
      checks: [{ ...check, expected: planted, actual: planted }],
      teardown: { status: 'completed', deleted: [planted] },
      cost: { ...result.cost, assumptions: [planted] },
    }),
  ).split('\n');
  const harmless = summarize(makeResult({ otherFailures: [failure], phases: upTo('AddWriter') }));
  expect(lines.join('')).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
  expect(lines).toHaveLength(harmless.split('\n').length - 2);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(1000);
});

test('summary: the cost with what it rests on', () => {
  expect(summarize(result)).toContain('0.02 to 0.30 USD; list prices');
});

test('summary with colours: verdicts of checks are coloured, and nothing else moves', () => {
  const mark = (sign: string) => (text: string) => `${sign}${text}${sign}`;
  const painted = summarize(result, {
    good: mark('+'),
    bad: mark('!'),
    quiet: mark('~'),
    strong: (text) => text,
    link: (text) => text,
  });
  expect(painted).toMatch(/^ {2}!failed! {3}/m);
  expect(painted).toMatch(/^ {2}~skipped~ {2}/m);
  expect(painted).toMatch(/^ {2}\+passed\+ {3}/m);
  expect(painted.replace(/[+!~](failed|skipped|passed)[+!~]/g, '$1')).toBe(summarize(result));
});
