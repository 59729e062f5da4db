import { expect, test } from 'vitest';
import { describeCandidates, listCandidates } from '../../../local/command/settled-candidates.ts';
import type { Reader } from '../../../shared/database/port.ts';
import type { Table } from '../../../shared/database/tables.ts';
import { DrillError } from '../../../shared/errors.ts';
import { parsePlans } from '../../../shared/plan/plans.ts';
import { makeDatabase } from '../../functions/fakes.ts';
import { makePassedDrill } from '../../shared/drill/state-fixture.ts';

/** A table of columns with their types, and the defaults of those that have one. */
type Described = {
  columns: Record<string, string>;
  defaults?: Record<string, string>;
  more?: Partial<Table>;
};

const dayMs = 86_400_000;

const suggest = async (tables: Record<string, Described>, times: string[] = []) => {
  const listed = Object.entries(tables).map(([table, { columns, more }]): Table => {
    const names = Object.keys(columns);
    const texts = names.map((name) => `${name} ${columns[name]}`);
    return {
      schema: 'app',
      table,
      columns: texts,
      names,
      objects: [],
      key: ['id'],
      estimatedRows: 9,
      ...more,
    };
  });
  const definitions = Object.entries(tables).flatMap(([table, { defaults = {} }]) =>
    Object.entries(defaults).map(([name, text]) => ({
      kind: 'columns',
      name: `app."${table}".${name}`,
      text,
    })),
  );
  const verbs: Partial<Reader> = {
    listTables: async () => listed,
    listDefinitions: async () => definitions,
    timeColumn: ({ schema, table }, name) => {
      const type = tables[table]?.columns[name] ?? '';
      if (!/time|date/.test(type)) throw new DrillError('ColumnNotFound', `${schema}.${table}: ${name}`);
      return {
        name,
        isZoned: type.startsWith('timestamptz'),
        unitMs: /^date\b/.test(type) ? dayMs : 0.001,
      };
    },
    chooseBounds: async () => times.map((_, index) => String(index)),
    runQuery: async () => [times],
  };
  const { database } = makeDatabase({}, verbs);
  const reader = await database.open(makePassedDrill().PrepareDrill.baselineAddress, {
    sessions: 1,
    remainingMs: () => 1000,
  });
  return describeCandidates(await listCandidates(reader, (name) => name));
};

const now = { at: 'default now()' };
const counted = { counted: 'id' };
const times = (...minutes: number[]): string[] =>
  minutes.map((minute) => `2026-11-19 12:${String(minute).padStart(2, '0')}:00+00`);

test('columns that look settled: with their signs, as YAML that a plan takes', async () => {
  const text = await suggest(
    {
      'a: b': { columns: { id: 'bigint', at: 'timestamptz not null' }, defaults: now, more: counted },
      ledger: {
        columns: { booked: 'date not null' },
        defaults: { booked: 'default: curdate() or current_date' },
      },
      log: { columns: { at: 'datetime' }, defaults: { at: 'default: current_timestamp()' } },
    },
    times(1, 2, 2, 3),
  );
  expect(text).toContain(
    '"app.a: b": { column: at, margin: 15m } # its default is now, it is never NULL, it rises with id',
  );
  expect(text).toContain('# its default is now, it may be NULL: such rows are not judged');
  expect(text).not.toContain('These do not');
  const [, settled = ''] = /\n(settled:\n(?: {2}.*\n)+)/.exec(text) ?? [];
  const head = 'plans:\n  app:\n    source: app\n    database: { name: a, user: b }\n    checks:\n';
  const plan = head + settled.replaceAll(/^/gm, '      ');
  expect(parsePlans(plan, 'plans.yml').app?.checks.settled).toMatchObject({
    'app.ledger': { column: 'booked', margin: '1d', deletes: 'never', timeZone: 'UTC' },
    'app.log': { column: 'at', margin: '15m' },
  });
});

test.each<[string, Described, string]>([
  [
    'set at every update',
    {
      columns: { at: 'datetime' },
      defaults: { at: 'default: current_timestamp()\nextra: on update current_timestamp()' },
    },
    'the server sets it at every update: on update current_timestamp',
  ],
  [
    'named as if',
    { columns: { updated_at: 'timestamptz' }, defaults: { updated_at: 'default now()' } },
    'its name says that it is updated',
  ],
  [
    'no default',
    { columns: { at: 'timestamptz' } },
    'it has no default of now, so nothing says when it is set',
  ],
  [
    'another default',
    { columns: { at: 'date' }, defaults: { at: `default: '2000-01-01'` } },
    'it has no default of now, so nothing says when it is set',
  ],
  [
    'in another order than the key',
    { columns: { at: 'timestamptz' }, defaults: now, more: counted },
    'it does not rise with id: 2 of 4 samples go back',
  ],
])('%s: named, with what speaks against it', async (_, table, problem) => {
  const text = await suggest({ events: table }, times(5, 1, 7, 3));
  const [column] = Object.keys(table.columns);
  expect(text).toContain(
    `No column of this database looks settled.\n\nThese do not:\n  app.events.${column}  ${problem}`,
  );
});
