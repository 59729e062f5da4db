import type { Reader } from '../database/port.ts';
import { trimStatement } from '../database/read-statement.ts';
import { DrillError, describeError, isDrillError, isTransient } from '../errors.ts';
import type { Tests } from '../plan/plans.ts';
import type { RecoverInput } from '../recovery/input.ts';
import type { CheckResult } from '../truth/checks.ts';
import { compareQuery, makeQueryCheck } from '../truth/query-checks.ts';

/**
 * The tests of the plan that the start asks for.
 * @throws DrillError InvalidInput for a name that the plan does not have
 */
export const chooseTests = (tests: Tests, wish: RecoverInput['tests']): Tests => {
  if (wish === 'all') return tests;
  const names = typeof wish === 'string' ? (wish === 'none' ? [] : [wish]) : wish;
  const unknown = names.filter((name) => !Object.hasOwn(tests, name));
  if (unknown.length > 0) {
    const there = Object.keys(tests).join(', ') || 'none';
    throw new DrillError('InvalidInput', `the plan has no test "${unknown.join('", "')}"; it has ${there}`, {
      hint: 'use all, none, or names of tests of the plan',
    });
  }
  return Object.fromEntries(Object.entries(tests).filter(([name]) => names.includes(name)));
};

/** Runs them all on the recovered cluster. A test that cannot be run has failed. @throws DrillError that is transient */
export const runTests = (reader: Pick<Reader, 'runQuery'>, tests: Tests): Promise<CheckResult[]> =>
  Promise.all(Object.entries(tests).map(([name, test]) => runTest(reader, { name, ...test })));

const runTest = async (
  reader: Pick<Reader, 'runQuery'>,
  test: { name: string } & Tests[string],
): Promise<CheckResult> => {
  const blank = { ...makeQueryCheck(test), name: `test ${test.name}` };
  try {
    const { verdict, reason, actual } = compareQuery(
      test,
      null,
      await reader.runQuery(trimStatement(test.sql)),
    );
    return { ...blank, actual, verdict, reason };
  } catch (error) {
    if (!isDrillError(error) || isTransient(error)) throw error;
    return { ...blank, verdict: 'failed', reason: `it could not be run: ${describeError(error)}` };
  }
};
