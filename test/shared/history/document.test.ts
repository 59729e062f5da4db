import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DrillResult } from '../../../shared/drill/document.ts';
import {
  addEntry,
  emptyHistory,
  formatHistory,
  type History,
  lastPasses,
  parseHistory,
  toEntry,
} from '../../../shared/history/document.ts';
import { makeResult } from '../drill/result-fixture.ts';
import { historyOf, makeDrill, makeDrills } from './history-fixture.ts';

const entryOf = (changes: Partial<DrillResult> = {}) =>
  toEntry(makeResult(changes), `${changes.plan ?? 'shop'}/${changes.drillId ?? '1a2b3c4d'}`);
const add = (...changes: Partial<DrillResult>[]): History =>
  changes.map(entryOf).reduce(addEntry, emptyHistory);
const idsOf = ({ drills }: History) => drills.map(({ drillId }) => drillId);

test('an entry: what a history tells of a drill, without causes, checks and resources', () => {
  expect(entryOf()).toEqual({
    drillId: '1a2b3c4d',
    plan: 'shop',
    source: 'prod-shop',
    dryRun: false,
    verdict: 'failed',
    startedAt: '2026-11-19T02:00:00Z',
    endedAt: '2026-11-19T03:00:00Z',
    failure: { phase: 'VerifyRestore', error: 'ChecksFailed' },
    restoreTo: '2026-11-19T02:13:00Z',
    rto: { seconds: 754, objectiveSeconds: 3600, met: true },
    rpo: { seconds: 700, objectiveSeconds: 600, met: false },
    checks: { passed: 1, failed: 1, skipped: 1 },
    teardown: 'completed',
    report: 'shop/1a2b3c4d/report.html',
  });
});

test('2,600 drills with the longest names: the index stays far below 2 MB', () => {
  const long = { plan: 'p'.repeat(40), source: 's'.repeat(63) };
  const history = historyOf(Array.from({ length: 2600 }, (_, number) => makeDrill(number, long)));
  expect(history.drills).toHaveLength(2600);
  expect(Buffer.byteLength(formatHistory(history))).toBeLessThan(1_500_000);
});

describe('adding', () => {
  test('drills in any order, some of them twice: the newest first, each once', () => {
    const drills = makeDrills(8);
    const expected = drills.map(({ drillId }) => drillId).reverse();
    fc.assert(
      fc.property(fc.shuffledSubarray([...drills, ...drills], { minLength: 16 }), (order) => {
        expect(idsOf(historyOf(order))).toEqual(expected);
      }),
    );
  });

  test('instants that differ in precision: compared as instants, not as texts', () => {
    const history = add(
      { drillId: 'b', startedAt: '2026-11-19T02:00:00.500Z' },
      { drillId: 'a', startedAt: '2026-11-19T02:00:00Z' },
      { drillId: 'c', startedAt: '2026-11-19T02:00:00.250Z' },
    );
    expect(idsOf(history)).toEqual(['b', 'c', 'a']);
  });

  test('drills that began at one instant: by their ids, whichever came first', () => {
    expect(idsOf(add({ drillId: 'a' }, { drillId: 'b' }))).toEqual(['a', 'b']);
    expect(idsOf(add({ drillId: 'b' }, { drillId: 'a' }))).toEqual(['a', 'b']);
  });

  test('a drill that is there as it is: the very same history', () => {
    const history = add({ drillId: 'a' }, { drillId: 'b' });
    expect(addEntry(history, entryOf({ drillId: 'a' }))).toBe(history);
  });

  test('a drill that is there with another outcome: the new entry stands instead of the old one', () => {
    const history = add({ drillId: 'a' }, { drillId: 'b' }, { drillId: 'a', verdict: 'passed' });
    expect(history.drills.map(({ drillId, verdict }) => [drillId, verdict])).toEqual([
      ['a', 'passed'],
      ['b', 'failed'],
    ]);
  });

  test('two drills of one id, whose reports stand in two places: both are there', () => {
    expect(idsOf(add({ drillId: 'a', plan: 'shop' }, { drillId: 'a', plan: 'users' }))).toEqual(['a', 'a']);
  });
});

describe('reading', () => {
  const history = add({ drillId: 'a', plan: null, source: null, failure: null }, { drillId: 'b' });

  test('what was written: the same history', () => {
    expect(parseHistory(formatHistory(history))).toEqual(history);
    expect(parseHistory(formatHistory(emptyHistory))).toEqual(emptyHistory);
  });

  test('keys of a later version, at every level: they are kept when a drill is added', () => {
    const later = {
      ...history,
      next: 'index-2.json',
      drills: history.drills.map((drill) => ({ ...drill, cost: 1, rto: { ...drill.rto, percentile: 50 } })),
    };
    const added = addEntry(parseHistory(JSON.stringify(later)), entryOf({ drillId: 'c' }));
    expect(added).toMatchObject({
      next: 'index-2.json',
      drills: [{ cost: 1, rto: { percentile: 50 } }, { cost: 1, rto: { percentile: 50 } }, { drillId: 'c' }],
    });
  });

  const [drill] = history.drills;
  test.each([
    ['nothing', '', 'Unexpected end of JSON input'],
    ['half of it', '{"schema":"aurora-drills/index/1","drills":[', 'Unexpected end of JSON input'],
    ['a list', '[]', '(the whole): expected object'],
    ['another format', '{"schema":"aurora-drills/index/2","drills":[]}', 'schema: '],
    ['no drills', '{"schema":"aurora-drills/index/1"}', 'drills: expected array, but it is missing'],
    [
      'an entry without its id',
      JSON.stringify({ ...history, drills: [{ ...drill, drillId: undefined }] }),
      'drills[0].drillId: expected string, but it is missing',
    ],
    [
      'an instant that is none',
      JSON.stringify({ ...history, drills: [{ ...drill, startedAt: 'yesterday' }] }),
      'drills[0].startedAt',
    ],
  ])('%s: fails, names the index and what is wrong, and says what to do', (_, text, problem) => {
    expect(() => parseHistory(text, 's3://b/index.json')).toThrow(
      expect.objectContaining({
        name: 'ReportNotFiled',
        summary: expect.stringMatching(/^s3:\/\/b\/index\.json is not a history of drills: /),
        hint: expect.stringContaining('put back an earlier version of s3://b/index.json'),
      }),
    );
    expect(() => parseHistory(text)).toThrow(problem);
  });

  test('thousands of broken entries: the first three problems are told', () => {
    const text = JSON.stringify({ ...emptyHistory, drills: Array(1000).fill(5) });
    const told = /drills\[0\].*\n.*drills\[1\].*\n.*drills\[2\].*\nhint: /;
    expect(() => parseHistory(text)).toThrow(told);
  });
});

test('last passes: of each plan its newest drill that passed, and no dry run', () => {
  const passed = { verdict: 'passed', failure: null } as const;
  const history = add(
    { ...passed, drillId: 'old', startedAt: '2026-11-01T00:00:00Z' },
    { ...passed, drillId: 'pass', startedAt: '2026-11-08T00:00:00Z' },
    { drillId: 'fail', startedAt: '2026-11-15T00:00:00Z' },
    { ...passed, drillId: 'dry', dryRun: true, startedAt: '2026-11-16T00:00:00Z' },
    { ...passed, drillId: 'other', plan: 'orders', startedAt: '2026-10-01T00:00:00Z' },
    { drillId: 'never', plan: 'audit' },
    { ...passed, drillId: 'dry only', plan: 'stock', dryRun: true },
    { ...passed, drillId: 'nobody', plan: null },
  );
  expect([...lastPasses(history)].map(([plan, { drillId }]) => [plan, drillId]).sort()).toEqual([
    ['orders', 'other'],
    ['shop', 'pass'],
  ]);
});
