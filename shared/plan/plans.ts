import { type Document, parseDocument } from 'yaml';
import * as z from 'zod';
import { refuseStatement } from '../database/read-statement.ts';
import { DrillError } from '../errors.ts';
import { planNamePattern } from '../job/names.ts';
import { listProblems } from '../problems.ts';
import { isTimeZone } from '../wall-clock.ts';
import { recover, restore } from './clusters.ts';
import { clusterName, tableName } from './identifiers.ts';
import { posture, refuseOtherPosture } from './posture-settings.ts';
import { rehearse } from './rehearsal-limits.ts';
import { refuseSources, sandboxes } from './sandboxes.ts';
import { isScheduleExpression } from './schedule.ts';
import { isPercentage } from './tolerance.ts';

const duration = z
  .string()
  .regex(/^[1-9]\d*[smhd]$/, 'expected a duration such as 30s, 15m, 2h or 1d')
  .describe('a number and s, m, h or d');

const expectedTolerance = 'expected auto, a percentage from 0% to 100%, such as 0.1%, or a number of rows';

const tolerance = z
  .union(
    [z.literal('auto'), z.int().nonnegative(), z.string().refine(isPercentage, expectedTolerance)],
    expectedTolerance,
  )
  .describe(
    'auto: every row that did not move during the instant must be there; else rows are only counted, and may be off by this percentage or number of rows beyond what moved',
  );

const checksum = z
  .enum(['full', 'sampled', 'none'])
  .describe('compares the values: of every row, of ranges of rows chosen at random, or not at all');

const readingSql = z
  .string()
  .superRefine((sql, context) => {
    const refusal = refuseStatement(sql);
    if (refusal !== null) context.addIssue(refusal);
  })
  .describe('one statement that reads: SELECT, WITH, VALUES or TABLE');

const query = z.strictObject({
  name: z.string().min(1),
  sql: readingSql,
  expect: z
    .union([z.string(), z.number(), z.boolean(), z.null()], 'expected same, or one literal value')
    .describe('same: the answer of production at that instant; anything else: this one value'),
});

const timeZone = z
  .string()
  .refine(isTimeZone, 'expected a time zone such as Europe/Paris')
  .default('UTC')
  .describe('of the clock that filled the column, where its type has no time zone');

const freshness = z.strictObject({
  column: z
    .string()
    .min(1)
    .describe('a column that tells when a row was written, with or without a time zone'),
  within: duration.describe('how old the newest row may be at the instant restored to'),
  timeZone,
});

const settled = z
  .strictObject({
    column: z
      .string()
      .min(1)
      .describe('a column that is set to the present when a row is inserted, and never changed'),
    margin: z
      .string()
      .regex(/^(0s|[1-9]\d*[smhd])$/, 'expected a duration such as 0s, 15m or 2h')
      .describe('longer than any transaction: rows so close to the instant are counted, and not judged'),
    deletes: z
      .enum(['never', 'allowed'])
      .default('never')
      .describe('allowed: rows that only the copy has were deleted since, and are not judged'),
    timeZone,
  })
  .describe('rows of a table that is only appended to, compared with production as it is now');

const override = z.strictObject({
  tolerance: tolerance.optional(),
  freshness: freshness.optional(),
  checksum: checksum.optional(),
});

const checks = z.strictObject({
  tables: z
    .union([z.literal('all'), z.array(tableName).min(1)], 'expected all, or a list of tables as schema.table')
    .default('all')
    .describe('all user tables, or a list of them'),
  tolerance: tolerance.default('auto'),
  checksum: checksum.default('none'),
  integrity: z
    .enum(['none', 'amcheck'])
    .default('none')
    .describe('amcheck: reads every page of every table and B-tree index of the copy (PostgreSQL)'),
  sessions: z
    .int()
    .min(2)
    .max(16)
    .default(4)
    .describe('how many database sessions at most read side by side'),
  bracketMs: z
    .int()
    .min(0)
    .max(60_000)
    .default(2000)
    .describe(
      'production is read this many milliseconds before the instant and after it, so that a copy from between passes',
    ),
  overrides: z.record(tableName, override).default({}),
  settled: z
    .record(tableName, settled)
    .optional()
    .describe('how rows of a past time are known, if a drill restores to one'),
  queries: z
    .array(query)
    .refine(
      (queries) => new Set(queries.map(({ name }) => name)).size === queries.length,
      'expected queries of different names',
    )
    .default([]),
});

const tests = z
  .record(
    z.string().min(1).max(80),
    z.strictObject({
      sql: readingSql,
      expect: z
        .union([z.string(), z.number(), z.boolean(), z.null()], 'expected one literal value')
        .refine((value) => value !== 'same', 'expected one literal value: production has other rows by then')
        .describe('the one value that the statement must answer with'),
    }),
  )
  .describe('smoke tests of a recovered cluster, each under a name of its own');

const plan = z.strictObject({
  source: clusterName.describe('the identifier of the Aurora cluster to restore'),
  schedule: z
    .string()
    .refine(
      isScheduleExpression,
      'expected cron(minutes hours day month weekday year), rate(n days) or at(...)',
    )
    .optional()
    .describe('an EventBridge Scheduler expression, in UTC; without one the plan runs by hand only'),
  timeoutMinutes: z
    .number()
    .positive()
    .max(720)
    .default(240)
    .describe('a drill that has not verified its restore by then has failed; teardown comes on top'),
  restore: restore.default({}),
  sideEffects: z
    .enum(['refuse', 'accepted'])
    .default('refuse')
    .describe(
      'refuse: no copy is made of a database whose subscriptions, jobs or events would run in it; accepted: they may',
    ),
  database: z.strictObject({ name: z.string().min(1), user: z.string().min(1) }),
  objectives: z
    .strictObject({ rtoMinutes: z.number().positive(), rpoMinutes: z.number().positive() })
    .partial()
    .default({})
    .describe('a drill that misses one of them has failed'),
  checks: checks.prefault({}),
  tests: tests.default({}),
  recover: recover.prefault({}),
  rehearse: rehearse.prefault({}),
  sandboxes: sandboxes.default({}),
  rewind: z
    .literal('allowed', 'expected allowed, or no rewind at all')
    .optional()
    .describe('allowed: one role may rewind this source by Backtrack; left out: no role can'),
  posture: posture.optional(),
});

/** The file plans.yml. docs/plans.schema.json is made from this. */
export const plansFile = z.strictObject({
  plans: z
    .record(
      z.string().regex(planNamePattern, 'expected a plan name of at most 40 letters, digits, - and _'),
      plan,
    )
    .refine((plans) => Object.keys(plans).length > 0, 'expected at least one plan')
    .superRefine(refuseSources)
    .superRefine(refuseOtherPosture),
});

export type Plan = z.infer<typeof plan>;
export type Checks = z.infer<typeof checks>;
export type Tests = z.infer<typeof tests>;

/**
 * Reads a plans file. Every problem is reported at once, with its path and what was expected.
 * @param fileName only for messages
 * @throws DrillError InvalidPlan
 */
export const parsePlans = (text: string, fileName: string): Record<string, Plan> => {
  const document = parseDocument(text);
  const [yamlError] = document.errors;
  if (yamlError !== undefined) {
    throw new DrillError('InvalidPlan', `${fileName} is not YAML: ${yamlError.message.trim()}`);
  }
  const seen = toPlainData(document, fileName);
  const parsed = plansFile.safeParse(seen);
  if (!parsed.success) {
    throw new DrillError(
      'InvalidPlan',
      `${fileName} is not a plans file:\n${listProblems(parsed.error, seen)}`,
    );
  }
  return parsed.data.plans;
};

/** Only toJS finds an alias without its anchor. */
const toPlainData = (document: Document, fileName: string): unknown => {
  try {
    return document.toJS();
  } catch (cause) {
    throw new DrillError('InvalidPlan', `${fileName} is not YAML: ${(cause as Error).message}`, { cause });
  }
};

/** Chooses the plan that a start names. Without a name it is the only plan there is. */
export const choosePlan = (
  plans: Record<string, Plan>,
  name: string | undefined,
  fileName: string,
): { name: string; plan: Plan } => {
  const names = Object.keys(plans);
  const chosen = name ?? (names.length === 1 ? names[0] : undefined);
  const plan = chosen === undefined || !Object.hasOwn(plans, chosen) ? undefined : plans[chosen];
  if (chosen === undefined || plan === undefined) {
    const seen =
      chosen === undefined ? 'the input names no plan and there are several' : `no plan "${chosen}"`;
    throw new DrillError('UnknownPlan', `${seen}; ${fileName} has ${names.join(', ')}`);
  }
  return { name: chosen, plan };
};

/** The identifiers of every cluster that a plan drills. */
export const sourcesOf = (plans: Record<string, Plan>): string[] => [
  ...new Set(Object.values(plans).map(({ source }) => source)),
];

/** The same of those that a plan allows to be rewound. */
export const listRewound = (plans: Record<string, Plan>): string[] =>
  sourcesOf(Object.fromEntries(Object.entries(plans).filter(([, { rewind }]) => rewind === 'allowed')));
