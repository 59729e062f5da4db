import { DrillError } from '../errors.ts';
import { isAfter } from '../instants.ts';
import { findRefusal, findSnapshotRefusal, findStranger, type Owner } from '../job/guard.ts';
import { drillTags, type TargetNames, targetNames } from '../job/names.ts';
import type { Job, JobState, Teardown, Wait } from '../job/state.ts';
import { fromTagValue } from '../job/tag-values.ts';
import { untilDeadline, type Waiting } from '../job/waits.ts';
import { decideSnapshot, decideTeardown, mayStillAppear, type RemovalVerbs } from './decision.ts';
import { isJustMade, requestAll } from './requests.ts';

/** How long a teardown may take before people are told to help. RDS needs minutes; refusals may hold it up. */
export const maxTeardownMinutes = 60;

/**
 * Whose things are removed, and what must stay whatever happens: identifiers and resource ids.
 * @property takesSnapshot a snapshot of the source is among them
 */
export type Removal = { owner: Owner; neverDeleted: readonly string[]; takesSnapshot: boolean };

/** The removal that a job's own teardown is. */
export const removalOf = ({ id, source, tags, neverDeleted, copyKind }: Job): Removal => ({
  owner: { id, source: source.identifier, execution: fromTagValue(tags[drillTags.execution] ?? '') },
  neverDeleted,
  takesSnapshot: copyKind === 'fresh-snapshot',
});

/** When the job last asked for something of its own, ISO 8601; null when it asked for nothing, or nobody knows. */
export const findMadeAt = ({ TakeSnapshot, RestoreCluster, AddWriter }: JobState): string | null =>
  AddWriter?.startedAt ?? RestoreCluster?.requestedAt ?? TakeSnapshot?.requestedAt ?? null;

/** What may still appear of what the job asked for, by name. A snapshot that was seen to be available has appeared. */
export const listExpected = (state: JobState, { owner }: Removal): string[] => {
  const { cluster, snapshot } = targetNames(owner.source, owner.id);
  const hasAppeared = state.CheckSnapshot?.status === 'ready';
  return [
    ...(mayStillAppear(state, 'RestoreCluster') ? [cluster] : []),
    ...(!hasAppeared && mayStillAppear(state, 'TakeSnapshot') ? [snapshot] : []),
  ];
};

/**
 * What earlier passes know: `earlier` names what they saw, so that the report has it after it is gone. `expected`: as
 * listExpected has it.
 */
export type TeardownProgress = Pick<Teardown, 'deadline' | 'settledAt' | 'gone'> &
  Waiting & { earlier: string[]; expected: string[]; madeAt: string | null };

/**
 * One pass of a job's own teardown, and how far it is.
 * @throws DrillError as `removeCluster` and `removeSnapshot` do
 */
export const advanceTeardown = async (
  aurora: RemovalVerbs,
  removal: Removal,
  progress: TeardownProgress,
): Promise<Teardown> => {
  const { earlier, expected, deadline, settledAt, gone: goneEarlier, madeAt, now } = progress;
  const { cluster: target, snapshot } = namesOf(removal);
  const factsOf = (name: string): PassFacts => {
    const isUnseen = expected.includes(name) && !earlier.includes(name);
    return { mayAppear: isUnseen && settledAt !== null && isAfter(settledAt, now), madeAt, now };
  };
  const { isGone, reason, found } = await allOf([
    removeCluster(aurora, removal, factsOf(target)),
    ...(removal.takesSnapshot ? [removeSnapshot(aurora, removal, factsOf(snapshot))] : []),
  ]);
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

/** One pass over several things. An error with one of them waits until all were tried. */
const allOf = async (passes: Promise<Pass>[]): Promise<Pass> => {
  await Promise.allSettled(passes);
  const done = await Promise.all(passes);
  const standing = done.filter(({ isGone }) => !isGone);
  return {
    isGone: standing.length === 0,
    reason: (standing.length === 0 ? done.slice(0, 1) : standing).map(({ reason }) => reason).join('; '),
    found: done.flatMap(({ found }) => found),
  };
};

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
export const removeCluster = async (
  aurora: RemovalVerbs,
  removal: Removal,
  { mayAppear, madeAt, now }: PassFacts,
): Promise<Pass> => {
  const target = namesOf(removal).cluster;
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

/**
 * The same for the snapshot that the job has taken of its source.
 * @throws DrillError TeardownRefused when it is not provably the owner's, and the first error of AWS
 */
export const removeSnapshot = async (
  aurora: Pick<RemovalVerbs, 'findSnapshot' | 'deleteSnapshot'>,
  removal: Pick<Removal, 'owner'>,
  { mayAppear, madeAt, now }: PassFacts,
): Promise<Pass> => {
  const snapshot = await aurora.findSnapshot(namesOf(removal).snapshot);
  const refusal = snapshot === undefined ? null : findSnapshotRefusal(snapshot, removal.owner);
  if (refusal !== null) throw refused(refusal);
  const decision = decideSnapshot(snapshot, mayAppear);
  // One that is being made has no time yet.
  const isBeingMade = snapshot?.createdAt === null;
  const isNew = isBeingMade || isJustMade(snapshot?.createdAt ?? null, now) || isJustMade(madeAt, now);
  const refusals = decision.action === 'request' ? await requestAll(aurora, decision.requests, isNew) : [];
  return {
    isGone: decision.action === 'done',
    reason: [decision.reason, ...refusals].join('; '),
    found: snapshot === undefined ? [] : [snapshot.identifier],
  };
};

const refused = (reason: string): DrillError =>
  new DrillError('TeardownRefused', `refused to delete: ${reason}`);

const namesOf = ({ owner }: Pick<Removal, 'owner'>): TargetNames => targetNames(owner.source, owner.id);
