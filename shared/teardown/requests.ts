import { DrillError, isDrillError } from '../errors.ts';
import { addSeconds, isAfter } from '../instants.ts';
import { drillPrefix } from '../job/names.ts';
import type { RemovalVerbs, TeardownRequest } from './decision.ts';

/**
 * How long a denial may mean nothing. Tags are cached for authorization for several minutes (Aurora User Guide, "Tagging"),
 * and the roles go by the tags of what was just made.
 */
export const tagMinutes = 10;

export const isJustMade = (madeAt: string | null, now: string): boolean =>
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

const isGone = (error: unknown): boolean =>
  isDrillError(error, 'ClusterNotFound') || isDrillError(error, 'SnapshotNotFound');

/**
 * Gone already is success, and not possible yet is a matter of time: the deadline, not this call, gives up. Any other
 * error waits until the rest has been tried.
 * @param isNew something was made a moment ago
 * @returns what was refused for now, in words
 */
export const requestAll = async (
  aurora: Partial<RemovalVerbs>,
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
      else if (!isGone(error)) errors.push(explain(error, identifier));
    }
  }
  if (errors.length > 0) throw errors[0];
  return refusals;
};
