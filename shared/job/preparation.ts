import type { Aurora, Cluster, Instance } from '../aurora/port.ts';
import { classifyClusterStatus } from '../aurora/statuses.ts';
import { DrillError } from '../errors.ts';
import { addSeconds, isAfter } from '../instants.ts';
import { assertSupported } from './flavours.ts';
import { jobId, tagsOf, targetNames } from './names.ts';
import type { Execution, Job, JobKind, RestoreSettings, SourceSnapshot } from './state.ts';
import { assertFitsTag } from './tag-values.ts';

/** What a job decides from its plan and its source before it makes anything. */

/**
 * @throws DrillError NotSupported as `assertSupported` does, KeyUnusable when the source's key cannot be used, SourceNotRestorable
 *   for another status that allows no restore
 */
export const assertDrillable = (source: Cluster): void => {
  assertSupported(source);
  const { readiness, reason, trouble } = classifyClusterStatus(source.status);
  if (readiness !== 'failed') return;
  const name = trouble === 'key' ? 'KeyUnusable' : 'SourceNotRestorable';
  throw new DrillError(name, `source ${source.identifier}: ${reason}`);
};

/** The source of a plan. @throws DrillError SourceNotFound, and what `assertDrillable` throws */
export const findDrillable = async (
  aurora: Pick<Aurora, 'findCluster'>,
  identifier: string,
): Promise<Cluster> => {
  const source = await aurora.findCluster(identifier);
  if (source === undefined) {
    throw new DrillError('SourceNotFound', `there is no cluster ${identifier} in this account and Region`);
  }
  assertDrillable(source);
  return source;
};

/** @throws DrillError SourceNotRestorable when there is none */
export const readRestorableWindow = (source: Cluster): { earliest: string; latest: string } => {
  const { earliestRestorableTime: earliest, latestRestorableTime: latest } = source;
  if (earliest === null || latest === null) {
    throw new DrillError(
      'SourceNotRestorable',
      `source ${source.identifier} has no restorable window: its backups are off, or its own restore goes on`,
    );
  }
  return { earliest, latest };
};

/** @throws DrillError RestoreTimeOutsideWindow */
export const assertInsideWindow = (restoreTo: string, earliest: string, latest: string): void => {
  if (!isAfter(earliest, restoreTo) && isAfter(latest, restoreTo)) return;
  throw new DrillError(
    'RestoreTimeOutsideWindow',
    `restoreTo ${restoreTo} is ${isAfter(earliest, restoreTo) ? 'before' : 'after'} the restorable window, which is ${earliest} to ${latest}`,
  );
};

/** What a plan says of the copy. The rest comes from the source. */
type Wishes = { [Setting in keyof RestoreSettings]?: RestoreSettings[Setting] | undefined } & {
  tags?: Record<string, string> | undefined;
};

/** What a copy carries (`carriedByClusters`), from the plan, or else from the source. */
export const completeFromSource = (
  { restore }: { restore: Wishes },
  source: Cluster,
  instances: Instance[],
): RestoreSettings => {
  const writer = instances.find(({ identifier }) => identifier === source.writer) ?? instances[0];
  const instanceClass = restore.instanceClass ?? writer?.instanceClass;
  if (instanceClass === undefined) {
    throw new DrillError(
      'InvalidPlan',
      `restore.instanceClass is missing, and source ${source.identifier} has no instance to take it from`,
    );
  }
  const { storageType, lifecycleSupport, networkType } = source;
  const capacity = restore.capacity ?? source.capacity;
  if (instanceClass === 'db.serverless' && capacity === null) {
    // RDS would refuse the instance only after the restore (Aurora User Guide, "Aurora Serverless v2 requirements").
    throw new DrillError(
      'InvalidPlan',
      `restore.capacity is missing: an instance of class db.serverless needs it, and source ${source.identifier} has none`,
    );
  }
  return {
    port: restore.port ?? source.port,
    subnetGroup: restore.subnetGroup ?? source.subnetGroup,
    securityGroups: restore.securityGroups ?? source.securityGroups,
    clusterParameterGroup: restore.clusterParameterGroup ?? source.parameterGroup,
    instanceParameterGroup: restore.instanceParameterGroup ?? writer?.parameterGroup ?? null,
    instanceClass,
    capacity,
    // A subnet group of the plan's own need not support it.
    inherited: {
      storageType,
      lifecycleSupport,
      networkType: restore.subnetGroup === undefined ? networkType : null,
    },
  };
};

/** What a job is made from. @property sources every source in plans.yml, none of which may ever be deleted */
export type JobFacts = {
  kind: JobKind;
  execution: Execution;
  plan: { name: string; timeoutMinutes: number; restore: Wishes };
  sources: readonly string[];
  source: Cluster;
  instances: Instance[];
  copyKind: NonNullable<Job['copyKind']>;
  /** Of a copy of a snapshot that there is. */
  snapshot?: SourceSnapshot | null;
  restoreTo: string | null;
  teardownMinutes: number;
};

/**
 * The job of an execution, the same for the same execution and plan, so that every step may run twice.
 * @throws DrillError InvalidPlan as `completeFromSource` does, InvalidInput as `assertFitsTag` does
 */
export const fixJob = (facts: JobFacts): Job => {
  const { kind, execution, plan, source, instances, copyKind, restoreTo, teardownMinutes } = facts;
  const { identifier, resourceId, engine, engineVersion, endpoint } = source;
  assertFitsTag(execution.id);
  const id = jobId(execution.id);
  const deadline = addSeconds(execution.startedAt, plan.timeoutMinutes * 60);
  const expires = addSeconds(deadline, teardownMinutes * 60);
  return {
    id,
    plan: plan.name,
    copyKind,
    snapshot: facts.snapshot ?? null,
    source: { identifier, engine, engineVersion, endpoint },
    target: targetNames(identifier, id),
    restore: completeFromSource(plan, source, instances),
    restoreTo,
    deadline,
    // Ours last: no plan can make a copy look like another job's.
    tags: {
      ...plan.restore.tags,
      ...tagsOf({ kind, id, source: identifier, execution: execution.id, expires }),
    },
    neverDeleted: [...new Set([identifier, ...(resourceId === null ? [] : [resourceId]), ...facts.sources])],
  };
};
