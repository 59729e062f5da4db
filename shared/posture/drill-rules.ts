import type { Cluster } from '../aurora/port.ts';
import { addSeconds, describeSeconds, isAfter, secondsBetween } from '../instants.ts';
import type { Plan } from '../plan/plans.ts';
import { findDeadlineHours } from '../plan/schedule-gap.ts';
import { formatInstant } from '../result/format.ts';
import { wantedOf as wantedOfTable } from '../truth/wanted.ts';
import { countOf, listSome } from '../words.ts';
import type { PlanProof, PostureFacts, TableProof } from './facts.ts';
import { byHand } from './mend.ts';
import { hold, judgeKnown, mostNames, notApplicable, type Outcome, type Rule, unreadable } from './rule.ts';
import type { Wanted } from './wanted.ts';

/** What drills have proven of the cluster. */

const hourSeconds = 3600;

/** A plan of the cluster, with what its drills have proven: nothing, where the history has none of them. */
type Proven = { name: string; plan: Plan; proof: PlanProof };

/** Judges every plan of the cluster. @param alone the answer for a cluster that no plan drills */
const judgePlans = (
  { proofs }: PostureFacts,
  { plans }: Wanted,
  alone: () => Outcome,
  judge: (plans: Proven[]) => Outcome,
): Outcome =>
  judgeKnown(proofs, (all) => {
    const proven = Object.entries(plans).map(([name, plan]) => ({
      name,
      plan,
      proof: all.find((proof) => proof.plan === name) ?? proveNothing(name),
    }));
    return proven.length === 0 ? alone() : judge(proven);
  });

const proveNothing = (plan: string): PlanProof => ({ plan, lastPassed: null, tables: [], sideEffects: null });

const noPlan = 'no plan drills it';

/** As the alarm no-passed-drill has it. A backup that nobody has ever restored is none to rely on, so it needs a plan. */
export const judgeDrills: Rule = (facts, wanted, now) =>
  judgePlans(
    facts,
    wanted,
    () =>
      hold(false, {
        expected: 'a plan, and a drill that passed',
        seen: noPlan,
        mend: () => byHand('write a plan for it, or leave it out of monitoredClusters'),
      }),
    (plans) => {
      const judged = plans.map((one) => judgeLastDrill(one, now));
      const late = judged.filter(({ isLate }) => isLate);
      const tell = (told: typeof judged, part: 'expected' | 'seen') =>
        told.map((one) => `${one.name}: ${one[part]}`).join('; ');
      return hold(late.length === 0, {
        expected: tell(judged, 'expected'),
        seen: tell(late.length === 0 ? judged : late, 'seen'),
        mend: () =>
          byHand(
            `read why the last drill of ${late.map(({ name }) => name).join(', ')} did not pass, and start another: docs/runbook.md, no-passed-drill, has the steps`,
          ),
      });
    },
  );

const judgeLastDrill = ({ name, plan, proof: { lastPassed } }: Proven, now: string) => {
  // A plan that only runs by hand has no drill to miss.
  const hours = plan.schedule === undefined ? null : findDeadlineHours(plan.schedule, now);
  return {
    name,
    expected: hours === null ? 'a drill that passed' : `one that passed in the last ${describeDays(hours)}`,
    seen: lastPassed === null ? 'none ever passed' : `the last passed began ${formatInstant(lastPassed)}`,
    isLate: lastPassed === null || (hours !== null && secondsBetween(lastPassed, now) > hours * hourSeconds),
  };
};

const describeDays = (hours: number): string =>
  hours % 24 === 0 ? countOf(hours / 24, 'day') : describeSeconds(hours * hourSeconds);

export const judgeSideEffects: Rule = (facts, wanted) =>
  judgePlans(
    facts,
    wanted,
    () => notApplicable(noPlan),
    (plans) => {
      const asked = plans.flatMap(toAsked);
      if (asked.length === 0) return unreadable('no drill has asked yet');
      const active = asked.filter(({ seen }) => seen.length > 0);
      const isHeld = active.every(({ isAccepted }) => isAccepted);
      // What a plan accepts, it need not know.
      const doubts = asked.flatMap(({ isAccepted, unknown }) => (isAccepted ? [] : unknown));
      if (isHeld && doubts.length > 0)
        return unreadable(`not known whether these act in a copy: ${listSome(doubts, mostNames)}`);
      return hold(isHeld, {
        expected: 'nothing, or what a plan accepts',
        seen: active.length === 0 ? 'nothing' : active.map(describeActive).join('; '),
        mend: () =>
          byHand(
            'keep the copy quiet with a parameter group in restore.clusterParameterGroup, or write sideEffects: accepted in the plan: docs/plans.md, A copy must not act',
          ),
      });
    },
  );

/** What the drills of a plan were told of side effects. */
type Asked = { name: string; isAccepted: boolean } & NonNullable<PlanProof['sideEffects']>;

const toAsked = ({ name, plan, proof: { sideEffects } }: Proven): Asked[] =>
  sideEffects === null ? [] : [{ name, isAccepted: plan.sideEffects === 'accepted', ...sideEffects }];

const describeActive = ({ name, seen, at, isAccepted }: Asked): string => {
  const accepted = isAccepted ? `, which plan ${name} accepts` : '';
  return `${listSome(seen, mostNames)}, seen ${formatInstant(at)}${accepted}`;
};

export const judgeCoverage: Rule = (facts, wanted, now) =>
  judgePlans(
    facts,
    wanted,
    () => notApplicable(noPlan),
    (plans) => {
      const { coverageDays } = wanted.settings;
      const since = addSeconds(now, -coverageDays * 24 * hourSeconds);
      const gaps = plans.flatMap((one) => listGaps(one, facts.cluster, since));
      const untold = plans.find(({ proof }) => proof.tables.length === 0 && proof.lastPassed !== null);
      if (gaps.length === 0 && untold !== undefined)
        return unreadable(
          `the history does not tell which tables the drills of ${untold.name} have verified`,
        );
      const tables = plans.reduce((sum, { proof }) => sum + proof.tables.length, 0);
      return hold(gaps.length === 0, {
        expected: `every table in the last ${countOf(coverageDays, 'day')}: its rows, and its values where the plan says checksum: full`,
        seen: gaps.length === 0 ? countOf(tables, 'table') : listSome(gaps, mostNames),
        mend: () =>
          byHand(
            'see the last drills in the history: rows are verified as a whole with tolerance: auto, by a drill that reads production at the same instant; values with checksum: full, too',
          ),
      });
    },
  );

/** What was not verified since then, in words. */
const listGaps = ({ name, plan, proof }: Proven, { engine }: Cluster, since: string): string[] => {
  if (proof.tables.length === 0) return proof.lastPassed === null ? [`every table of ${name} (never)`] : [];
  const defaultSchema = engine === 'aurora-mysql' ? plan.database.name : 'public';
  return proof.tables.flatMap((table) => {
    const { checksum } = wantedOfTable(plan.checks, table.table, defaultSchema);
    const parts: (keyof TableProof)[] = checksum === 'full' ? ['rows', 'values'] : ['rows'];
    const missed = parts.filter((part) => isOlder(table[part], since));
    return missed.length === 0
      ? []
      : [`${table.table} (${missed.map((part) => `${part} ${describeWhen(table[part])}`).join(', ')})`];
  });
};

const isOlder = (at: string | null, since: string): boolean => at === null || isAfter(since, at);

const describeWhen = (at: string | null): string => (at === null ? 'never' : formatInstant(at));
