import type { Cluster, Snapshot } from '../aurora/port.ts';
import { safetyPrefix, safetyTags } from '../aurora/safety-prefix.ts';
import { isAfter } from '../instants.ts';
import { type ExecutionStatus, isExecutionOf } from '../job/executions.ts';
import { findRefusal, findSnapshotRefusal, type Owner } from '../job/guard.ts';
import { drillPrefix, drillTags } from '../job/names.ts';
import { fromTagValue } from '../job/tag-values.ts';

/** What a sweep knows about its limits: whose leftovers it removes, and which clusters it must never delete. */
export type SweepScope = {
  stateMachineArns: readonly string[];
  neverDeleted: readonly string[];
  now: string;
};

/** What a sweep does about one cluster or snapshot. */
export type FinalDecision =
  | { action: 'ignore' | 'keep' | 'report'; reason: string }
  | { action: 'remove'; owner: Owner; reason: string };

/** `look-up`: it depends on the status of the owner's execution. */
export type SweepDecision = FinalDecision | { action: 'look-up'; owner: Owner; reason: string };

/**
 * Decides whether this cluster is a leftover. Only what the deletion guard accepts as a drill's own may be removed. What
 * only looks like a drill's is reported, for people to judge. A cluster past the expiry that its drill wrote is removed
 * without looking up the execution, which cannot need it any longer.
 */
export const decideSweep = (cluster: Cluster, scope: SweepScope): SweepDecision =>
  decide(cluster, scope, (owner) => findRefusal(cluster, owner, scope.neverDeleted));

/** The same for a snapshot that somebody took by hand, as a drill does. */
export const decideSnapshotSweep = (snapshot: Snapshot, scope: SweepScope): SweepDecision =>
  reportSafety(snapshot, scope.now) ??
  decide({ ...snapshot, isProtected: false }, scope, (owner) => findSnapshotRefusal(snapshot, owner));

/** One that a mark has taken is somebody's safety: said how to delete once it is no longer needed, and never deleted. */
const reportSafety = ({ identifier, tags }: Snapshot, now: string): FinalDecision | null => {
  const expires = readInstant(tags[safetyTags.expires]);
  if (!identifier.startsWith(safetyPrefix) || expires === null || isAfter(expires, now)) return null;
  const command = `aws rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier ${identifier}`;
  return {
    action: 'report',
    reason: `${identifier} is a safety snapshot that expired at ${expires}; if nobody needs it: ${command}`,
  };
};

type Found = Pick<Cluster, 'identifier' | 'tags' | 'isProtected'>;

const decide = (
  found: Found,
  scope: SweepScope,
  findReason: (owner: Owner) => string | null,
): SweepDecision => {
  const { identifier, tags } = found;
  const isTagged = Object.values(drillTags).some((key) => Object.hasOwn(tags, key));
  if (!isTagged && !identifier.startsWith(drillPrefix)) {
    return { action: 'ignore', reason: `${identifier} has neither the prefix nor the tags of a drill` };
  }
  if (!isTagged) {
    return { action: 'report', reason: `${identifier} begins with ${drillPrefix} and has no tag of a drill` };
  }
  const owner = readOwner(tags);
  const refusal = findReason(owner);
  if (refusal !== null) return { action: 'report', reason: refusal };

  const expires = readInstant(tags[drillTags.expires]);
  const isExpired = expires !== null && !isAfter(expires, scope.now);
  if (!isExecutionOf(scope.stateMachineArns, owner.execution)) {
    const reason = `${identifier} belongs to another state machine: ${owner.execution}`;
    return isExpired
      ? { action: 'report', reason: `${reason}, and expired at ${expires}` }
      : { action: 'keep', reason };
  }
  return isExpired
    ? removeUnlessProtected(found, owner, `${identifier} expired at ${expires}`)
    : { action: 'look-up', owner, reason: `${identifier} belongs to ${owner.execution}` };
};

/** @param status of the execution that this belongs to */
export const decideByExecution = (
  cluster: Pick<Cluster, 'isProtected'>,
  owner: Owner,
  status: ExecutionStatus,
): FinalDecision => {
  const { execution } = owner;
  switch (status) {
    case 'running':
      return { action: 'keep', reason: `its drill runs: ${execution}` };
    case 'ended':
      return removeUnlessProtected(cluster, owner, `its drill has ended: ${execution}`);
    case 'gone':
      return removeUnlessProtected(cluster, owner, `its drill is unknown to Step Functions: ${execution}`);
    default:
      return status satisfies never;
  }
};

/** A drill never protects its cluster. If a leftover is protected, somebody wants to keep it. */
const removeUnlessProtected = (
  { isProtected }: Pick<Cluster, 'isProtected'>,
  owner: Owner,
  reason: string,
): FinalDecision =>
  isProtected
    ? { action: 'report', reason: `${reason}, and somebody has protected it against deletion` }
    : { action: 'remove', owner, reason };

const readOwner = (tags: Record<string, string>): Owner => {
  const read = (key: string): string => (Object.hasOwn(tags, key) ? (tags[key] ?? '') : '');
  const execution = fromTagValue(read(drillTags.execution));
  return { id: read(drillTags.drill), source: read(drillTags.source), execution };
};

/** Strict, as a drill writes it: Date.parse finds a date in nearly any text with a number. */
const readInstant = (text = ''): string | null =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;
