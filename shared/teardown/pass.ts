import { DrillError, isDrillError } from '../errors.ts';
import { addSeconds, isAfter } from '../instants.ts';
import { findRefusal, findStranger, type Owner } from '../job/guard.ts';
import { drillPrefix, drillTags, targetNames } from '../job/names.ts';
import type { Job, JobState, Teardown, Wait } from '../job/state.ts';
import { fromTagValue } from '../job/tag-values.ts';
import { untilDeadline, type Waiting } from '../job/waits.ts';
import { decideTeardown, type RemovalVerbs, type TeardownRequest } from './decision.ts';

/** How long a teardown may take before people are told to help. RDS needs minutes; refusals may hold it up. */
export const maxTeardownMinutes = 60;

/** Whose things are removed, and what must stay whatever happens: identifiers and resource ids. */
export type Removal = { owner: Owner; neverDeleted: readonly string[] };

/** The removal that a job's own teardown is. */
export const removalOf = ({ id, source, tags, neverDeleted }: Job): Removal => ({
  owner: { id, source: source.identifier, execution: fromTagValue(tags[drillTags.execution] ?? '') },
  neverDeleted,
});

/**
 * How long a denial may mean nothing. Tags are cached for authorization for several minutes (Aurora User Guide, "Tagging"),
 * and the roles go by the tags of what was just made.
 */
export const tagMinutes = 10;

/** When the job last asked for something of its own, ISO 8601; null when it asked for nothing, or nobody knows. */
export const findMadeAt = ({ RestoreCluster, AddWriter }: JobState): string | null =>
  AddWriter?.startedAt ?? RestoreCluster?.requestedAt ?? null;

/** What earlier passes know: `earlier` names what they saw, so that the report has it after it is gone. */
export type TeardownProgress = Pick<Teardown, 'deadline' | 'settledAt' | 'gone'> &
  Waiting & { earlier: string[]; madeAt: string | null };

/**
 * One pass of a job's own teardown, and how far it is.
 * @throws DrillError as `removeOnce` does
 */
export const advanceTeardown = async (
  aurora: RemovalVerbs,
  removal: Removal,
  progress: TeardownProgress,
): Promise<Teardown> => {
  const { earlier, deadline, settledAt, gone: goneEarlier, madeAt, now } = progress;
  const target = targetOf(removal);
  const mayAppear = !earlier.includes(target) && settledAt !== null && isAfter(settledAt, now);
  const { isGone, reason, found } = await removeOnce(aurora, removal, { mayAppear, madeAt, now });
  const seen = new Set([...earlier, ...found]);
  // The cluster goes last, and so it stands in the report.
  const resources = [...seen].filter((name) => name !== target).concat(seen.has(target) ? [target] : []);
  const wait: Wait = isGone ? { status: 'ready', reason } : untilDeadline(reason, progress);
  const missing = resources.filter((name) => !found.includes(name));
  const gone = Object.fromEntries(missing.map((name) => [name, goneEarlier[name] ?? now]));
  return { ...wait, deadline, settledAt, resources, gone };
};

/** What a pass found standing, and what of it could not be asked for yet. */
export type Pass = { isGone: boolean; reason: string; found: string[] };

/**
 * `mayAppear`: nothing found proves nothing yet. `madeAt`: as findMadeAt has it; what was made besides the cluster, whose
 * own creation is seen.
 */
export type PassFacts = { mayAppear: boolean; madeAt: string | null; now: string };

/**
 * Looks, decides and asks, once. Safe to run any number of times; what is already gone, and what cannot be deleted just
 * now, is left to the next pass.
 * @throws DrillError TeardownRefused when the cluster or an instance is not provably the owner's, or is protected and the
 *   verbs cannot change that; and the first error of AWS once everything has been tried
 */
export const removeOnce = async (
  aurora: RemovalVerbs,
  removal: Removal,
  { mayAppear, madeAt, now }: PassFacts,
): Promise<Pass> => {
  const target = targetOf(removal);
  const cluster = await aurora.findCluster(target);
  if (cluster !== undefined) {
    const refusal = findRefusal(cluster, removal.owner, removal.neverDeleted);
    if (refusal !== null) throw refused(refusal);
    if (cluster.isProtected && aurora.liftProtection === undefined) throw refused(`${target} is protected`);
  }
  // Listed, not remembered: somebody, or autoscaling, may have added an instance.
  const instances = cluster === undefined ? [] : await aurora.listInstances(target);
  const stranger = findStranger(instances, target);
  if (stranger !== null) throw refused(stranger);
  const decision = decideTeardown(cluster, instances, mayAppear);
  const isNew = isJustMade(cluster?.createdAt ?? null, now) || isJustMade(madeAt, now);
  const refusals = decision.action === 'request' ? await requestAll(aurora, decision.requests, isNew) : [];
  return {
    isGone: decision.action === 'done',
    reason: [decision.reason, ...refusals].join('; '),
    found: [...instances, ...(cluster ? [cluster] : [])].map(({ identifier }) => identifier),
  };
};

const refused = (reason: string): DrillError =>
  new DrillError('TeardownRefused', `refused to delete: ${reason}`);

const targetOf = ({ owner }: Removal): string => targetNames(owner.source, owner.id).cluster;

const isJustMade = (madeAt: string | null, now: string): boolean =>
  madeAt !== null && isAfter(addSeconds(madeAt, tagMinutes * 60), now);

/**
 * A status forbids it, or deletion protection that is being switched off (API: InvalidParameterCombination), or its tags
 * are not known everywhere yet.
 */
const isForNow = (error: unknown, identifier: string, isNew: boolean): error is DrillError =>
  isDrillError(error, 'InvalidClusterState') ||
  isDrillError(error, 'RequestRefused') ||
  (isNew && isOurs(identifier) && isDrillError(error, 'AccessDenied'));

const isOurs = (identifier: string): boolean => identifier.startsWith(drillPrefix);

/** IAM cannot tell whose an instance is, so the roles go by its name (docs/permissions.md). */
const explain = (error: unknown, identifier: string): unknown =>
  isDrillError(error, 'AccessDenied') && !isOurs(identifier)
    ? new DrillError('AccessDenied', error.summary, {
        hint: `delete ${identifier} by hand: somebody added it, and no role of this stack reaches a name that does not begin with ${drillPrefix}`,
        cause: error,
      })
    : error;

/**
 * Gone already is success, and not possible yet is a matter of time: the deadline, not this call, gives up. Any other
 * error waits until the rest has been tried.
 * @param isNew something was made a moment ago
 * @returns what was refused for now, in words
 */
const requestAll = async (
  aurora: RemovalVerbs,
  requests: readonly TeardownRequest[],
  isNew: boolean,
): Promise<string[]> => {
  const refusals: string[] = [];
  const errors: unknown[] = [];
  for (const { verb, identifier } of requests) {
    try {
      await aurora[verb]?.(identifier);
    } catch (error) {
      if (isForNow(error, identifier, isNew)) refusals.push(error.summary);
      else if (!isDrillError(error, 'ClusterNotFound')) errors.push(explain(error, identifier));
    }
  }
  if (errors.length > 0) throw errors[0];
  return refusals;
};
