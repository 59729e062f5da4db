import type { Cluster } from '../aurora/port.ts';
import type { Known } from '../known.ts';
import { listSome } from '../words.ts';
import type { PostureFacts } from './facts.ts';
import type { Finding, Mend } from './finding.ts';
import type { Wanted } from './wanted.ts';

/** What a rule comes to for one cluster, before waivers. */
export type Outcome = Omit<Finding, 'rule'>;

/** @param now ISO 8601 */
export type Rule = (facts: PostureFacts, wanted: Wanted, now: string) => Outcome;

const untold = { expected: null, seen: null, mend: null };

export const notApplicable = (why: string): Outcome => ({ verdict: 'not-applicable', ...untold, why });

export const unreadable = (why: string): Outcome => ({ verdict: 'unreadable', ...untold, why });

type Comparison = { expected: string; seen: string; mend: () => Mend };

export const hold = (isHeld: boolean, { expected, seen, mend }: Comparison): Outcome => ({
  verdict: isHeld ? 'pass' : 'fail',
  expected,
  seen,
  why: null,
  mend: isHeld ? null : mend(),
});

/** Judges what is known. */
export const judgeKnown = <Value>(known: Known<Value>, judge: (value: Value) => Outcome): Outcome =>
  'unknown' in known ? unreadable(known.unknown) : judge(known.value);

/** Judges what RDS tells. @param what "whether backups are on" */
export const judgeTold = <Value>(
  value: Value | null | undefined,
  what: string,
  judge: (value: Value) => Outcome,
): Outcome => (value === null || value === undefined ? unreadable(`RDS does not say ${what}`) : judge(value));

/** A setting that is on or off. @param mend switches it on */
export const judgeSwitch = (isOn: boolean | null | undefined, what: string, mend: () => Mend): Outcome =>
  judgeTold(isOn, what, (value) => hold(value, { expected: 'on', seen: value ? 'on' : 'off', mend }));

/** A finding names this many, and counts the others. */
export const mostNames = 5;

/** Why the values of its parameter group need not be those that it runs with; null where they are. */
export const findOldValues = ({ unrebooted = [] }: Pick<Cluster, 'unrebooted'>): string | null =>
  unrebooted.length === 0
    ? null
    : `its parameter group has changed, and nobody has rebooted ${listSome(unrebooted.toSorted(), mostNames)} since`;
