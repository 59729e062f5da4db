import { isAfter } from '../instants.ts';
import { type PostureRule, postureRules } from '../plan/posture.ts';
import type { Waiver } from '../plan/posture-settings.ts';
import type { PostureFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import type { Outcome } from './rule.ts';
import { rules } from './rules.ts';
import type { Wanted } from './wanted.ts';

/** What every rule comes to for one cluster, in the order of the rules. @param now ISO 8601 */
export const judge = (facts: PostureFacts, wanted: Wanted, now: string): Finding[] =>
  postureRules.map((rule) => ({ rule, ...waive(rule, rules[rule](facts, wanted, now), wanted, now) }));

/** A waiver lets a rule fail as long as it lasts, and changes nothing else. */
const waive = (rule: PostureRule, outcome: Outcome, { settings, from }: Wanted, now: string): Outcome => {
  const waiver = settings.waive[rule];
  if (outcome.verdict !== 'fail' || waiver === undefined) return outcome;
  const said = `by ${describeAuthor(waiver, from)}: ${waiver.reason}`;
  return isAfter(endOf(waiver), now)
    ? { ...outcome, verdict: 'waived', why: `until ${waiver.until} ${said}` }
    : { ...outcome, why: `the waiver has ended, on ${waiver.until}; it was given ${said}` };
};

const describeAuthor = ({ by }: Waiver, plan: string | null): string =>
  [by, plan === null ? undefined : `plan ${plan}`].filter((one) => one !== undefined).join(' in ');

/** A day counts as a whole. */
const endOf = ({ until }: Waiver): string => (until.includes('T') ? until : `${until}T24:00:00Z`);
