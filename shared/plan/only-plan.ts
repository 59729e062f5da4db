import { parsePlans } from './plans.ts';

/**
 * The name of the only plan there is: what a start means that names none. Null when there are several, or when they cannot
 * be read.
 */
export const findOnlyPlan = async (readPlans: () => Promise<string>): Promise<string | null> => {
  try {
    const [name = null, ...others] = Object.keys(parsePlans(await readPlans(), 'plans.yml'));
    return others.length === 0 ? name : null;
  } catch {
    return null;
  }
};
