import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvironment } from './environment.ts';

/** The plans.yml that was packaged beside the function. */
export const readPackagedPlans = (): Promise<string> =>
  readFile(join(readEnvironment().LAMBDA_TASK_ROOT, 'plans.yml'), 'utf8');
