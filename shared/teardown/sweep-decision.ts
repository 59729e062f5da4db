import type { Cluster } from '../aurora/port.ts';
import { isAfter } from '../instants.ts';
import { type ExecutionStatus, isExecutionOf } from '../job/executions.ts';
import { findRefusal, type Owner } from '../job/guard.ts';
import { drillPrefix, drillTags } from '../job/names.ts';

/** What a sweep knows besides the cluster: whose leftovers it removes, and what must stay whatever happens. */
export type SweepScope = {
  stateMachineArns: readonly string[];
  neverDeleted: readonly string[];
  now: string;
};

/** What a sweep does about one cluster. */
export type FinalDecision =
  | { action: 'ignore' | 'keep' | 'report'; reason: string }
  | { action: 'remove'; owner: Owner; reason: string };

/** `look-up`: it depends on how the owner's execution stands. */
export type SweepDecision = FinalDecision | { action: 'look-up'; owner: Owner; reason: string };

/**
 * Is this cluster a leftover? Only what the deletion guard takes for a drill's own may ever be removed; what merely looks
 * like it is for people to judge. A drill that its own execution cannot need any longer, past the expiry that it wrote
 * itself, is removed without asking.
 */
export const decideSweep = (cluster: Cluster, scope: SweepScope): SweepDecision => {
  const { identifier, tags } = cluster;
  const isTagged = Object.values(drillTags).some((key) => Object.hasOwn(tags, key));
  if (!isTagged && !identifier.startsWith(drillPrefix)) {
    return { action: 'ignore', reason: `${identifier} has neither the prefix nor the tags of a drill` };
  }
  if (!isTagged) {
    return { action: 'report', reason: `${identifier} begins with ${drillPrefix} and has no tag of a drill` };
  }
  const owner = readOwner(tags);
  const refusal = findRefusal(cluster, owner, scope.neverDeleted);
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
    ? removeUnlessProtected(cluster, owner, `${identifier} expired at ${expires}`)
    : { action: 'look-up', owner, reason: `${identifier} belongs to ${owner.execution}` };
};

/** @param status how the execution stands that the cluster belongs to */
export const decideByExecution = (cluster: Cluster, owner: Owner, status: ExecutionStatus): FinalDecision => {
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

/** A drill makes its cluster without protection and takes off what is put on: what is left with it, somebody keeps. */
const removeUnlessProtected = (cluster: Cluster, owner: Owner, reason: string): FinalDecision =>
  cluster.isProtected
    ? { action: 'report', reason: `${reason}, and somebody has protected it against deletion` }
    : { action: 'remove', owner, reason };

const readOwner = (tags: Record<string, string>): Owner => {
  const read = (key: string): string => (Object.hasOwn(tags, key) ? (tags[key] ?? '') : '');
  return { id: read(drillTags.drill), source: read(drillTags.source), execution: read(drillTags.execution) };
};

/** Strictly as a drill writes it: Date.parse takes a date from nearly any words that hold a number. */
const readInstant = (text = ''): string | null =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;
