// Called by a schedule every hour.
// Changes nothing in AWS: reads the history of drills, and publishes how long ago each plan's last passed drill began.
// Running it twice publishes each value twice, at its own instant. An alarm on the maximum sees the same.
import { monitorHandler } from '../../shared/aws/lambda.ts';
import { cloudWatchMetrics, publish } from '../../shared/aws/metrics.ts';
import { plansFileName, readPackagedPlans } from '../../shared/aws/plans-file.ts';
import { read, s3Reports } from '../../shared/aws/reports.ts';
import { systemClock } from '../../shared/clock.ts';
import { indexKey, lastPasses, parseHistory } from '../../shared/history/document.ts';
import type { Reports } from '../../shared/history/reports.ts';
import { type Clock, secondsBetween, toIso } from '../../shared/instants.ts';
import type { Metrics } from '../../shared/monitors/metrics.ts';
import { parsePlans } from '../../shared/plan/plans.ts';

type Deps = {
  reports: Pick<Reports, 'read'>;
  metrics: Pick<Metrics, 'publish'>;
  readPlans: () => Promise<string>;
  now: Clock;
};

/** Hours since each plan's last passed drill began, and the plans without one. */
export type DrillAges = { hours: Record<string, number>; neverPassed: string[] };

export const drillAge = async (_event: unknown, deps: Deps): Promise<DrillAges> => {
  const { reports, metrics, readPlans, now } = deps;
  const at = toIso(now());
  const plans = Object.keys(parsePlans(await readPlans(), plansFileName));
  const index = await reports.read(indexKey);
  const passes = index === null ? new Map() : lastPasses(parseHistory(index.text));
  const hours = Object.fromEntries(
    plans.flatMap((plan) => {
      const last = passes.get(plan);
      // From its beginning: a redriven execution may end days after the instant that it proves.
      return last === undefined ? [] : [[plan, Math.max(0, secondsBetween(last.startedAt, at) / 3600)]];
    }),
  );
  await metrics.publish(
    Object.entries(hours).map(([plan, value]) => ({
      name: 'PassedDrillAgeHours',
      cluster: null,
      plan,
      value,
      at,
    })),
  );
  // Nothing is published for these. Their alarms treat missing data as breaching.
  return { hours, neverPassed: plans.filter((plan) => !Object.hasOwn(hours, plan)) };
};

export const handler = monitorHandler(drillAge, {
  reports: s3Reports({ read }),
  metrics: cloudWatchMetrics({ publish }),
  readPlans: readPackagedPlans,
  now: systemClock,
});
