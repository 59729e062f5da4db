import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSetting } from './environment.ts';

/** Its name beside the functions and in messages. */
export const plansFileName = 'plans.yml';

/** The plans.yml that was packaged beside the function. */
export const readPackagedPlans = (): Promise<string> =>
  readFile(join(readSetting('LAMBDA_TASK_ROOT'), plansFileName), 'utf8');
