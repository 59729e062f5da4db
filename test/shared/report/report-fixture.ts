import type { DrillResult } from '../../../shared/drill/document.ts';
import { phasesOf } from '../../../shared/drill/state.ts';
import { addSeconds } from '../../../shared/instants.ts';
import { unknownVolume } from '../../../shared/result/volume.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { makeResult } from '../drill/result-fixture.ts';

const startedAt = '2026-11-16T08:00:00Z';

/** Consecutive phases, one for each duration in seconds. */
export const makePhases = (durations: number[]): DrillResult['phases'] => {
  let from = startedAt;
  return durations.map((seconds, index) => {
    const phase = { name: phasesOf('log')[index] ?? 'CheckTeardown', startedAt: from, endedAt: '', seconds };
    from = addSeconds(from, seconds);
    return { ...phase, endedAt: from };
  });
};

const tables = ['public.customers', 'public.orders', 'public.order_lines', 'public.community_posts'];
const kinds = ['schema', 'rows', 'checksum', 'freshness'] as const;

/** This many checks of every kind, with figures as long as real ones. */
export const makeFindings = (count: number, verdict: CheckResult['verdict'] = 'passed'): CheckResult[] =>
  Array.from({ length: count }, (_, index) => {
    const kind = kinds[index % kinds.length] ?? 'rows';
    const table = tables[Math.floor(index / kinds.length) % tables.length] ?? 'public.users';
    return { name: `${kind} ${table}`, kind, table, tolerance: null, verdict, ...figures[kind] };
  });

const figures = {
  schema: {
    expected: '14 columns, 3 objects',
    actual: '14 columns, 3 objects',
    reason: 'columns and objects are the same',
  },
  rows: {
    expected: 1_204_551,
    actual: 1_204_551,
    tolerance: '0.1%',
    reason: 'the counts are equal; keys: 100 % of rows verified',
  },
  checksum: {
    expected: '4a32cd2fdbc753b6',
    actual: '4a32cd2fdbc753b6',
    reason: '99.8 % of rows verified, 2,206 of 1,204,551 moved',
  },
  freshness: {
    expected: 'within 15 min',
    actual: '2026-11-16T07:59:58Z',
    tolerance: '15m',
    reason: 'the newest row is 6 s older than the instant',
  },
};

const target = 'drill-prod-aurora-main-1a2b3c4d';

/** A passed drill of production. */
export const makePassed = (changes: Partial<DrillResult> = {}): DrillResult =>
  makeResult({
    plan: 'prod-aurora-main',
    source: 'prod-aurora-main',
    target,
    trigger: { kind: 'schedule', reason: null },
    verdict: 'passed',
    failure: null,
    restore: { kind: 'log', restoreTo: '2026-11-16T08:00:04Z', baseline: 'same-instant', snapshot: null },
    rto: { seconds: 1212, objectiveSeconds: 3600, met: true },
    rpo: { seconds: 214, objectiveSeconds: 600, met: true },
    phases: makePhases([0.4, 3.1, 270.2, 0.5, 731, 0.3, 480, 38.2, 0.02, 0.6, 412]),
    checks: makeFindings(23),
    teardown: { status: 'completed', deleted: [`${target}-writer`, target] },
    resources: [
      {
        kind: 'cluster',
        name: target,
        createdAt: '2026-11-16T08:04:33Z',
        deletedAt: '2026-11-16T08:32:12Z',
      },
      {
        kind: 'instance',
        name: `${target}-writer`,
        createdAt: '2026-11-16T08:16:45Z',
        deletedAt: '2026-11-16T08:29:40Z',
      },
    ],
    cost: {
      used: {
        instance: {
          class: 'db.serverless',
          capacity: { min: 0.5, max: 8 },
          minutes: 12.9,
          isSeenAvailable: true,
        },
        storageMinutes: 27.7,
        isIoOptimized: false,
        volume: unknownVolume,
        isStanding: false,
        undated: [],
        stateTransitions: 128,
        functionSeconds: 46.25,
        functionGiBSeconds: 22.4,
      },
      estimate: { low: 0.05, high: 0.31, currency: 'USD' },
      assumptions: [
        'list prices of us-east-1 as of 2026-11-01, before tax and discounts: config/prices.json',
        'between 0.5 and 8 ACUs all the while, at 0.12 USD per ACU and hour, from available on',
        'storage of 100 GiB, since CloudWatch did not tell the size: 0.1 USD per GiB and month',
        'I/O is not counted: CloudWatch told no reads',
        'not counted: writes, logs, metrics, messages, retries, and instances that somebody else added',
      ],
    },
    startedAt,
    endedAt: '2026-11-16T08:32:16Z',
    ...changes,
  });

/** Markup, quotes, controls, overrides of direction, half an emoji, and no place for a line break. */
export const nasty = `<script>alert("x")</script><img src=x onerror='alert(1)'>&amp;"' \u202egnp.exe \u0000\u001b[31m \ud800 مرحبا ${'W'.repeat(200)}`;
const endless = 'x'.repeat(10_000);

/** A failed drill with a planted text in every place where somebody could plant one. */
export const makeHostile = (): DrillResult =>
  makePassed({
    plan: nasty,
    source: nasty,
    target: endless,
    engine: nasty,
    trigger: { kind: 'manual', reason: endless },
    verdict: 'failed',
    failure: { phase: 'VerifyRestore', error: 'ChecksFailed', cause: nasty + endless, hint: nasty },
    otherFailures: (['NotifyResult', 'CheckTeardown', 'ConcludeDrill'] as const).map((phase) => ({
      phase,
      error: nasty,
      cause: nasty + endless,
      hint: endless,
    })),
    rto: { seconds: 5000, objectiveSeconds: 3600, met: false },
    rpo: { seconds: null, objectiveSeconds: 600, met: null },
    checks: [
      ...makeFindings(8, 'skipped'),
      ...makeFindings(20, 'failed').map((check) => ({
        ...check,
        name: nasty,
        expected: endless,
        actual: nasty,
        tolerance: nasty,
        reason: nasty + endless,
      })),
      ...makeFindings(20),
    ],
    teardown: { status: 'failed', deleted: [] },
    resources: Array.from({ length: 8 }, (_, index) => ({
      kind: 'instance',
      name: `${nasty}-${index}`,
      createdAt: null,
      deletedAt: null,
    })),
    cost: { ...makePassed().cost, estimate: null, assumptions: Array.from({ length: 5 }, () => endless) },
  });
