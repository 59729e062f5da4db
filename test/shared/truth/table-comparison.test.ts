import { describe, expect, test } from 'vitest';
import type { Reader } from '../../../shared/database/port.ts';
import type { CheckResult } from '../../../shared/truth/checks.ts';
import { compareTable, type TableOptions } from '../../../shared/truth/table-comparison.ts';
import type { TableFigures } from '../../../shared/truth/table-reading.ts';
import type { Wanted } from '../../../shared/truth/wanted.ts';
import { failWith, makeDatabase, makeTable } from '../../functions/fakes.ts';
import { at, makeDigest, makePassedDrill, makeTableFigures } from '../drill/state-fixture.ts';

const { baselineAddress } = makePassedDrill().PrepareDrill;
const name = 'public.users';
const table = makeTable(name, 1200);
const freshness = { column: 'updated_at', within: '15m', timeZone: 'Europe/Paris' };

type Changes = {
  figures?: Partial<TableFigures>;
  copy?: Partial<Reader>;
  wanted?: Partial<Wanted>;
  options?: Partial<TableOptions>;
};

/** Compares a copy that has production's 1200 rows, except for these changes. */
const compare = async ({ figures, copy, wanted, options }: Changes) => {
  const { database, seen } = makeDatabase({ [name]: 1200 }, copy);
  const reader = await database.open(baselineAddress, { sessions: 1, remainingMs: () => 1000 });
  const checks = await compareTable(reader, makeTableFigures(name, 1200, figures), table, {
    wanted: { tolerance: 'auto', checksum: 'none', freshness: null, ...wanted },
    restoreTo: at('08:00:04'),
    bracket: { instant: at('08:00:04'), beforeMs: 36, afterMs: 254 },
    kind: 'same-instant',
    integrity: 'none',
    suspect: () => {},
    ...options,
  });
  return { checks, read: seen.read };
};

const brief = (checks: CheckResult[]) => checks.map((check) => [check.name, check.verdict, check.reason]);

const values = makeDigest(1200, { content: 'values' });
const other = async () => [{ range: 0, bucket: 0, rows: 1200, hash: 7n }];
const equal = 'the counts are equal';
const verified = 'all 1,200 rows verified';

describe('what is read of the copy, and what it proves', () => {
  test('keys of production: the keys are read', async () => {
    const { checks, read } = await compare({});
    expect(brief(checks)).toEqual([[`rows ${name}`, 'passed', `${equal}; keys: ${verified}`]]);
    expect(read).toEqual([`keys ${name}`]);
  });

  test('a count of production alone: the rows are counted', async () => {
    const { checks, read } = await compare({ figures: { keys: null }, wanted: { tolerance: '1%' } });
    expect(brief(checks)).toEqual([[`rows ${name}`, 'passed', equal]]);
    expect(read).toEqual([`rows ${name}`]);
  });

  test('all values of production: they are read once, and hold the count', async () => {
    const { checks, read } = await compare({ figures: { keys: null, values }, wanted: { checksum: 'full' } });
    expect(brief(checks)).toEqual([
      [`rows ${name}`, 'passed', equal],
      [`checksum ${name}`, 'passed', verified],
    ]);
    expect(read).toEqual([`values ${name}`]);
  });

  test('samples of production: the keys are read besides, since samples do not hold the count', async () => {
    const sampled = { ...values, seed: 7 };
    const { checks, read } = await compare({ figures: { values: sampled }, wanted: { checksum: 'sampled' } });
    expect(brief(checks).map(([, verdict]) => verdict)).toEqual(['passed', 'passed']);
    expect(read.toSorted()).toEqual([`keys ${name}`, `values ${name}`]);
  });

  test('a note of the baseline: told with the checksum', async () => {
    const { checks } = await compare({ figures: { keys: null, values, note: 'too small to sample' } });
    expect(checks[1]?.reason).toBe(`${verified}; too small to sample`);
  });

  test('other values in the copy: the checksum fails, and the rows pass by their number', async () => {
    const { checks } = await compare({ figures: { keys: null, values }, copy: { readDigest: other } });
    expect(checks.map(({ verdict }) => verdict)).toEqual(['passed', 'failed']);
  });

  test('other keys in the copy: the rows fail', async () => {
    const { checks } = await compare({ copy: { readDigest: other } });
    expect(checks).toMatchObject([
      { verdict: 'failed', reason: expect.stringContaining('rows differ from production') },
    ]);
  });
});

describe('what cannot be compared', () => {
  test.each([
    ['keys', {}, [[`rows ${name}`, 'passed', equal]]],
    [
      'values',
      { keys: null, values },
      [
        [`rows ${name}`, 'passed', equal],
        [`checksum ${name}`, 'skipped', 'the columns differ, so the values cannot be compared'],
      ],
    ],
  ])('other columns than in production, which was read by %s: counted only', async (_, figures, expected) => {
    const { checks, read } = await compare({
      figures: { ...figures, columns: ['id bigint not null', 'name varchar'] },
    });
    expect(brief(checks)).toEqual(expected);
    expect(read).toEqual([`rows ${name}`]);
  });

  test('other columns, and fewer rows: the rows fail', async () => {
    const fewer = async () => [{ range: 0, bucket: 0, rows: 1199, hash: 0n }];
    const { checks } = await compare({ figures: { columns: [] }, copy: { readDigest: fewer } });
    expect(checks).toMatchObject([{ verdict: 'failed', actual: 1199 }]);
  });

  test('production could not be read: rows and values are skipped, and nothing is read', async () => {
    const figures = { rows: null, keys: null, unread: 'no time was left' };
    const { checks, read } = await compare({ figures, wanted: { checksum: 'full' } });
    const reason = 'production could not be read: no time was left';
    expect(brief(checks)).toEqual([
      [`rows ${name}`, 'skipped', reason],
      [`checksum ${name}`, 'skipped', reason],
    ]);
    expect(read).toEqual([]);
  });

  test('a start that names its own time: what the copy holds is counted and shown, and proves nothing', async () => {
    const { checks, read } = await compare({
      figures: { rows: null, keys: null },
      wanted: { checksum: 'full' },
      options: { kind: 'none', bracket: null },
    });
    const reason = 'production can no longer be read at the time restored to';
    expect(checks).toMatchObject([
      { kind: 'rows', expected: null, actual: 1200, verdict: 'skipped', reason },
      { kind: 'checksum', actual: null, verdict: 'skipped', reason },
    ]);
    expect(read).toEqual([`rows ${name}`]);
  });
});

test('figures of production, and a start that names its own time: they prove nothing either', async () => {
  const { checks } = await compare({ options: { kind: 'none', bracket: null } });
  expect(checks).toMatchObject([{ actual: 1200, verdict: 'skipped' }]);
});

describe('what cannot be read of the copy', () => {
  const damaged = 'it cannot be read: injected DatabaseFailure';

  test('the samples, long before the keys have been read: a finding, and no rejection that nobody handles', async () => {
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const readDigest: Reader['readDigest'] = async (_, { content }) => {
      if (content === 'values') return failWith('DatabaseFailure')();
      await turn();
      return [{ range: 0, bucket: 0, rows: 1200, hash: 1200n }];
    };
    const { checks } = await compare({ figures: { values: { ...values, seed: 7 } }, copy: { readDigest } });
    await turn();
    process.off('unhandledRejection', note);
    expect(checks.map(({ verdict }) => verdict)).toEqual(['passed', 'failed']);
    expect(unhandled).toEqual([]);
  });

  test('the values: rows and checksum both fail, each as itself', async () => {
    const { checks } = await compare({
      figures: { keys: null, values },
      copy: { readDigest: failWith('DatabaseFailure') },
    });
    expect(brief(checks)).toEqual([
      [`rows ${name}`, 'failed', damaged],
      [`checksum ${name}`, 'failed', damaged],
    ]);
  });

  test.each<[string, Changes]>([
    ['rows', { figures: { keys: null } }],
    ['rows of other columns', { figures: { columns: [] } }],
    [
      'rows of a start that names its own time',
      { figures: { rows: null, keys: null }, options: { kind: 'none' } },
    ],
  ])('the %s: the check fails', async (_, changes) => {
    const { checks } = await compare({ ...changes, copy: { readDigest: failWith('DatabaseFailure') } });
    expect(brief(checks)).toEqual([[`rows ${name}`, 'failed', damaged]]);
  });

  test('no time is left: skipped with the reason', async () => {
    const { checks } = await compare({ copy: { readDigest: failWith('OutOfTime') } });
    expect(brief(checks)).toEqual([[`rows ${name}`, 'skipped', 'injected OutOfTime']]);
  });
});

describe('freshness', () => {
  const newest = { text: '2026-11-16 08:50:04', isZoned: false };
  const wanted = { freshness };

  test('asked for: the column is read up to the instant, in both kinds of clock', async () => {
    const asked: unknown[] = [];
    const readNewest: Reader['readNewest'] = async (...question) => {
      asked.push(question);
      return newest;
    };
    const { checks } = await compare({ wanted, copy: { readNewest } });
    expect(asked).toEqual([[table, 'updated_at', { utc: at('08:00:04'), wallClock: '2026-11-16 09:00:04' }]]);
    expect(checks[1]).toMatchObject({ name: `freshness ${name}`, actual: at('07:50:04'), verdict: 'passed' });
  });

  test.each<[TableOptions['kind'], string]>([
    ['same-instant', `; in production it is ${at('07:59')}`],
    ['none', ''],
  ])('empty in the copy, baseline %s: failed, with what production had then', async (kind, told) => {
    const { checks } = await compare({ wanted, figures: { newest: at('07:59') }, options: { kind } });
    expect(checks.find(({ kind: each }) => each === 'freshness')).toMatchObject({
      verdict: 'failed',
      reason: `updated_at holds no time up to the instant${told}`,
    });
  });

  test('no such column in the copy: failed', async () => {
    const { checks } = await compare({ wanted, copy: { readNewest: failWith('ColumnNotFound') } });
    expect(checks[1]).toMatchObject({
      verdict: 'failed',
      reason: 'it cannot be read: injected ColumnNotFound',
    });
  });
});

describe('integrity', () => {
  const options = { integrity: 'amcheck' } as const;

  test('nothing is wrong: passed', async () => {
    const { checks } = await compare({ options });
    expect(checks[1]).toMatchObject({ name: `integrity ${name}`, kind: 'checksum', verdict: 'passed' });
  });

  test('much is wrong: failed, with the first three findings', async () => {
    const { checks } = await compare({ options, copy: { checkIntegrity: async () => ['a', 'b', 'c', 'd'] } });
    expect(checks[1]).toMatchObject({ verdict: 'failed', actual: 'damaged', reason: 'a, b, c and 1 more' });
  });

  test('a server without amcheck: skipped', async () => {
    const { checks } = await compare({ options, copy: { checkIntegrity: failWith('NotSupported') } });
    expect(checks[1]).toMatchObject({ verdict: 'skipped', reason: 'injected NotSupported' });
  });
});
