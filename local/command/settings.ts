import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import prices from '../../config/prices.json' with { type: 'json' };
import { DrillError } from '../../shared/errors.ts';
import { choosePlan, type Plan, parsePlans } from '../../shared/plan/plans.ts';
import { type Prices, parsePrices } from '../../shared/result/prices.ts';
import { readSqlFile, type SqlFile } from '../sources/sql-file.ts';
import type { DrillArguments } from './arguments.ts';

/** What a drill on this machine needs, read and validated. */
export type Settings = {
  options: DrillArguments;
  plan: Plan;
  plansText: string;
  sql: SqlFile | null;
  prices: Prices;
};

/** Reads every file that the command line names. @throws DrillError for wrong usage */
export const readSettings = async (options: DrillArguments): Promise<Settings> => {
  const fileName = options.planFile ?? 'sample-plans.yml';
  const plans = parsePlans(await readPlans(options.planFile), fileName);
  const { name, plan: chosen } = choosePlan(plans, options.input.plan, fileName);
  const plan = {
    ...chosen,
    restore: { ...chosen.restore, ...(options.from !== null && { from: options.from }) },
    timeoutMinutes: options.fault?.timeoutMinutes ?? chosen.timeoutMinutes,
  };
  const sql = options.sqlFile === null ? null : await readSqlFile(options.sqlFile);
  return {
    options,
    plan,
    plansText: stringify({ plans: { [name]: plan } }),
    sql,
    prices: parsePrices(prices),
  };
};

export const readPlans = async (path: string | null): Promise<string> => {
  try {
    return await readFile(path ?? new URL('../sample-plans.yml', import.meta.url), 'utf8');
  } catch (cause) {
    throw new DrillError(
      'InvalidArguments',
      `cannot read the plan file ${path}: ${(cause as Error).message}`,
      {
        hint: 'name a file in the format of plans.yml',
        cause,
      },
    );
  }
};
