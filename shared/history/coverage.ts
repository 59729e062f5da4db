import type { PlanProof } from '../posture/facts.ts';
import { type History, lastPasses } from './document.ts';
import { spreadTables } from './proofs.ts';

/** What the drills of each plan have proven, by plan. A drill that failed before it knew its plan says nothing of any. */
export const readProofs = (history: History): PlanProof[] => {
  const passes = lastPasses(history);
  const proofs = new Map((history.proofs ?? []).map((one) => [one.plan, one]));
  const plans = new Set([...proofs.keys(), ...history.drills.flatMap(({ plan }) => plan ?? [])]);
  return [...plans].sort().map((plan) => {
    const { tables = [], sideEffects = null } = proofs.get(plan) ?? {};
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
