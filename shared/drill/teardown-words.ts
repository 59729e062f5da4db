import { ellipsize, listSome } from '../words.ts';
import type { DrillOutcome } from './document.ts';
import type { Failure } from './failure.ts';

/** What a teardown that failed leaves open: names, a clause about them, and whether they may be the drill's at all. */
export type Remains = { names: string; clause: string; isForeign: boolean };

/** Why the teardown failed, wherever it stands among the failures; null when no error of it is known. */
const findTeardownError = ({ failure, otherFailures }: DrillOutcome): Failure | null =>
  [failure, ...otherFailures].find((one) => one?.phase === 'TearDown' || one?.phase === 'CheckTeardown') ??
  null;

/** What nobody has seen go; null when nothing is left. Only a teardown that looked at it and refused knows that it stands. */
export const describeRemains = (result: DrillOutcome): Remains | null => {
  if (result.teardown.status !== 'failed') return null;
  const left = result.resources.filter(({ deletedAt }) => deletedAt === null).map(({ name }) => name);
  const names = (left.length > 0 ? left : [result.target ?? 'what it had made']).map(shortenName);
  const isKnown = findTeardownError(result)?.error === 'TeardownRefused';
  // The name was taken before the drill could make anything under it.
  const isForeign = result.failure?.error === 'TargetNameTaken';
  const clause = isForeign ? tellForeign(names) : isKnown ? tellStanding(names) : tellOpen(names);
  return { names: listSome(names, 3), clause, isForeign };
};

const tellForeign = (names: string[]): string =>
  `${listSome(names, 3)} stands, and is not provably of this drill, so it was left alone`;

const tellStanding = (names: string[]): string =>
  names.length === 1
    ? `${names[0]} was left behind and costs money until it is deleted`
    : `${listSome(names, 3)} were left behind and cost money until they are deleted`;

const tellOpen = (names: string[]): string =>
  names.length === 1
    ? `${names[0]} is not known to be gone, and costs money while it stands`
    : `${listSome(names, 3)} are not known to be gone, and cost money while they stand`;

/** Identifiers of RDS have 63 characters at most; a sentence is not to be drowned by what is none. */
export const shortenName = (name: string): string => ellipsize(name, 63);
