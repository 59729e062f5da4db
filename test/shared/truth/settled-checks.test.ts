import { describe, expect, test } from 'vitest';
import type { Reader } from '../../../shared/database/port.ts';
import type { Table } from '../../../shared/database/tables.ts';
import { DrillError } from '../../../shared/errors.ts';
import { lendProduction } from '../../../shared/truth/production.ts';
import { compareSettled } from '../../../shared/truth/settled-checks.ts';
import { failWith } from '../../functions/fakes.ts';
import { makeChecks } from '../drill/state-fixture.ts';
import { asked, dayMs, secondMs } from '../settled/history.ts';
import { makeSide, type Row, zoned } from '../settled/rows-model.ts';

const ruleWith = (margin: string) =>
  ({ events: { column: 'at', margin, deletes: 'never', timeZone: 'UTC' } }) as const;

const rowsOf = (count: number): Row[] =>
  Array.from({ length: count }, (_, id) => ({ id, at: asked - (200 - id) * secondMs, value: 'x' }));

type Changes = {
  production?: Partial<Reader>;
  copy?: Partial<Reader>;
  tables?: Map<string, Table>;
  open?: () => Promise<Reader>;
  copied?: number;
  margin?: string;
};

/** A copy that is 100 s too old, which these changes keep from being compared. */
const compare = async ({
  production = {},
  copy = {},
  tables,
  open,
  copied = 101,
  margin = '10s',
}: Changes = {}) => {
  const now = makeSide(rowsOf(300), { nowMs: asked + dayMs });
  const verbs = { openSnapshot: async () => 0, listTables: async () => [now.table], close: async () => {} };
  const reader = {
    ...makeSide(rowsOf(300), { nowMs: asked + dayMs, verbs: { ...verbs, ...production } }).reader,
  };
  const restored = makeSide(rowsOf(copied), { verbs: copy });
  return compareSettled(restored.reader, tables ?? new Map([['public.events', restored.table]]), {
    checks: makeChecks({ settled: ruleWith(margin) }),
    defaultSchema: 'public',
    restoreTo: '2026-11-19T12:00:00Z',
    production: lendProduction(open ?? (async () => reader)),
  });
};

const noColumn = () => {
  throw new DrillError('ColumnNotFound', 'public.events: at: there is no such column');
};

test('rows are missing: a finding, and where the rows end', async () => {
  expect(await compare()).toEqual([
    {
      name: 'settled public.events',
      kind: 'rows',
      table: 'public.events',
      tolerance: 'within 10s not judged',
      expected: 190,
      actual: 101,
      verdict: 'failed',
      reason:
        '89 rows of production before 2026-11-19T11:59:50Z are missing from the copy: id 101, 102, 103 and 86 more; 20 between not judged',
    },
    expect.objectContaining({
      name: 'restored time',
      kind: 'time',
      expected: '2026-11-19T12:00:00Z',
      verdict: 'failed',
      reason: expect.stringMatching(
        /^rows end between 2026-11-19T11:58:\S+ and \S+, 99 s before the time asked for$/,
      ),
    }),
  ]);
});

describe('what cannot be compared is skipped, with the reason', () => {
  const unread = 'production could not be read: injected';
  test.each<[string, Changes, string]>([
    [
      'production cannot be reached',
      { open: failWith('DatabaseUnreachable') },
      `${unread} DatabaseUnreachable`,
    ],
    ['the time is up', { production: { readDigest: failWith('OutOfTime') } }, `${unread} OutOfTime`],
    [
      'production dropped the table',
      { production: { listTables: async () => [] } },
      'production has no such table now',
    ],
    [
      'production dropped the column',
      { production: { timeColumn: noColumn } },
      'production could not be read: public.events: at: there is no such column',
    ],
    [
      'the type of the column changed',
      { production: { timeColumn: () => ({ ...zoned, isZoned: false }) } },
      'the type of at changed since',
    ],
    ['the copy is older than the table', { tables: new Map() }, 'the copy has no such table'],
    [
      'the copy is older than the column',
      { copy: { timeColumn: noColumn } },
      'the copy, public.events: at: there is no such column',
    ],
    [
      'the time is up for the copy',
      { copy: { countByTime: failWith('OutOfTime'), readDigest: failWith('OutOfTime') } },
      'injected OutOfTime',
    ],
  ])('%s', async (_, changes, reason) => {
    const found = await compare(changes);
    expect(found.map(({ name, verdict, reason }) => [name, verdict, reason])).toEqual([
      ['settled public.events', 'skipped', reason],
    ]);
  });
});

test('the copy cannot be read: failed, and not for want of production', async () => {
  const readDigest = failWith('DatabaseFailure');
  expect(await compare({ copy: { readDigest } })).toMatchObject([
    { verdict: 'failed', reason: 'it cannot be read: injected DatabaseFailure' },
  ]);
});

test('the connection to the copy breaks: thrown, since the step is done again', async () => {
  const readDigest = failWith('DatabaseUnreachable');
  await expect(compare({ copy: { readDigest } })).rejects.toMatchObject({ name: 'DatabaseUnreachable' });
});

test.each([
  ['20 of 210 rows are in between', {}, 'values'],
  ['60 of 230 rows are in between', { margin: '30s' }, undefined],
])('all settled rows are as in production, and %s: judged as a whole: %s', async (_, changes, whole) => {
  const [check] = await compare({ copied: 200, ...changes });
  expect(check).toMatchObject({ name: 'settled public.events', verdict: 'passed' });
  expect(check?.whole).toBe(whole);
});

test('a column was added since: the values of all rows are not judged, but that they are there', async () => {
  const now = makeSide(rowsOf(300)).table;
  const listTables = async () => [
    { ...now, columns: [...now.columns, 'more text'], names: [...(now.names ?? []), 'more'] },
  ];
  const [check] = await compare({ copied: 200, production: { listTables } });
  expect(check).toMatchObject({ verdict: 'passed', whole: 'rows' });
});
