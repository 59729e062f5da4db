import type { PlanProof } from '../posture/facts.ts';
import { type History, lastPasses } from './document.ts';
import { spreadTables } from './proofs.ts';

/**
 * What the drills of each plan have proven of its source, by plan. Those of a source that the plan had before prove nothing,
 * and one that failed before it knew its plan says nothing of any.
 */
export const readProofs = (
  { proofs = [], ...history }: History,
  plans: Record<string, { source: string }>,
): PlanProof[] => {
  // RDS ignores the case of identifiers.
  const isOwn = ({ plan, source }: { plan: string | null; source: string | null }) =>
    plan !== null &&
    Object.hasOwn(plans, plan) &&
    plans[plan]?.source.toLowerCase() === source?.toLowerCase();
  const drills = history.drills.filter(isOwn);
  const passes = lastPasses({ ...history, drills });
  const own = new Map(proofs.filter(isOwn).map((one) => [one.plan, one]));
  const drilled = new Set([...own.keys(), ...drills.flatMap(({ plan }) => plan ?? [])]);
  return [...drilled].sort().map((plan) => {
    const { tables = [], sideEffects = null } = own.get(plan) ?? {};
    return {
      plan,
      lastPassed: passes.get(plan)?.startedAt ?? null,
      tables: [...spreadTables({ tables })].map(([table, { rows, values }]) => ({ table, rows, values })),
      sideEffects: sideEffects && {
        seen: sideEffects.seen,
        unknown: sideEffects.unknown,
        at: sideEffects.at,
      },
    };
  });
};
