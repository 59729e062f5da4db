import { expect, test } from 'vitest';
import { blamePlan } from '../../../shared/database/blamed-plan.ts';
import { isMysqlMistake } from '../../../shared/database/mysql/errors.ts';
import { isPostgresMistake } from '../../../shared/database/postgres/errors.ts';
import { DrillError } from '../../../shared/errors.ts';

const caused = (cause: object) => new DrillError('DatabaseBusy', 'the server refused', { cause });

test.each([
  ['PostgreSQL, a table that is not there', isPostgresMistake, { code: '42P01' }],
  ['PostgreSQL, a column that is not there', isPostgresMistake, { code: '42703' }],
  ['PostgreSQL, no SQL', isPostgresMistake, { code: '42601' }],
  ['MySQL, a table that is not there', isMysqlMistake, { errno: 1146 }],
  ['MySQL, a column that is not there', isMysqlMistake, { errno: 1054 }],
  ['MySQL, no SQL', isMysqlMistake, { errno: 1064 }],
])("%s: the plan's own mistake, InvalidPlan", (_, isMistake, cause) => {
  expect(() => blamePlan(isMistake)(caused(cause))).toThrowError(
    expect.objectContaining({ name: 'InvalidPlan', hint: 'correct checks.queries in the plan' }),
  );
});

test.each([
  ['PostgreSQL, a privilege that is missing', isPostgresMistake, { code: '42501' }],
  ['PostgreSQL, a lock', isPostgresMistake, { code: '55P03' }],
  ['MySQL, a lock', isMysqlMistake, { errno: 1205 }],
  ['MySQL, a privilege that is missing', isMysqlMistake, { errno: 1142 }],
])('%s: passed on as it is', (_, isMistake, cause) => {
  const error = caused(cause);
  expect(() => blamePlan(isMistake)(error)).toThrowError(error);
});
