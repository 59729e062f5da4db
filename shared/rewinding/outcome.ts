import { jobId } from '../job/names.ts';
import { unpack } from '../job/packing.ts';
import { triggerOf } from '../job/trigger.ts';
import { readTyped } from '../recovery/input.ts';
import { type Cost, estimateCost } from '../result/cost.ts';
import { listPhaseTimes } from '../result/phase-times.ts';
import type { Prices } from '../result/prices.ts';
import { measureUse } from '../result/use.ts';
import { buildRewind, type RewindDocument, rewindPhases } from '../rewind/document.ts';
import { isAnswerLost } from '../teardown/decision.ts';
import { listRewindFailures } from './failures.ts';
import type { RewindState } from './state.ts';
import { rewindWorkflow } from './workflow.ts';

/** The document as the state data has it so far. @param endedAt ISO 8601 */
export const documentRewind = (state: RewindState, endedAt: string, prices: Prices): RewindDocument => {
  const { execution, PrepareRewind: job, CheckReadiness: checked, VerifyRewind: verified } = state;
  const { RewindCluster: asked, CheckRewind: seen } = state;
  // As a recovery reads them: both are typed alike.
  const typed = readTyped(execution.input, execution.startedAt);
  const { tests } = typed.wish;
  return buildRewind({
    id: jobId(execution.id),
    plan: job?.plan ?? typed.plan,
    source: job?.source.identifier ?? null,
    engine: job?.source.engine ?? null,
    trigger: job?.trigger ?? triggerOf(execution.name, typed.reason),
    dryRun: job === undefined ? !isConfirming(execution.input) : job.confirm === null,
    wish: tests === undefined ? {} : { tests },
    preflight: asked?.readiness ?? checked?.readiness ?? null,
    code: checked?.code ?? null,
    restore: {
      restoreTo: job?.to ?? typed.restoreTo,
      reached: seen?.status === 'ready' ? (seen.backtrack?.to ?? null) : null,
    },
    backtrack: seen?.backtrack ?? asked?.backtrack ?? null,
    clone: describeClone(state),
    changes: verified === undefined ? null : unpack(verified.changes),
    tests: verified?.tests ?? [],
    phases: listPhaseTimes(state, rewindPhases, endedAt),
    resources: listResources(state),
    cost: costOf(state, endedAt, prices),
    startedAt: execution.startedAt,
    endedAt,
    failures: listRewindFailures(state),
  });
};

const isConfirming = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && 'confirm' in input;

/** It was asked for, and stands, or may. */
const wasAskedFor = (state: RewindState, phase: 'RestoreCluster' | 'AddWriter'): boolean => {
  if (state[phase] !== undefined) return true;
  const error = state.failures?.[phase]?.Error;
  return error !== undefined && isAnswerLost(error);
};

const describeClone = (state: RewindState): RewindDocument['clone'] => {
  const { PrepareRewind: job, CheckCluster: cluster, CheckWriter: writer } = state;
  if (job === undefined || !wasAskedFor(state, 'RestoreCluster')) return null;
  return {
    identifier: job.target.cluster,
    endpoint: cluster?.endpoint ?? null,
    port: cluster?.port ?? null,
    isUsable: writer?.status === 'ready',
  };
};

const listResources = (state: RewindState): RewindDocument['resources'] => {
  const { PrepareRewind: job, RestoreCluster: restore, AddWriter: writer } = state;
  if (job === undefined) return [];
  return [
    ...(wasAskedFor(state, 'RestoreCluster')
      ? [{ kind: 'cluster' as const, name: job.target.cluster, createdAt: restore?.requestedAt ?? null }]
      : []),
    ...(wasAskedFor(state, 'AddWriter')
      ? [{ kind: 'instance' as const, name: job.target.writer, createdAt: writer?.startedAt ?? null }]
      : []),
  ];
};

const costOf = (state: RewindState, endedAt: string, prices: Prices): Cost => {
  const cost = estimateCost(measureUse(state, rewindWorkflow, endedAt), prices);
  const isLocal = state.PrepareRewind?.trigger.kind === 'local';
  return {
    ...cost,
    assumptions: [
      ...(isLocal ? ['nothing was billed: this ran on one machine; the figures are for AWS'] : []),
      ...cost.assumptions,
      // Aurora User Guide, Aurora.Managing.Clone.
      'a clone pays for the storage of what is written since alone, so the figure for storage is too high',
    ],
  };
};
