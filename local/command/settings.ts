import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import prices from '../../config/prices.json' with { type: 'json' };
import { DrillError, isDrillError } from '../../shared/errors.ts';
import { listAskedTables } from '../../shared/extraction/input.ts';
import { choosePlan, type Plan, parsePlans } from '../../shared/plan/plans.ts';
import { decodeScript, readScript } from '../../shared/rehearsal/script.ts';
import { type Prices, parsePrices } from '../../shared/result/prices.ts';
import type { Mishap } from '../accidents/accident.ts';
import { newSandbox, planSandbox } from '../aurora/sandbox.ts';
import type { EngineName } from '../servers/engine-name.ts';
import { readSqlFile, type SqlFile } from '../sources/sql-file.ts';
import type { ChosenAccident } from './accidents.ts';
import type { DrillArguments } from './arguments.ts';
import type { ExtractArguments } from './extract/arguments.ts';
import type { RecoveryArguments } from './recovery/arguments.ts';
import type { RehearsalArguments } from './rehearsal/arguments.ts';
import type { RewindArguments } from './rewind/arguments.ts';
import type { MarkArguments } from './rewind/mark-arguments.ts';

/** What a command on this machine needs, read and validated. */
export type Settings<Options = DrillArguments> = {
  options: Options;
  plan: Plan;
  plansText: string;
  sql: SqlFile | null;
  prices: Prices;
};

export type RecoverySettings = Settings<RecoveryArguments> & { accident: Mishap };

export type ExtractSettings = Settings<ExtractArguments> & { accident: Mishap | null };

type SampleFiles = { planFile: null; sqlFile: null };

export type RewindSettings = Settings<RewindArguments & SampleFiles>;

export type MarkSettings = Settings<MarkArguments & SampleFiles>;

export type RehearsalSettings = Settings<RehearsalArguments> & { change: SqlFile };

/** Reads every file that the command line names. @throws DrillError for wrong usage */
export const readSettings = (options: DrillArguments): Promise<Settings> =>
  readFiles(options, options.input.plan, (plan) => ({
    ...plan,
    restore: { ...plan.restore, ...(options.from !== null && { from: options.from }) },
    timeoutMinutes: options.fault?.timeoutMinutes ?? plan.timeoutMinutes,
  }));

/** Of a recovery: also the accident. The sample's tests are not for a database of one's own. */
export const readRecoverySettings = async (options: RecoveryArguments): Promise<RecoverySettings> => {
  const isForeign = options.sqlFile !== null && options.planFile === null;
  const settings = await readFiles(options, options.planName, (plan) => ({
    ...plan,
    tests: isForeign ? {} : plan.tests,
  }));
  const { accident, engine } = options;
  return { ...settings, accident: await readAccident(accident, engine) };
};

const readAccident = async (wish: ChosenAccident, engine: EngineName): Promise<Mishap> => {
  if (wish.kind === 'sample') return { name: wish.accident.name, ...wish.accident.scripts[engine] };
  const { path, content } = await readSqlFile(wish.path);
  return { name: path, sql: content.toString() };
};

/** Of a rehearsal: also the change, which is refused here, before anything is started. */
export const readRehearsalSettings = async (options: RehearsalArguments): Promise<RehearsalSettings> => {
  const { changeFile, engine } = options;
  const sample = fileURLToPath(new URL(`../changes/${engine}/add-column-blocking.sql`, import.meta.url));
  const settings = await readFiles(options, options.planName, (plan) => plan);
  const change = await readSqlFile(changeFile ?? relative('.', sample));
  assertRehearsable(change, engine);
  return { ...settings, change };
};

/** @throws DrillError ChangeRefused that names the file */
const assertRehearsable = ({ path, content }: SqlFile, engine: EngineName): void => {
  try {
    readScript([decodeScript(content, null)], engine);
  } catch (error) {
    if (!isDrillError(error, 'ChangeRefused')) throw error;
    throw new DrillError('ChangeRefused', `${path}: ${error.summary}`, { hint: error.hint, cause: error });
  }
};

/** Of an extract: also what happens to production. Its sandbox stands in the plan, and its tables are refused here. */
export const readExtractSettings = async (options: ExtractArguments): Promise<ExtractSettings> => {
  const { accident, asked, engine, into } = options;
  const settings = await readFiles(options, options.planName, (plan) => ({
    ...plan,
    sandboxes: { local: planSandbox(into?.address ?? newSandbox) },
  }));
  const defaultSchema = engine === 'mysql' ? settings.plan.database.name : 'public';
  listAskedTables(asked, { dialect: engine, defaultSchema });
  return { ...settings, accident: accident === null ? null : await readAccident(accident, engine) };
};

/** Of a mark or a rewind: always on the sample, with its plan. */
export const readSampleSettings = <Options extends object>(
  options: Options,
): Promise<Settings<Options & SampleFiles>> =>
  readFiles({ ...options, planFile: null, sqlFile: null }, undefined, (plan) => plan);

/** @param change what the command line has in place of the plan */
const readFiles = async <Options extends { planFile: string | null; sqlFile: string | null }>(
  options: Options,
  planName: string | undefined,
  change: (plan: Plan) => Plan,
): Promise<Settings<Options>> => {
  const fileName = options.planFile ?? 'sample-plans.yml';
  const plans = parsePlans(await readPlans(options.planFile), fileName);
  const { name, plan: chosen } = choosePlan(plans, planName, fileName);
  const plan = change(chosen);
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
