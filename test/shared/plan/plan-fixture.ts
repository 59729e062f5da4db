import { type Plan, parsePlans } from '../../../shared/plan/plans.ts';

/** Plans where only these keys matter. */
export const makePlans = (plans: Record<string, object>): Record<string, Plan> => {
  const common = { source: 'app', database: { name: 'app', user: 'drill_reader' } };
  const whole = Object.entries(plans).map(([name, keys]) => [name, { ...common, ...keys }]);
  return parsePlans(JSON.stringify({ plans: Object.fromEntries(whole) }), 'plans.yml');
};
