import { addSeconds } from '../instants.ts';
import { jobId } from '../job/names.ts';
import { completeFromSource } from '../job/preparation.ts';
import type { Execution, Job, RestoreSettings, SourceSnapshot } from '../job/state.ts';
import { assertFitsTag } from '../job/tag-values.ts';
import type { Plan } from '../plan/plans.ts';
import type { RecoveryFacts } from '../recovery/facts.ts';
import { keepTags, keptSettingsOf } from '../recovery/kept-settings.ts';
import { recoveredNames, recoveredTagsOf } from '../recovery/names.ts';
import type { Choice } from '../recovery/way-back.ts';
import type { SeenSource } from './source.ts';

/**
 * How the recovered cluster is restored: as the source is. What a plan says of copies counts for what a source without
 * instances or a deleted one does not tell, and for the parameter group where that keeps a copy from acting.
 */
export const settleRecovered = (
  { restore, recover, sideEffects }: Pick<Plan, 'restore' | 'recover' | 'sideEffects'>,
  { cluster, instances, stands }: SeenSource,
): RestoreSettings => {
  const hasInstance = instances.length > 0;
  const isQuieted = sideEffects === 'refuse' && restore.clusterParameterGroup !== undefined;
  const ofSource = {
    ...(!hasInstance && restore.instanceClass && { instanceClass: restore.instanceClass }),
    ...(cluster.capacity === null && restore.capacity && { capacity: restore.capacity }),
    ...(isQuieted && { clusterParameterGroup: restore.clusterParameterGroup }),
  };
  const { instanceClass } = recover;
  const wishes = { ...(stands ? ofSource : restore), ...(instanceClass && { instanceClass }) };
  return completeFromSource({ restore: wishes }, cluster, instances);
};

type RecoveryPlanned = {
  execution: Execution;
  plan: { name: string } & Pick<Plan, 'timeoutMinutes' | 'recover'>;
  /** Every source in plans.yml. */
  sources: readonly string[];
  source: SeenSource;
  snapshots: RecoveryFacts['snapshots'];
  restore: RestoreSettings;
  choice: Choice;
};

/** The job of a recovery: its cluster is named by source and time, so that it cannot be made twice, and it stays. */
export const fixRecovery = ({
  execution,
  plan,
  sources,
  source,
  snapshots,
  restore,
  choice,
}: RecoveryPlanned): Job => {
  const { cluster, instances } = source;
  const { identifier, resourceId, engine, engineVersion, endpoint } = cluster;
  assertFitsTag(execution.id);
  const recovered = { source: identifier, restoreTo: choice.reaches, execution: execution.id };
  const writer = instances.find(({ identifier: name }) => name === cluster.writer);
  return {
    id: jobId(execution.id),
    plan: plan.name,
    copyKind: choice.mechanism,
    snapshot: findSnapshot(snapshots, choice),
    source: { identifier, engine, engineVersion, endpoint },
    target: recoveredNames(identifier, choice.reaches),
    restore,
    restoreTo: choice.reaches,
    deadline: addSeconds(execution.startedAt, plan.timeoutMinutes * 60),
    tags: keepTags(cluster.tags, plan.recover.tags ?? {}, recoveredTagsOf(recovered)),
    kept: {
      settings: keptSettingsOf(cluster),
      resourceId: choice.mechanism === 'point-in-time' ? choice.resourceId : null,
      promotionTier: writer?.settings?.promotionTier ?? null,
    },
    neverDeleted: [...new Set([identifier, ...(resourceId === null ? [] : [resourceId]), ...sources])],
  };
};

const findSnapshot = (snapshots: RecoveryFacts['snapshots'], choice: Choice): SourceSnapshot | null => {
  if (choice.mechanism !== 'snapshot') return null;
  const found = snapshots.find(({ identifier }) => identifier === choice.snapshot);
  return found === undefined
    ? null
    : {
        identifier: found.identifier,
        createdAt: choice.reaches,
        type: found.type,
        engine: found.engine,
        engineVersion: choice.engineVersion,
      };
};
