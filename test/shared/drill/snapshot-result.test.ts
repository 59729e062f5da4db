import { expect, test } from 'vitest';
import { buildResult } from '../../../shared/drill/document.ts';
import { describeReached } from '../../../shared/drill/figures.ts';
import { explainRpo, nameOrigin } from '../../../shared/drill/origin-words.ts';
import { type DrillState, phasesOf } from '../../../shared/drill/state.ts';
import { explainVerdict } from '../../../shared/drill/verdict-words.ts';
import { renderReport } from '../../../shared/report/page.ts';
import { testPrices } from '../result/prices-fixture.ts';
import { at, dropPhases, makeFreshDrill, makePassedDrill } from './state-fixture.ts';

const build = (state: DrillState) => buildResult(state, at('08:33:17'), testPrices);
const fresh = makeFreshDrill();
const own = fresh.TakeSnapshot.snapshot;

const found = {
  identifier: 'rds:prod-aurora-main-2026-11-16-02-10',
  createdAt: at('02:10'),
  type: 'automated',
  engine: 'aurora-postgresql',
  engineVersion: '17.7',
};
const { CheckRestorePoint: _, ...ofLog } = makePassedDrill();
const newest: DrillState = {
  ...ofLog,
  PrepareDrill: {
    ...ofLog.PrepareDrill,
    copyKind: 'snapshot',
    snapshot: found,
    restoreTo: found.createdAt,
    rpoSeconds: 21_001,
  },
  CaptureBaseline: { ...ofLog.CaptureBaseline, kind: 'none', restoreTo: found.createdAt, bracket: null },
};

test('from the newest snapshot: the result names it, its age is the RPO, and that is judged', () => {
  const { restore, rpo, phases, failure } = build(newest);
  expect(restore).toEqual({
    kind: 'newest-snapshot',
    restoreTo: at('02:10'),
    baseline: 'none',
    snapshot: { identifier: found.identifier, createdAt: at('02:10'), type: 'automated' },
  });
  expect(rpo).toEqual({ seconds: 21_001, objectiveSeconds: 600, met: false });
  expect(failure).toMatchObject({ error: 'ObjectiveMissed', cause: 'RPO 5 h 50 min, objective 10 min' });
  expect(phases.map(({ name }) => name)).toEqual(phasesOf('newest-snapshot'));
});

test('from a fresh snapshot: its RPO is not measured, and an objective is neither met nor missed', () => {
  const { verdict, restore, rpo, phases } = build(fresh);
  expect(verdict).toBe('passed');
  expect(rpo).toEqual({ seconds: null, objectiveSeconds: 600, met: null });
  expect(restore).toEqual({
    kind: 'fresh-snapshot',
    restoreTo: at('08:01:07'),
    baseline: 'same-instant',
    snapshot: { identifier: own, createdAt: at('08:01:07'), type: 'manual' },
  });
  expect(phases.map(({ name }) => name)).toEqual(phasesOf('fresh-snapshot'));
});

test('the fresh snapshot is a resource: when it was asked for, and when it was gone', () => {
  const { resources, teardown } = build(fresh);
  expect(resources[0]).toEqual({
    kind: 'snapshot',
    name: own,
    createdAt: at('08:01'),
    deletedAt: at('08:26'),
  });
  expect(resources.map(({ kind }) => kind)).toEqual(['snapshot', 'cluster', 'instance']);
  expect(teardown).toMatchObject({ status: 'completed', deleted: expect.arrayContaining([own]) });
});

const afterSnapshot = ['CheckSnapshot', 'CompleteBaseline', 'RestoreCluster', 'CheckCluster'] as const;
const afterwards = ['AddWriter', 'CheckWriter', 'VerifyRestore', 'TearDown', 'CheckTeardown'] as const;

test('failed while the snapshot is taken: no time is made up, and the teardown was needed', () => {
  const stopped: DrillState = {
    ...dropPhases(fresh, ...afterSnapshot, ...afterwards),
    failures: { CheckSnapshot: { Error: 'AccessDenied', Cause: 'no' } },
  };
  expect(build(stopped)).toMatchObject({
    verdict: 'failed',
    failure: { phase: 'CheckSnapshot' },
    restore: { kind: 'fresh-snapshot', restoreTo: null, snapshot: null },
    teardown: { status: 'pending' },
    cost: { used: { isStanding: true } },
  });
});

test('the snapshot was asked for and no answer came: it may stand, and the teardown is not called needless', () => {
  const lost: DrillState = {
    ...dropPhases(fresh, 'TakeSnapshot', ...afterSnapshot, ...afterwards),
    failures: { TakeSnapshot: { Error: 'AwsUnavailable', Cause: 'no' } },
  };
  expect(build(lost)).toMatchObject({
    teardown: { status: 'pending' },
    cost: { used: { undated: [own], isStanding: true } },
  });
});

test('words: what the copy was restored from, in the verdict, where it is said briefly, and on the page', () => {
  expect(explainVerdict(build(fresh)).sentence).toContain(
    'restored from a snapshot taken for this drill, of 2026-11-16 08:01:07 UTC, in 20 min 12 s, and all 3 checks match',
  );
  const compared: DrillState = {
    ...newest,
    PrepareDrill: { ...ofLog.PrepareDrill, copyKind: 'snapshot', snapshot: found, rpoSeconds: 60 },
  };
  const { sentence, meaning } = explainVerdict(build(compared));
  expect(sentence).toContain('restored from its newest snapshot, of 2026-11-16 02:10:00 UTC, in');
  expect(meaning.join()).toContain('A snapshot has its own time, and production can no longer be read');
  expect(describeReached(build(compared))).toBe(
    `2026-11-16 02:10:00 UTC, from its newest snapshot, ${found.identifier}`,
  );
  const page = renderReport(build(fresh));
  expect(page).toContain(nameOrigin(build(fresh).restore));
  expect(page).toContain(explainRpo({ kind: 'fresh-snapshot' }));
  expect(page).toContain('production before and after the snapshot was taken');
});
