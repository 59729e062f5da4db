import { type DrillState, type Phase, phases } from '../../../shared/drill/state.ts';
import type { StateWith } from '../../../shared/drill/step.ts';
import { describeVerification } from '../../../shared/drill/verification.ts';
import { addSeconds } from '../../../shared/instants.ts';
import { jobId, tagsOf, targetNames } from '../../../shared/job/names.ts';
import { pack } from '../../../shared/job/packing.ts';
import type { CaughtError } from '../../../shared/job/state.ts';
import type { Checks } from '../../../shared/plan/plans.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import type { DigestFigures } from '../../../shared/truth/digest.ts';
import type { BaselineFigures } from '../../../shared/truth/figures.ts';
import type { TableFigures } from '../../../shared/truth/table-reading.ts';

/** Monday morning: a scheduled drill of a cluster with two tables, 33 minutes from the start until nothing is left. */
const execution = {
  id: 'arn:aws:states:eu-west-1:111122223333:execution:aurora-drills:schedule-6f1c2d3e',
  name: 'schedule-6f1c2d3e',
  startedAt: '2026-11-16T08:00:00.250Z',
  input: { plan: 'prod-aurora-main' },
};

const source = 'prod-aurora-main';
const id = jobId(execution.id);
const target = targetNames(source, id);
const deadline = addSeconds(execution.startedAt, 90 * 60);
const host = `${source}.cluster-ro-c1a2b3.eu-west-1.rds.amazonaws.com`;
const teardown = {
  deadline: '2026-11-16T09:25:13Z',
  settledAt: null,
  resources: [target.writer, target.cluster],
  gone: {},
};

/** Instants of that morning, from "08:25" or "08:25:13". */
export const at = (time: string): string => `2026-11-16T${time.length === 5 ? `${time}:00` : time}Z`;

/** The checks of a plan that names none. */
export const makeChecks = (changes: Partial<Checks> = {}): Checks => ({
  tables: 'all',
  tolerance: 'auto',
  checksum: 'none',
  integrity: 'none',
  sessions: 4,
  bracketMs: 0,
  overrides: {},
  queries: [],
  ...changes,
});

/** A table that stood still, read in one range. Its hash is its number of rows. */
export const makeDigest = (rows: number, changes: Partial<DigestFigures> = {}): DigestFigures => ({
  content: 'keys',
  key: ['id'],
  ranges: { kind: 'bounds', bounds: [] },
  seed: null,
  resolution: 4096,
  parts: [{ rows, hash: rows.toString(16).padStart(16, '0'), moved: [], movedRows: 0 }],
  ...changes,
});

export const makeTableFigures = (
  table: string,
  rows: number,
  changes: Partial<TableFigures> = {},
): TableFigures => ({
  table,
  columns: ['id bigint not null', 'name text'],
  objects: ['primary key (id)'],
  rows: { before: rows, after: rows, moved: 0 },
  keys: makeDigest(rows),
  values: null,
  note: null,
  unread: null,
  newest: null,
  ...changes,
});

export const makeFigures = (...tables: TableFigures[]): BaselineFigures => ({
  tables,
  objects: ['plpgsql 1.0'],
  lateCounters: [],
  queries: [],
});

/** When a phase last ran, and how often it ran, a second each time. */
const span = (startedAt: string, endedAt: string, passes = 1) => ({
  startedAt: at(startedAt),
  endedAt: at(endedAt),
  passes,
  functionSeconds: passes,
});

export const makeCheck = (changes: Partial<CheckResult> = {}): CheckResult => ({
  name: 'rows public.users',
  kind: 'rows',
  table: 'public.users',
  expected: 1200,
  actual: 1200,
  tolerance: 'auto',
  verdict: 'passed',
  reason: 'the counts are equal',
  ...changes,
});

/** What only a drill from a fresh snapshot goes through. */
type OfSnapshot = 'TakeSnapshot' | 'CheckSnapshot' | 'CompleteBaseline';

/** The state data at the end of a passed drill: restore requested 08:04:37, answered 08:24:49, gone 08:33:16. */
export const makePassedDrill = (): StateWith<Exclude<Phase, OfSnapshot>> => ({
  execution,
  PrepareDrill: {
    id,
    plan: 'prod-aurora-main',
    trigger: { kind: 'schedule', reason: null },
    dryRun: false,
    source: {
      identifier: source,
      engine: 'aurora-postgresql',
      engineVersion: '17.7',
      endpoint: `${source}.cluster-c1a2b3.eu-west-1.rds.amazonaws.com`,
    },
    target,
    baselineAddress: {
      engine: 'aurora-postgresql',
      host,
      port: 5432,
      database: 'app',
      user: 'drill_reader',
    },
    restore: {
      port: 5432,
      subnetGroup: 'drill-private',
      securityGroups: ['sg-0a1b2c3d4e'],
      clusterParameterGroup: 'app-cluster',
      instanceParameterGroup: 'app-instance',
      instanceClass: 'db.serverless',
      capacity: { min: 0.5, max: 8 },
      inherited: {
        storageType: null,
        lifecycleSupport: 'open-source-rds-extended-support-disabled',
        networkType: 'IPV4',
      },
    },
    checks: makeChecks(),
    objectives: { rtoSeconds: 3600, rpoSeconds: 600 },
    restoreTo: null,
    rpoSeconds: 180,
    deadline,
    tags: tagsOf({ kind: 'drill', id, source, execution: execution.id, expires: addSeconds(deadline, 3600) }),
    neverDeleted: [source, 'cluster-PRODMAIN'],
    ...span('08:00:01', '08:00:02'),
  },
  CaptureBaseline: {
    kind: 'same-instant',
    restoreTo: at('08:00:04'),
    bracket: { beforeMs: 38, afterMs: 254 },
    summary: '2 tables; 49,200 rows, 0 of them moved during the instant',
    figures: pack(
      makeFigures(makeTableFigures('public.users', 1200), makeTableFigures('public.orders', 48_000)),
    ),
    ...span('08:00:03', '08:00:05'),
  },
  CheckRestorePoint: {
    status: 'ready',
    reason: '2026-11-16T08:00:04Z lies before LatestRestorableTime 2026-11-16T08:04:10Z',
    since: at('08:00:05'),
    latestRestorableTime: at('08:04:10'),
    ...span('08:04:35', '08:04:36', 10),
  },
  RestoreCluster: {
    cluster: target.cluster,
    requestedAt: at('08:04:37'),
    ...span('08:04:37', '08:04:38'),
  },
  CheckCluster: {
    status: 'ready',
    reason: 'the cluster is available',
    endpoint: `${target.cluster}.cluster-c1a2b3.eu-west-1.rds.amazonaws.com`,
    port: 5432,
    ...span('08:16:40', '08:16:41', 25),
  },
  AddWriter: { instance: target.writer, ...span('08:16:42', '08:16:43') },
  CheckWriter: { status: 'ready', reason: 'the instance is available', ...span('08:24:45', '08:24:46', 17) },
  VerifyRestore: {
    ...describeVerification(at('08:24:49'), [
      makeCheck({ name: 'schema public.users', kind: 'schema', expected: '2 columns', actual: '2 columns' }),
      makeCheck(),
      makeCheck({ name: 'rows public.orders', table: 'public.orders', expected: 48_000, actual: 48_000 }),
    ]),
    ...span('08:24:47', '08:25:10'),
  },
  NotifyResult: { subject: 'Restore drill passed: prod-aurora-main', ...span('08:25:11', '08:25:12') },
  TearDown: {
    status: 'pending',
    reason: `instances stand: ${target.writer}`,
    ...teardown,
    ...span('08:25:13', '08:25:14'),
  },
  CheckTeardown: {
    status: 'ready',
    reason: 'nothing is left',
    ...teardown,
    gone: { [target.writer]: at('08:30:44'), [target.cluster]: at('08:33:15') },
    ...span('08:33:15', '08:33:16', 16),
  },
});

/** The same drill from a snapshot that it took at 08:01. */
export const makeFreshDrill = (): StateWith<Exclude<Phase, 'CheckRestorePoint'>> => {
  const { CheckRestorePoint: _, ...drill } = makePassedDrill();
  const { PrepareDrill, CaptureBaseline, CheckTeardown } = drill;
  const snapshot = {
    identifier: targetNames(source, id).snapshot,
    createdAt: at('08:01:07'),
    type: 'manual',
    engine: 'aurora-postgresql',
    engineVersion: '17.7',
  };
  const resources = [target.writer, snapshot.identifier, target.cluster];
  return {
    ...drill,
    PrepareDrill: { ...PrepareDrill, copyKind: 'fresh-snapshot', rpoSeconds: null },
    TakeSnapshot: {
      snapshot: snapshot.identifier,
      requestedAt: at('08:01'),
      ...span('08:01', '08:01:01'),
    },
    CheckSnapshot: {
      status: 'ready',
      reason: 'the snapshot is available',
      snapshot,
      ...span('08:04:10', '08:04:11', 20),
    },
    CompleteBaseline: {
      ...CaptureBaseline,
      restoreTo: snapshot.createdAt,
      ...span('08:04:12', '08:04:30'),
    },
    TearDown: { ...drill.TearDown, resources },
    CheckTeardown: {
      ...CheckTeardown,
      resources,
      gone: { ...CheckTeardown.gone, [snapshot.identifier]: at('08:26') },
    },
  };
};

export const dropPhases = (state: DrillState, ...dropped: Phase[]): DrillState =>
  Object.fromEntries(
    Object.entries(state).filter(([key]) => !dropped.some((phase) => phase === key)),
  ) as DrillState;

/** The passed drill up to this phase, with nothing after it. */
export const makeDrillUpTo = (last: Phase): DrillState =>
  dropPhases(makePassedDrill(), ...phases.slice(phases.indexOf(last) + 1));

/** A drill that an error stopped in this phase. People were told, and what it had made was torn down. */
export const makeDrillStoppedIn = (phase: Phase, caught: CaughtError): DrillState => {
  const skipped = phases.slice(phases.indexOf(phase), phases.indexOf('NotifyResult'));
  return { ...dropPhases(makePassedDrill(), ...skipped, phase), failures: { [phase]: caught } };
};

/** A dry run without a failure ends after the baseline. */
export const makeDryRun = (): DrillState => {
  const { PrepareDrill, ...state } = makePassedDrill();
  return {
    ...makeDrillUpTo('CaptureBaseline'),
    execution: state.execution,
    PrepareDrill: { ...PrepareDrill, dryRun: true },
  };
};

/** The passed drill with these checks. */
export const makeDrillWithChecks = (...checks: CheckResult[]): DrillState => {
  const state = makePassedDrill();
  const verification = describeVerification(state.VerifyRestore.firstAnswerAt, checks);
  return { ...state, VerifyRestore: { ...state.VerifyRestore, ...verification } };
};
