import { describe, expect, test } from 'vitest';
import type { PlanProof } from '../../../shared/posture/facts.ts';
import { wantedOf } from '../../../shared/posture/wanted.ts';
import { makePlans } from '../plan/plan-fixture.ts';
import { findOutcome, makeFacts, makeMysqlFacts, makeWanted, unplanned } from './facts-fixture.ts';

const nothing: PlanProof = { plan: 'weekly', lastPassed: null, tables: [], sideEffects: null };
const proven = (...proofs: Partial<PlanProof>[]) =>
  makeFacts({ proofs: { value: proofs.map((proof) => ({ ...nothing, ...proof })) } });
const unread = makeFacts({ proofs: { unknown: 'the history could not be read' } });

describe('drill-passed', () => {
  const byHand = makeWanted({}, { schedule: undefined });
  test.each([
    [
      'a week and a day ago, to the second',
      proven({ lastPassed: '2026-11-08T08:00:00Z' }),
      makeWanted(),
      'pass',
    ],
    ['a second earlier', proven({ lastPassed: '2026-11-08T07:59:59Z' }), makeWanted(), 'fail'],
    ['never', proven({}), makeWanted(), 'fail'],
    ['never, of a plan that no drill has run', proven(), makeWanted(), 'fail'],
    [
      'a year ago, of a plan that runs by hand',
      proven({ lastPassed: '2025-11-08T08:00:00Z' }),
      byHand,
      'pass',
    ],
    ['never, of a plan that runs by hand', proven({}), byHand, 'fail'],
    [
      'of another plan alone',
      proven({ plan: 'other', lastPassed: '2026-11-16T07:00:00Z' }),
      makeWanted(),
      'fail',
    ],
    ['not known', unread, makeWanted(), 'unreadable'],
  ])('%s: %s', (_, facts, wanted, verdict) => {
    expect(findOutcome('drill-passed', facts, wanted).verdict).toBe(verdict);
  });

  test('no plan drills it: fails, and says what to do', () => {
    expect(findOutcome('drill-passed', proven(), unplanned)).toMatchObject({
      verdict: 'fail',
      seen: 'no plan drills it',
      mend: { command: null, note: 'write a plan for it, or leave it out of monitoredClusters' },
    });
  });

  test('one of two plans late: that one is named', () => {
    const daily = { schedule: 'cron(0 8 * * ? *)' };
    const wanted = wantedOf(makePlans({ daily, weekly: { schedule: 'cron(0 8 ? * MON *)' } }))('app');
    const lastPassed = '2026-11-13T08:00:00Z';
    expect(
      findOutcome('drill-passed', proven({ plan: 'daily', lastPassed }, { lastPassed }), wanted),
    ).toMatchObject({
      verdict: 'fail',
      expected: 'daily: one that passed in the last 2 days; weekly: one that passed in the last 8 days',
      seen: 'daily: the last passed began 2026-11-13 08:00:00 UTC',
    });
  });
});

const at = '2026-11-09T08:00:00Z';

describe('side-effects', () => {
  const job = { seen: ['1 pg_cron job (purge)'], unknown: [], at };
  const hidden = { seen: [], unknown: ['pg_cron jobs: permission denied'], at };
  test.each([
    ['none', proven({ sideEffects: { seen: [], unknown: [], at } }), makeWanted(), 'pass'],
    ['one', proven({ sideEffects: job }), makeWanted(), 'fail'],
    [
      'one that the plan accepts',
      proven({ sideEffects: job }),
      makeWanted({}, { sideEffects: 'accepted' }),
      'pass',
    ],
    ['none, but some that nobody could see', proven({ sideEffects: hidden }), makeWanted(), 'unreadable'],
    [
      'one, and some that nobody could see',
      proven({ sideEffects: { ...hidden, seen: job.seen } }),
      makeWanted(),
      'fail',
    ],
    [
      'some that nobody could see, of a plan that accepts them',
      proven({ sideEffects: hidden }),
      makeWanted({}, { sideEffects: 'accepted' }),
      'pass',
    ],
    ['none asked yet', proven({}), makeWanted(), 'unreadable'],
    ['no plan', proven(), unplanned, 'not-applicable'],
    ['not known', unread, makeWanted(), 'unreadable'],
  ])('%s: %s', (_, facts, wanted, verdict) => {
    expect(findOutcome('side-effects', facts, wanted).verdict).toBe(verdict);
  });

  test('one: what it is, and when a drill saw it', () => {
    expect(findOutcome('side-effects', proven({ sideEffects: job })).seen).toBe(
      '1 pg_cron job (purge), seen 2026-11-09 08:00:00 UTC',
    );
  });
});

const tables = (rows: string | null, values: string | null, table = 'public.orders') => ({
  lastPassed: at,
  tables: [{ table, rows, values }],
});
const recent = '2026-08-18T08:00:00Z';
const old = '2026-08-18T07:59:59Z';

describe('coverage', () => {
  const values = makeWanted({}, { checks: { checksum: 'full' } });
  const ofOne = makeWanted({}, { checks: { overrides: { orders: { checksum: 'full' } } } });
  const sampled = makeWanted({}, { checks: { checksum: 'sampled' } });
  test.each([
    ['rows 90 days ago', proven(tables(recent, null)), makeWanted(), 'pass'],
    ['rows a second earlier', proven(tables(old, null)), makeWanted(), 'fail'],
    ['rows never', proven(tables(null, null)), makeWanted(), 'fail'],
    ['rows, and no values, which the plan asks for', proven(tables(recent, null)), values, 'fail'],
    ['rows, and old values, which the plan asks for', proven(tables(recent, old)), values, 'fail'],
    ['rows and values', proven(tables(recent, recent)), values, 'pass'],
    ['rows, and no values, which it asks for of this table', proven(tables(recent, null)), ofOne, 'fail'],
    [
      'rows, and no values, which it asks for of another table',
      proven(tables(recent, null, 'public.users')),
      ofOne,
      'pass',
    ],
    ['rows, and values by samples as the plan asks', proven(tables(recent, null)), sampled, 'pass'],
    ['no drill has passed', proven({}), makeWanted(), 'fail'],
    ['a history that does not tell tables', proven({ lastPassed: at }), makeWanted(), 'unreadable'],
    ['not known', unread, makeWanted(), 'unreadable'],
    ['no plan', proven(), unplanned, 'not-applicable'],
  ])('%s: %s', (_, facts, wanted, verdict) => {
    expect(findOutcome('coverage', facts, wanted).verdict).toBe(verdict);
  });

  test('MySQL: a name without a schema is a table of the database that the plan names', () => {
    const facts = makeMysqlFacts({
      proofs: { value: [{ ...nothing, ...tables(recent, null, 'app.orders') }] },
    });
    expect(findOutcome('coverage', facts, ofOne)).toMatchObject({
      verdict: 'fail',
      seen: 'app.orders (values never)',
    });
  });

  test('as many days as the plan is content with: pass', () => {
    const wanted = makeWanted({ coverageDays: 91 });
    expect(findOutcome('coverage', proven(tables(old, null)), wanted).verdict).toBe('pass');
  });
});
