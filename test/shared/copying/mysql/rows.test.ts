import { expect, test } from 'vitest';
import { copyRows } from '../../../../shared/copying/mysql/rows.ts';
import type { Session } from '../../../../shared/copying/mysql/session.ts';
import type { TakeRow } from '../../../../shared/copying/mysql/stream.ts';
import { DrillError } from '../../../../shared/errors.ts';

const reading = (rows: (string | null)[]) =>
  ({
    readRows: async (_what: string, _sql: string, take: TakeRow) => {
      for (const row of rows) await take(row);
    },
  }) as Session;

/** @param outcome of a statement, by its number */
const inserting = (outcome: (number: number, rows: number) => number) => {
  const statements: string[] = [];
  const insert = async (_what: string, sql: string): Promise<number> => {
    statements.push(sql);
    return outcome(statements.length, sql.split('),(').length);
  };
  return { statements, sandbox: { insert } as Session };
};

const way = { out: 'select', into: 'insert into t values ', largest: 1000 };
const all = (_number: number, rows: number): number => rows;

test('statements are as long as the sandbox takes, and hold every row once, in order', async () => {
  const rows = Array.from({ length: 100 }, (_, index) => `(${index},'${'x'.repeat(index)}')`);
  const { statements, sandbox } = inserting(all);
  const copied = await copyRows('copy', reading(rows), sandbox, way);
  expect(statements.map((sql) => sql.slice(way.into.length)).join(',')).toBe(rows.join(','));
  const lengths = statements.map(({ length }) => length);
  expect(Math.max(...lengths)).toBeLessThan(way.largest);
  expect(Math.min(...lengths.slice(0, -1))).toBeGreaterThan(way.largest - 110);
  expect(copied).toEqual({ rows: 100, bytes: lengths.reduce((sum, length) => sum + length) });
});

test.for([
  ['copy', null],
  ['sandbox', `('${'x'.repeat(1000)}')`],
] as const)(
  'a row is longer than the %s can say or take: an error names the setting',
  async ([side, row]) => {
    const { sandbox } = inserting(all);
    await expect(copyRows('copy range 1', reading([row]), sandbox, way)).rejects.toMatchObject({
      name: 'DatabaseFailure',
      message: expect.stringMatching(new RegExp(`copy range 1: a row.* max_allowed_packet.* of the ${side}`)),
    });
  },
);

const rows = Array.from({ length: 9 }, () => `('${'x'.repeat(600)}')`);

test('a statement fails in the middle: nothing more is inserted, and its error is told', async () => {
  const { statements, sandbox } = inserting((number) => {
    if (number === 3) throw new DrillError('DatabaseFailure', 'the third');
    return 1;
  });
  await expect(copyRows('copy', reading(rows), sandbox, way)).rejects.toThrow('the third');
  expect(statements).toHaveLength(3);
});

test('a row is longer than a statement should be: it is inserted before the next one is read', async () => {
  const long = Array.from({ length: 5 }, () => `('${'x'.repeat(200_000)}')`);
  const events: string[] = [];
  const copy = {
    readRows: async (_what: string, _sql: string, take: TakeRow) => {
      for (const row of long) {
        events.push('read');
        await take(row);
      }
    },
  } as Session;
  const insert = async (): Promise<number> => {
    await new Promise(setImmediate);
    events.push('inserted');
    return 1;
  };
  await copyRows('copy', copy, { insert } as unknown as Session, { ...way, largest: 1e6 });
  expect(events).toEqual(long.flatMap(() => ['read', 'inserted']));
});

test('the server inserts fewer rows than it was given: an error, not a shorter table', async () => {
  const { sandbox } = inserting((number) => (number === 9 ? 0 : 1));
  await expect(copyRows('copy', reading(rows), sandbox, way)).rejects.toThrow('0 of 1 rows were inserted');
});
