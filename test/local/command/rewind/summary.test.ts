import { expect, test } from 'vitest';
import { type Paint, plainPaint } from '../../../../local/command/paint.ts';
import { summarizeMark } from '../../../../local/command/rewind/mark.ts';
import { isUndone, type Rewound } from '../../../../local/command/rewind/run.ts';
import { summarizeRewind } from '../../../../local/command/rewind/summary.ts';
import { describeMark, type Mark } from '../../../../shared/rewind/mark.ts';
import type { MarkDocument } from '../../../../shared/rewinding/marking.ts';
import { makeRecovery, makeTest } from '../../../shared/recovery/recovery-fixture.ts';
import {
  blockedRewind,
  failedRewind,
  laterRewind,
  makeRewind,
  plantIn,
} from '../../../shared/rewind/rewind-fixture.ts';

const marked: Paint = { ...plainPaint, good: (text) => `good(${text})`, bad: (text) => `bad(${text})` };

const markOf = (changes: Partial<Mark> = {}): MarkDocument => {
  const mark: Mark = {
    plan: 'shop',
    isAllowed: true,
    source: 'shop',
    at: '2026-11-19T02:50:00Z',
    readiness: { verdict: 'ready', facts: [] },
    snapshot: { identifier: 'safety-shop-20261119025000', expires: '2026-12-03T02:50:00Z' },
    ...changes,
  };
  return {
    schema: 'aurora-drills/mark/1',
    verdict: 'passed',
    failure: null,
    mark,
    words: describeMark(mark),
  };
};

const isGone = { isAsBefore: true, trouble: null };
const stands = { isAsBefore: false, trouble: "Field 'channel' doesn't have a default value" };

const example: Rewound = {
  mark: markOf(),
  happened: {
    name: 'needed-column',
    before: '2026-11-19T02:51:00Z',
    at: '2026-11-19T02:51:01Z',
    harm: null,
    answer: null,
  },
  broken: stands.trouble,
  rewind: makeRewind(),
  calls: 1,
  recovery: null,
  answering: [],
  production: isGone,
  folder: 'out',
  rowsWritten: 5678,
};

const summarize = (changes: Partial<Rewound> = {}): string =>
  summarizeRewind({ ...example, ...changes }, marked);

const answers = (isAsBefore: boolean) => ({
  server: 'recovered-shop-writer',
  address: { engine: 'aurora-mysql', host: 'db', port: 3306, database: 'shop', user: 'me' } as const,
  isAsBefore,
  trouble: null,
});

test('rewound: verdict first, what was taken away, every way on, what broke, how often it was asked, and that writes work', () => {
  const text = summarize();
  expect(text.split('\n')[0]).toMatch(/^good\(shop is rewound to .*\)$/);
  expect(text).toContain('\n  The rewind took away: ');
  expect(text).toMatch(/^ {2}what to do: to go back to where we were: \{"plan":"shop"/m);
  expect(text).toContain('\n  mark: shop is marked at 2026-11-19 02:50:00 UTC, by its own clock\n');
  expect(text).toMatch(/needed-column, .*; then every write failed: Field 'channel' doesn't have a default/);
  expect(text).toContain('\n  written to production before it: 5,678 rows\n');
  expect(text).toMatch(/\n {2}production was asked to go back 1 time$/m);
  expect(text).toMatch(/good\(has the rows of before\), and good\(takes writes\)$/);
  expect(isUndone(example)).toBe(true);
});

test.each<[string, Partial<Rewound>, RegExp]>([
  ['a later time', { rewind: laterRewind() }, /^bad\(.*later than/],
  ['the rewind failed', { rewind: failedRewind(), production: stands }, /RewindFailed in CheckRewind: /],
  [
    'the migration still stands',
    { production: stands },
    /bad\(has the migration\), and bad\(refuses writes\): Field/,
  ],
  [
    'nobody can write',
    { production: { ...isGone, trouble: 'denied' } },
    /good\(has the rows of before\), and bad\(refuses writes\): denied$/,
  ],
])('%s: told, and not undone', (_, changes, words) => {
  expect(summarize(changes)).toMatch(words);
  expect(isUndone({ ...example, ...changes })).toBe(false);
});

const blocked = { rewind: blockedRewind(), calls: 0, production: stands };

test('blocked, and recovered: what stands in the way, the input that was run, and a server with the rows of before', () => {
  const recovered = { ...blocked, recovery: makeRecovery(), answering: [answers(true)] };
  const text = summarize(recovered);
  expect(text).toMatch(/^bad\(Nothing was rewound/);
  expect(text).toMatch(/^ {2}In the way: .*debezium/m);
  expect(text).toContain('asked to go back 0 times');
  expect(text).toMatch(/^ {2}good\(recovered instead, with the input above: recovered-/m);
  expect(text).toContain('recovered-shop-writer answers, good(with the rows of before)');
  expect(isUndone({ ...example, ...recovered })).toBe(true);
});

test.each([
  ['with other rows', { recovery: makeRecovery(), answering: [answers(false)] }],
  ['and no server answers', { recovery: makeRecovery(), answering: [] }],
  [
    'with a failed test',
    { recovery: makeRecovery({ tests: [makeTest('rows', 'failed')] }), answering: [answers(true)] },
  ],
])('blocked, and recovered %s: not undone', (_, changes) => {
  expect(isUndone({ ...example, ...blocked, ...changes })).toBe(false);
});

test('a mark: the second, the safety copy, and both inputs; without Backtrack no rewind is offered', () => {
  const text = summarizeMark(markOf(), marked);
  expect(text.split('\n')[0]).toBe('good(shop is marked at 2026-11-19 02:50:00 UTC, by its own clock.)');
  expect(text).toContain('\n  snapshot safety-shop-20261119025000 is available');
  expect(text).toMatch(/^ {2}to rewind to it: \{"plan":"shop","restoreTo":"2026-11-19T02:50:00Z"/m);
  expect(text).toMatch(/^ {2}to recover to it: \{"plan":"shop"/m);
  const off = summarizeMark(markOf({ readiness: { verdict: 'off', facts: [] }, snapshot: null }), marked);
  expect(off).not.toContain('to rewind to it');
  expect(off).toContain('no safety snapshot was taken');
});

test('hostile names: none colours the screen or begins a line of its own', () => {
  const hostile = '\u001b[31mred\nowned';
  const production = { ...stands, trouble: hostile };
  const shown = [
    summarize({ rewind: plantIn(hostile), broken: hostile, production, mark: markOf({ source: hostile }) }),
    summarizeMark(markOf({ plan: hostile, source: hostile }), marked),
  ].join('\n');
  expect(shown).not.toContain('\u001b');
  expect(shown).not.toMatch(/^ *owned/m);
});
