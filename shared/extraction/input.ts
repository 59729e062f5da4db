import * as z from 'zod';
import { formatTableName, parseTableName } from '../database/tables.ts';
import { DrillError } from '../errors.ts';
import { pastTime } from '../job/past-time.ts';
import { readTypedInput } from '../job/typed-input.ts';
import { tableName } from '../plan/identifiers.ts';
import type { Dialect } from '../sql/tokens.ts';
import { refuseCondition } from './conditions.ts';

const mostTables = 100;
const maxConditionLength = 2000;

const condition = z
  .string()
  .max(maxConditionLength, `expected a condition of ${maxConditionLength} characters at most`);

const extractInput = (startedAt: string) =>
  z.strictObject({
    plan: z.string().min(1).optional(),
    restoreTo: pastTime(startedAt),
    tables: z
      .array(tableName, 'expected a list of tables as schema.table')
      .min(1, 'expected at least one table')
      .max(mostTables, `expected ${mostTables} tables at most`),
    where: z.record(tableName, condition).default({}),
    sandbox: z.string().min(1).optional(),
    withParents: z.boolean().default(false),
    reason: z.string().min(1).max(500).optional(),
    dryRun: z.boolean().default(false),
  });

/** `restoreTo`: ISO 8601, whole seconds; null for the latest time that the backups reach. `where`: conditions by table. */
export type ExtractInput = z.infer<ReturnType<typeof extractInput>>;

/**
 * Reads the input of an extract.
 * @param startedAt of the execution, ISO 8601
 * @throws DrillError InvalidInput that names every problem and the keys there are
 */
export const parseExtractInput = (input: unknown, startedAt: string): ExtractInput =>
  readTypedInput(
    extractInput(startedAt),
    input,
    '{"plan": "prod-aurora-main", "restoreTo": "26h ago", "tables": ["public.orders"]}',
  );

/** A table that is asked for, by its whole name, and the condition that its rows meet; null for all of them. */
export type AskedTable = { table: string; where: string | null };

/**
 * What is asked for, as the source's engine reads it.
 * @param defaultSchema of a name without one: public, on MySQL the plan's database
 * @throws DrillError InvalidInput that names every table listed twice, namesakes of several schemas, and every condition that
 *   cannot be used
 */
export const listAskedTables = (
  { tables, where }: Pick<ExtractInput, 'tables' | 'where'>,
  { dialect, defaultSchema }: { dialect: Dialect; defaultSchema: string },
): AskedTable[] => {
  const whole = (text: string): string => {
    const name = parseTableName(text, defaultSchema);
    return name === undefined ? text : formatTableName(name);
  };
  const names = tables.map(whole);
  const conditions = Object.entries(where).map(([table, sql]) => ({ table: whole(table), sql }));
  const problems = [
    ...listTwice(names).map((table) => `  tables: expected ${table} once`),
    ...listNamesakes(names).map(
      (table) => `  tables: expected one table called ${table}: both would go into one schema`,
    ),
    ...listTwice(conditions.map(({ table }) => table)).map((table) => `  where: expected ${table} once`),
    ...conditions.flatMap(({ table, sql }) => {
      const refusal = names.includes(table)
        ? refuseCondition(sql, dialect)
        : 'expected a table that is listed in tables';
      return refusal === null ? [] : [`  where[${JSON.stringify(table)}]: ${refusal}`];
    }),
  ];
  if (problems.length > 0)
    throw new DrillError('InvalidInput', `the execution input is wrong:\n${problems.join('\n')}`);
  return names.map((table) => ({
    table,
    where: conditions.find((condition) => condition.table === table)?.sql ?? null,
  }));
};

/** The names that tables of several schemas have. */
const listNamesakes = (names: readonly string[]): string[] =>
  listTwice([...new Set(names)].map((name) => parseTableName(name)?.table ?? name));

const listTwice = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];
