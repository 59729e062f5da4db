import { expect, test } from 'vitest';
import { summarize } from '../../local/summary.ts';
import { hostile, makeResult } from '../shared/result-fixture.ts';

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
  expect(summarize(makeResult({ dryRun: true, resources: [] }))).toContain('restored to  nothing: dry run');
});

test('summary of a drill that failed before its restore: nothing was restored', () => {
  const text = summarize(makeResult({ resources: [] }));
  expect(text).toContain('nothing was restored');
  expect(text).not.toContain('2026-11-19T02:13:00Z');
});

test('summary of a drill whose copy never became usable: the instant was not reached', () => {
  expect(summarize(result)).toContain('restored to  not reached: 2026-11-19T02:13:00Z');
});

test('summary of a drill that restored its copy: the instant', () => {
  const writer = { name: 'AddWriter', startedAt: '', endedAt: '', seconds: 1 } as const;
  const text = summarize(makeResult({ phases: [...result.phases, writer] }));
  expect(text).toContain('restored to  2026-11-19T02:13:00Z, the instant of the baseline');
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
