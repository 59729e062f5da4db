import type { DrillResult } from '../../../shared/drill/document.ts';
import { unknownVolume } from '../../../shared/result/volume.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';

export const makeFinding = (name: string, verdict: CheckResult['verdict']): CheckResult => ({
  name,
  kind: 'rows',
  table: name,
  expected: 1200,
  actual: 1100,
  tolerance: '0.1%',
  verdict,
  reason: 'because',
});

export const hostile = `<script>alert("x")</script>`;

/** A local drill with missing rows, and one check of each verdict. */
export const makeResult = (changes: Partial<DrillResult> = {}): DrillResult => ({
  schema: 'aurora-drills/result/1',
  drillId: '1a2b3c4d',
  plan: 'shop',
  source: 'prod-shop',
  target: 'drill-prod-shop-1a2b3c4d',
  engine: 'aurora-postgresql',
  trigger: { kind: 'local', reason: null },
  dryRun: false,
  verdict: 'failed',
  failure: { phase: 'VerifyRestore', error: 'ChecksFailed', cause: `rows of ${hostile}`, hint: 'compare' },
  otherFailures: [],
  restore: { kind: 'log', restoreTo: '2026-11-19T02:13:00Z', baseline: 'same-instant', snapshot: null },
  rto: { seconds: 754, objectiveSeconds: 3600, met: true },
  rpo: { seconds: 700, objectiveSeconds: 600, met: false },
  phases: [
    { name: 'PrepareDrill', startedAt: '2026-11-19T02:00:00Z', endedAt: '2026-11-19T02:00:01Z', seconds: 1 },
  ],
  checks: [
    makeFinding('passed one', 'passed'),
    makeFinding(hostile, 'failed'),
    makeFinding('skipped one', 'skipped'),
  ],
  sideEffects: { active: [], quiet: [], unknown: [] },
  teardown: { status: 'completed', deleted: ['drill-prod-shop-1a2b3c4d'] },
  resources: [
    {
      kind: 'cluster',
      name: 'drill-prod-shop-1a2b3c4d',
      createdAt: '2026-11-19T02:01:00Z',
      deletedAt: '2026-11-19T02:59:00Z',
    },
  ],
  cost: {
    used: {
      instance: null,
      storageMinutes: 58,
      isIoOptimized: false,
      volume: unknownVolume,
      isStanding: false,
      undated: [],
      stateTransitions: 40,
      functionSeconds: 12,
      functionGiBSeconds: 4,
    },
    estimate: { low: 0.02, high: 0.3, currency: 'USD' },
    assumptions: ['list prices'],
  },
  startedAt: '2026-11-19T02:00:00Z',
  endedAt: '2026-11-19T03:00:00Z',
  ...changes,
});
