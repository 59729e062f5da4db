import { ellipsize, listSome } from '../words.ts';
import type { DrillOutcome } from './document.ts';
import type { Failure } from './failure.ts';

/** What a failed teardown leaves: names, a clause about them, and whether they are another's. */
export type Remains = { names: string; clause: string; isForeign: boolean };

/** Why the teardown failed, wherever that is among the failures. */
const findTeardownError = ({ failure, otherFailures }: DrillOutcome): Failure | null =>
  [failure, ...otherFailures].find((one) => one?.phase === 'TearDown' || one?.phase === 'CheckTeardown') ??
  null;

/** What nobody has seen go; null when nothing is left. Only a teardown that looked and refused knows that it still exists. */
export const describeRemains = (result: DrillOutcome): Remains | null => {
  if (result.teardown.status !== 'failed') return null;
  const left = result.resources.filter(({ deletedAt }) => deletedAt === null).map(({ name }) => name);
  const names = (left.length > 0 ? left : [result.target ?? 'what it had made']).map(shortenName);
  const isKnown = findTeardownError(result)?.error === 'TeardownRefused';
  // The name was taken before the drill could create anything under it.
  const isForeign = result.failure?.error === 'TargetNameTaken';
  const clause = isForeign ? tellForeign(names) : isKnown ? tellLeft(names) : tellOpen(names);
  return { names: listSome(names, 3), clause, isForeign };
};

const tellForeign = (names: string[]): string =>
  `${listSome(names, 3)} exists, but nothing proves that this drill made it, so it was left alone`;

const tellLeft = (names: string[]): string =>
  names.length === 1
    ? `${names[0]} was left behind and costs money until it is deleted`
    : `${listSome(names, 3)} were left behind and cost money until they are deleted`;

const tellOpen = (names: string[]): string => `${listSome(names, 3)} may still exist and cost money`;

/** RDS identifiers have at most 63 characters. A longer name is not one, and must not drown the sentence. */
export const shortenName = (name: string): string => ellipsize(name, 63);
