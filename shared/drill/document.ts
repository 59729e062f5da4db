import { jobId } from '../job/names.ts';
import type { RestoreOrigin } from '../job/origin.ts';
import { unpack } from '../job/packing.ts';
import type { JobCopyKind, SourceSnapshot, Trigger } from '../job/state.ts';
import { triggerOf } from '../job/trigger.ts';
import { toPlanned } from '../kept-baseline/first-reading.ts';
import type { SideEffectSights } from '../plan/side-effects.ts';
import { type Cost, estimateCost, goesOnCosting } from '../result/cost.ts';
import { describeFullChecksum } from '../result/full-checksum.ts';
import { listPhaseTimes, type PhaseTime } from '../result/phase-times.ts';
import type { Prices } from '../result/prices.ts';
import { measureUse } from '../result/use.ts';
import { unknownVolume, type VolumeFigures } from '../result/volume.ts';
import { isAnswerLost } from '../teardown/decision.ts';
import { describeTeardown, type TeardownOutcome } from '../teardown/outcome.ts';
import { listResources, type Resource } from '../teardown/resources.ts';
import { type CheckResult, listSideEffectChecks } from '../truth/checks.ts';
import { listPlannedChecks } from '../truth/planned-checks.ts';
import { defaultSchemaOf } from '../truth/wanted.ts';
import { type Failure, listFailures } from './failure.ts';
import { measureRpo, measureRto, type Objective } from './objectives.ts';
import { findPlannedName, readInput } from './planned-name.ts';
import { type DrillState, findBaseline, type Phase, phases } from './state.ts';
import { drillWorkflow } from './workflow.ts';

/** The public result document of one drill, the same in AWS and on this machine. Instants: ISO 8601, UTC. */
export type DrillResult = {
  schema: 'aurora-drills/result/1';
  drillId: string;
  /** plan, source, target and engine are null if the drill failed before it knew them. */
  plan: string | null;
  source: string | null;
  target: string | null;
  engine: string | null;
  trigger: Trigger;
  /** A dry run creates nothing, so it proves no restore, whatever its verdict. */
  dryRun: boolean;
  verdict: 'passed' | 'failed';
  failure: Failure | null;
  /** What went wrong after the failure. */
  otherFailures: Failure[];
  restore: {
    kind: RestoreOrigin;
    /** The instant restored to, or when the snapshot was taken. */
    restoreTo: string | null;
    baseline: 'same-instant' | 'none';
    /** Null for a restore from the log, and while there is none. */
    snapshot: Pick<SourceSnapshot, 'identifier' | 'createdAt' | 'type'> | null;
  };
  rto: Objective;
  rpo: Objective;
  phases: PhaseTime<Phase>[];
  checks: CheckResult[];
  /** What production has that would act by itself in a copy. Null if the drill failed before it asked. */
  sideEffects: SideEffectSights | null;
  teardown: TeardownOutcome;
  /** Everything that the drill made, and what its teardown found in the cluster it had made. */
  resources: Resource[];
  cost: Cost;
  startedAt: string;
  endedAt: string;
};

/** The result before its cost is known. */
export type DrillOutcome = Omit<DrillResult, 'cost'>;

/** What the state data does not tell. `onlyPlan` as for buildOutcome. */
export type Besides = { volume?: VolumeFigures; onlyPlan?: string | null };

/** The result as the state data has it, and its cost so far. @param endedAt ISO 8601 */
export const buildResult = (
  state: DrillState,
  endedAt: string,
  prices: Prices,
  { volume = unknownVolume, onlyPlan = null }: Besides = {},
): DrillResult => {
  const { startedAt, endedAt: end, ...outcome } = buildOutcome(state, endedAt, onlyPlan);
  const estimated = estimateCost(measureUse(state, drillWorkflow, endedAt, volume), prices);
  const cost = {
    ...estimated,
    assumptions: [...estimated.assumptions, ...lookAhead(state, estimated, prices)],
  };
  return {
    ...outcome,
    cost: outcome.trigger.kind === 'local' ? asInAws(cost) : cost,
    startedAt,
    endedAt: end,
  };
};

/** A dry run says what a drill with full checksums would read. */
const lookAhead = ({ PrepareDrill: drill }: DrillState, { used }: Cost, prices: Prices): string[] => {
  if (drill === undefined || !drill.dryRun) return [];
  const { checksum, overrides } = drill.checks;
  const isFull = [{ checksum }, ...Object.values(overrides)].some((one) => one.checksum === 'full');
  const { isIoOptimized, volume } = used;
  return isFull
    ? [describeFullChecksum({ engine: drill.source.engine, bytes: volume.bytes, isIoOptimized }, prices)]
    : [];
};

/** A drill on one machine costs nothing. The figures are what it would cost in AWS. */
const asInAws = (cost: Cost): Cost => ({
  ...cost,
  assumptions: [
    'nothing was billed: this drill ran on one machine; the figures are what it would cost in AWS',
    ...cost.assumptions.filter((assumption) => assumption !== goesOnCosting),
  ],
});

/**
 * The result as the state data has it: complete at the end, without the teardown before that.
 * @param endedAt ISO 8601
 * @param onlyPlan what a start means that names no plan, as findOnlyPlan has it
 */
export const buildOutcome = (
  state: DrillState,
  endedAt: string,
  onlyPlan: string | null = null,
): DrillOutcome => {
  const { execution, PrepareDrill: drill } = state;
  const [failure = null, ...otherFailures] = listFailures(state);
  return {
    schema: 'aurora-drills/result/1',
    drillId: jobId(execution.id),
    plan: drill?.plan ?? findPlannedName(state, failure, onlyPlan),
    source: drill?.source.identifier ?? null,
    target: drill?.target.cluster ?? null,
    engine: drill?.source.engine ?? null,
    trigger: drill?.trigger ?? triggerOf(execution.name, null),
    dryRun: drill?.dryRun ?? readInput(state).dryRun === true,
    verdict: failure === null ? 'passed' : 'failed',
    failure,
    otherFailures,
    restore: describeRestore(state),
    rto: measureRto(state),
    rpo: measureRpo(state),
    phases: listPhaseTimes(state, phases, endedAt),
    checks: listChecks(state),
    sideEffects: listSideEffects(state, failure),
    teardown: describeTeardown(state),
    resources: listResources(state),
    startedAt: execution.startedAt,
    endedAt,
  };
};

const restoreKinds: Partial<Record<JobCopyKind, RestoreOrigin>> = {
  snapshot: 'newest-snapshot',
  'fresh-snapshot': 'fresh-snapshot',
};

const describeRestore = (state: DrillState): DrillResult['restore'] => {
  const { PrepareDrill: drill, CheckSnapshot: check } = state;
  const kind = restoreKinds[drill?.copyKind ?? 'point-in-time'] ?? 'log';
  const baseline = findBaseline(state);
  const found = drill?.snapshot ?? check?.snapshot ?? null;
  const fixed = kind === 'log' ? (baseline?.restoreTo ?? drill?.restoreTo) : found?.createdAt;
  return {
    kind,
    restoreTo: fixed ?? null,
    baseline: baseline?.kind ?? 'none',
    snapshot: found && { identifier: found.identifier, createdAt: found.createdAt, type: found.type },
  };
};

const listChecks = (state: DrillState): CheckResult[] => {
  const { PrepareDrill: drill, VerifyRestore: verification } = state;
  const baseline = findBaseline(state);
  if (drill === undefined || baseline === undefined) return [];
  if (verification !== undefined) return unpack(verification.checks);
  if (!drill.dryRun) return [];
  const { first, figures } = baseline;
  const planned = listPlannedChecks(first === undefined ? unpack(figures) : toPlanned(unpack(first)), {
    checks: drill.checks,
    defaultSchema: defaultSchemaOf(drill.baselineAddress),
    restoreTo: baseline.restoreTo,
    reason: 'dry run: nothing was restored',
    kind: baseline.kind,
  });
  return [...planned, ...listSideEffectChecks(baseline.sideEffects)];
};

/** A drill that was refused for them has them in words alone. */
const listSideEffects = (state: DrillState, failure: Failure | null): DrillResult['sideEffects'] =>
  failure?.error === 'SideEffects'
    ? { active: [failure.cause], quiet: [], unknown: [] }
    : (findBaseline(state)?.sights ?? null);

/** The writer is added only once the restored cluster is available. */
export const wasRestored = ({ dryRun, phases: reached }: DrillOutcome): boolean =>
  !dryRun && reached.some(({ name }) => name === 'AddWriter');

/** RDS took the restore request, or may have. */
export const wasAskedFor = ({ dryRun, phases: reached, failure }: DrillOutcome): boolean =>
  !dryRun &&
  (reached.some(({ name }) => name === 'CheckCluster') ||
    (failure?.phase === 'RestoreCluster' && isAnswerLost(failure.error)));
