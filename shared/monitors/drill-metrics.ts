import type { DrillResult } from '../drill/document.ts';
import type { Metric } from './metrics.ts';

/**
 * The metrics of a drill, at its end: DrillPassed 1 or 0, and RTO and RPO if measured, by plan. A dry run proves
 * nothing, and a drill that failed before its plan was known belongs to no plan.
 */
export const metricsOf = ({ plan, dryRun, verdict, rto, rpo, endedAt: at }: DrillResult): Metric[] => {
  if (plan === null || dryRun) return [];
  const measured = [
    { name: 'DrillRtoSeconds', value: rto.seconds },
    { name: 'DrillRpoSeconds', value: rpo.seconds },
  ] as const;
  return [
    { name: 'DrillPassed', cluster: null, plan, value: verdict === 'passed' ? 1 : 0, at },
    ...measured.flatMap(({ name, value }) =>
      value === null ? [] : [{ name, cluster: null, plan, value, at }],
    ),
  ];
};
