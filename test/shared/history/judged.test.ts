import { expect, test } from 'vitest';
import { listJudged } from '../../../shared/history/judged.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';

const check = (name: string, changes: Partial<CheckResult> = {}): CheckResult => ({
  name: `${name} t`,
  kind: 'rows',
  table: 't',
  expected: 1,
  actual: 1,
  tolerance: null,
  verdict: 'passed',
  reason: 'because',
  ...changes,
});
const rows = (changes: Partial<CheckResult> = {}) => check('rows', changes);
const schema = (changes: Partial<CheckResult> = {}) => check('schema', { kind: 'schema', ...changes });
const checksum = (changes: Partial<CheckResult> = {}) => check('checksum', { kind: 'checksum', ...changes });
const settled = (changes: Partial<CheckResult> = {}) => check('settled', changes);
const notThen = rows({ verdict: 'skipped' });
const failed = { verdict: 'failed' } as const;

test.each<[string, CheckResult[], { rows: boolean; values: boolean }]>([
  ['every row', [schema(), rows({ whole: 'rows' })], { rows: true, values: false }],
  ['every value, and a count', [rows(), checksum({ whole: 'values' })], { rows: true, values: true }],
  ['every row, and a sample of values', [rows({ whole: 'rows' }), checksum()], { rows: true, values: false }],
  ['a count alone', [rows()], { rows: false, values: false }],
  ['all settled rows', [notThen, settled({ whole: 'values' })], { rows: true, values: true }],
  ['settled rows, and new columns', [notThen, settled({ whole: 'rows' })], { rows: true, values: false }],
  ['rows that are not settled', [notThen, settled({ verdict: 'skipped' })], { rows: false, values: false }],
  [
    'every row, and values that differ',
    [rows({ whole: 'rows' }), checksum(failed)],
    { rows: false, values: false },
  ],
  [
    'every row, and another schema',
    [schema(failed), rows({ whole: 'rows' })],
    { rows: false, values: false },
  ],
])('a table of which was judged: %s', (_, checks, expected) => {
  expect(listJudged({ dryRun: false, checks })).toEqual([{ table: 't', ...expected }]);
});

test('one table fails: the others are judged all the same', () => {
  const other = rows({ table: 'other', whole: 'rows' });
  expect(listJudged({ dryRun: false, checks: [rows(failed), other] })).toEqual([
    { table: 't', rows: false, values: false },
    { table: 'other', rows: true, values: false },
  ]);
});

test('tables that the copy alone has, that only a plan names, and checks of the whole database: none of the plan', () => {
  const checks = [schema({ verdict: 'skipped' }), settled({ table: 'gone' }), schema({ table: null })];
  expect(listJudged({ dryRun: false, checks })).toEqual([]);
});

test('a dry run: judges nothing', () => {
  expect(listJudged({ dryRun: true, checks: [rows({ whole: 'rows' })] })).toEqual([]);
});
