import { expect, test } from 'vitest';
import type { Plan } from '../../../shared/plan/plans.ts';
import { chooseLimits, maxInlineCharacters, parseRehearseInput } from '../../../shared/rehearsal/input.ts';
import { makePlans } from '../plan/plan-fixture.ts';

const change = ['alter table users add column locale text'];
const stored = { bucket: 'changes', key: 'a.sql', versionId: 'x1', sha256: '0'.repeat(64) };
const whole = {
  plan: 'shop',
  change,
  limits: { blockedReadMs: 50, rewrites: 'allowed' },
  contenderSeconds: 0,
  reason: 'ticket 12',
  dryRun: true,
};

const problemsOf = (input: unknown): string => {
  try {
    parseRehearseInput(input);
  } catch (error) {
    expect(error).toMatchObject({ name: 'InvalidInput' });
    return (error as { summary: string }).summary;
  }
  return 'none';
};

test('a change alone: two seconds of contender, and the limits of the plan', () => {
  expect(parseRehearseInput({ change })).toEqual({ change, limits: {}, contenderSeconds: 2, dryRun: false });
});

test.each([
  ['every key', whole],
  ['a script in S3', { ...whole, change: stored }],
])('%s: taken as it is', (_, input) => {
  expect(parseRehearseInput(input)).toEqual(input);
});

test.each([
  ['no change', {}, 'change: expected a list of statements, or the bucket, key'],
  ['a change without statements', { change: [] }, 'change: '],
  ['a change as one text', { change: 'alter table a' }, 'change: '],
  ['too long a change', { change: ['x'.repeat(maxInlineCharacters), 'y'] }, 'put a longer script into S3'],
  ['a script without a version', { change: { ...stored, versionId: undefined } }, 'change'],
  ['a hash of another form', { change: { ...stored, sha256: 'ABC' } }, 'change'],
  ['too long a contender', { change, contenderSeconds: 61 }, 'contenderSeconds'],
  ['an unknown limit', { change, limits: { blockedMs: 1 } }, 'limits.blockedMs: unknown key'],
  ['a limit of nothing', { change, limits: { blockedReadMs: 0 } }, 'limits.blockedReadMs'],
  ['an unknown key', { change, restoreTo: 'latest' }, 'restoreTo: unknown key'],
])('%s: InvalidInput that names it', (_, input, problem) => {
  expect(problemsOf(input)).toContain(problem);
});

test('several problems: all named at once', () => {
  const problems = problemsOf({ change, contenderSeconds: -1, dryRun: 'yes', more: 1 });
  expect(problems.split('\n')).toHaveLength(4);
});

test('limits of the input: each wins over that of the plan, and the others stay', () => {
  const plans = makePlans({ shop: { rehearse: { limits: { blockedReadMs: 200, durationSeconds: 60 } } } });
  const limits = chooseLimits((plans.shop as Plan).rehearse.limits, { limits: { blockedReadMs: 50 } });
  expect(limits).toEqual({
    blockedReadMs: 50,
    blockedWriteMs: 1000,
    durationSeconds: 60,
    rewrites: 'never',
  });
});
