import type { Cluster, Instance } from '../aurora/port.ts';
import { secondsBetween } from '../instants.ts';
import { readCaught } from '../job/failure.ts';
import { jobId } from '../job/names.ts';
import { unpack } from '../job/packing.ts';
import { triggerOf } from '../job/trigger.ts';
import {
  buildRecovery,
  type RecoveryDocument,
  type RecoveryOutcome,
  recoveryPhases,
} from '../recovery/document.ts';
import { readTyped } from '../recovery/input.ts';
import { compareSettings } from '../recovery/settings-table.ts';
import type { Advice } from '../recovery/way-back.ts';
import { type Cost, estimateCost } from '../result/cost.ts';
import { listPhaseTimes } from '../result/phase-times.ts';
import type { Prices } from '../result/prices.ts';
import { measureUse } from '../result/use.ts';
import { isAnswerLost } from '../teardown/decision.ts';
import { listRecoveryFailures } from './failures.ts';
import { listMadeReaders, measureReader, pairReaders } from './made-readers.ts';
import type { RecoveryState } from './state.ts';
import { recoveryWorkflow } from './workflow.ts';

/** The recovered cluster as RDS describes it in the end; null before, or if it could not be described. */
export type Recovered = { cluster: Cluster; writer: Instance | undefined; instances: readonly Instance[] };

/** The document as the state data has it so far. @param endedAt ISO 8601 */
export const documentRecovery = (
  state: RecoveryState,
  endedAt: string,
  prices: Prices,
  recovered: Recovered | null = null,
): RecoveryDocument => {
  const { execution, PrepareRecovery: job, VerifyRecovery: verified } = state;
  const isAskedFor = wasAskedFor(state, 'RestoreCluster');
  const typed = readTyped(execution.input, execution.startedAt);
  return buildRecovery({
    id: jobId(execution.id),
    plan: job?.plan ?? typed.plan,
    source: job?.source.identifier ?? null,
    engine: job?.source.engine ?? null,
    old: describeOld(state),
    trigger: job?.trigger ?? triggerOf(execution.name, typed.reason),
    dryRun: job?.dryRun ?? typed.dryRun,
    wish: typed.wish,
    advice: adviceOf(state),
    restore: {
      kind: job?.advice.choice?.mechanism ?? null,
      restoreTo: job === undefined ? typed.restoreTo : job.advice.restoreTo,
      reached: isAskedFor ? (job?.restoreTo ?? null) : null,
    },
    cluster: describeCluster(state),
    readers: listReaders(state),
    usableAfterSeconds: measureUsable(state),
    changes: verified === undefined ? null : unpack(verified.changes),
    tests: verified?.tests ?? [],
    settings:
      job === undefined || !isAskedFor
        ? []
        : compareSettings(
            { cluster: job.seen.cluster, writer: job.seen.writer ?? undefined },
            recovered,
            job.target.cluster,
            pairReaders(job, recovered?.instances ?? []),
          ),
    phases: listPhaseTimes(state, recoveryPhases, endedAt),
    resources: listResources(state, recovered),
    cost: costOf(state, recovered, endedAt, prices),
    startedAt: execution.startedAt,
    endedAt,
    failures: listRecoveryFailures(state),
  });
};

/** It was asked for, and stands, or may. */
const wasAskedFor = (state: RecoveryState, phase: 'RestoreCluster' | 'AddWriter'): boolean => {
  if (state[phase] !== undefined) return true;
  const error = state.failures?.[phase]?.Error;
  return error !== undefined && isAnswerLost(error);
};

/** What production said when it was asked comes after what the facts told. */
const adviceOf = (state: RecoveryState): Advice | null => {
  const { PrepareRecovery: job } = state;
  if (job === undefined) return null;
  const doubt = doubtOf(state);
  return doubt === '' ? job.advice : { ...job.advice, warnings: [...job.advice.warnings, doubt] };
};

const doubtOf = (state: RecoveryState): string => {
  const failed = readCaught(state, 'CheckSideEffects');
  if (failed === null) return state.CheckSideEffects?.doubt ?? '';
  return `production could not be asked what would act in the copy: ${failed.error}: ${failed.cause}`;
};

const describeOld = ({ PrepareRecovery: job }: RecoveryState): RecoveryDocument['old'] =>
  job === undefined
    ? null
    : { resourceId: job.seen.cluster.resourceId, endpoint: job.source.endpoint, stands: job.seen.stands };

const describeCluster = (state: RecoveryState): RecoveryDocument['cluster'] => {
  const {
    PrepareRecovery: job,
    RestoreCluster: restore,
    CheckCluster: seen,
    VerifyRecovery: verified,
  } = state;
  if (job === undefined || !wasAskedFor(state, 'RestoreCluster')) return null;
  return {
    identifier: job.target.cluster,
    writer: job.target.writer,
    endpoint: seen?.endpoint ?? null,
    readerEndpoint: seen?.readerEndpoint ?? null,
    port: seen?.port ?? job.restore.port,
    isAvailable: state.CheckWriter?.status === 'ready',
    isUsable: verified !== undefined,
    owner: restore?.owner ?? null,
  };
};

const listReaders = ({
  PrepareRecovery: job,
  CheckReaders: seen,
}: RecoveryState): RecoveryDocument['readers'] =>
  job === undefined || job.dryRun
    ? []
    : job.readers.map(({ identifier, instanceClass, promotionTier, like }) => ({
        identifier,
        instanceClass,
        promotionTier,
        like,
        isReady: seen?.ready.includes(identifier) ?? false,
      }));

const measureUsable = ({
  RestoreCluster: restore,
  VerifyRecovery: verified,
}: RecoveryState): number | null =>
  restore === undefined || verified === undefined
    ? null
    : secondsBetween(restore.requestedAt, verified.firstAnswerAt);

const listResources = (state: RecoveryState, recovered: Recovered | null): RecoveryOutcome['resources'] => {
  const { PrepareRecovery: job, RestoreCluster: restore, AddWriter: writer, AddReaders: readers } = state;
  if (job === undefined) return [];
  const { cluster, writer: name } = job.target;
  return [
    ...(wasAskedFor(state, 'RestoreCluster')
      ? [{ kind: 'cluster' as const, name: cluster, createdAt: restore?.requestedAt ?? null }]
      : []),
    ...(wasAskedFor(state, 'AddWriter')
      ? [{ kind: 'instance' as const, name, createdAt: writer?.startedAt ?? null }]
      : []),
    ...listMadeReaders(state, recovered).map((reader) => ({
      kind: 'instance' as const,
      name: reader.identifier,
      createdAt: readers?.startedAt ?? null,
    })),
  ];
};

const costOf = (state: RecoveryState, recovered: Recovered | null, endedAt: string, prices: Prices): Cost => {
  const use = measureUse(state, recoveryWorkflow, endedAt);
  const readers = listMadeReaders(state, recovered);
  const isDated = state.AddReaders !== undefined;
  const cost = estimateCost(
    {
      ...use,
      ...(isDated && { readers: readers.map((reader) => measureReader(state, reader, endedAt)) }),
      undated: [...use.undated, ...(isDated ? [] : readers.map(({ identifier }) => identifier))],
    },
    prices,
  );
  const isLocal = state.PrepareRecovery?.trigger.kind === 'local';
  const nothingBilled = 'nothing was billed: this ran on one machine; the figures are for AWS';
  return isLocal ? { ...cost, assumptions: [nothingBilled, ...cost.assumptions] } : cost;
};
