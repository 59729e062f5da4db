import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { accidents } from '../../../../local/accidents/catalog.ts';
import { extractHelp, readExtractArguments } from '../../../../local/command/extract/arguments.ts';

const findAccident = (name: string) => ({
  kind: 'sample',
  accident: accidents.find((known) => known.name === name),
});

test('no words: the orders of the sample, which an accident hits, into a new sandbox', () => {
  expect(readExtractArguments([])).toEqual({
    kind: 'extract',
    arguments: {
      engine: 'postgres',
      accident: findAccident('wrong-customer'),
      sqlFile: null,
      planFile: null,
      planName: undefined,
      input: { tables: ['orders'] },
      asked: { tables: ['orders'], where: {} },
      into: null,
      isJson: false,
      isOpened: false,
      reportFolder: null,
    },
  });
});

test('all options: read as given, and they win over the input', () => {
  const flags = [
    '--json',
    '--open',
    '--report',
    'out',
    '--engine',
    'mysql',
    '--plan',
    'p.yml',
    '--with-parents',
  ];
  const files = ['--sql', 'a.sql', '--accident', 'Mistake.SQL', '--into', 'mysql://me:pw@db/sandbox'];
  const input = '{"plan": "shop", "tables": ["b"], "where": {"b": "1 = 1"}, "reason": "why"}';
  const wishes = ['--input', input, '--to', '10s ago', '--table', 'notes', '--where', 'id < 7'];
  expect(readExtractArguments([...flags, ...files, ...wishes])).toEqual({
    kind: 'extract',
    arguments: {
      engine: 'mysql',
      accident: { kind: 'file', path: 'Mistake.SQL' },
      sqlFile: 'a.sql',
      planFile: 'p.yml',
      planName: 'shop',
      input: {
        plan: 'shop',
        reason: 'why',
        tables: ['notes'],
        where: { notes: 'id < 7' },
        restoreTo: '10s ago',
        withParents: true,
      },
      asked: { tables: ['notes'], where: { notes: 'id < 7' } },
      into: {
        address: { engine: 'aurora-mysql', host: 'db', port: 3306, database: 'sandbox', user: 'me' },
        password: 'pw',
        ssl: false,
      },
      isJson: true,
      isOpened: true,
      reportFolder: 'out',
    },
  });
});

test('several tables, each with a condition: told apart, whatever the conditions hold', () => {
  const words = [
    '--table',
    'public.orders',
    '--table',
    'lines',
    '--where',
    'lines=a=b',
    '--where',
    'public.orders=x',
  ];
  expect(readExtractArguments(words)).toMatchObject({
    arguments: {
      input: { tables: ['public.orders', 'lines'], where: { 'public.orders': 'x', lines: 'a=b' } },
    },
  });
});

test.each([
  [['--table', 'public.order_lines'], 'bad-update'],
  [['--table', 'products', '--table', 'public.Audit Log'], 'deleted-rows'],
  [['--table', 'products'], 'bad-update'],
  [['--accident', 'dropped-table'], 'dropped-table'],
])('%j: accident %s', (words, name) => {
  expect(readExtractArguments(words)).toMatchObject({ arguments: { accident: findAccident(name) } });
});

test("one's own database: nothing happens to it", () => {
  const words = ['--sql', 'a.sql', '--table', 'notes'];
  expect(readExtractArguments(words)).toMatchObject({ arguments: { accident: null } });
});

test.each([
  [['--bogus'], 'InvalidArguments', '--bogus'],
  [['orders'], 'InvalidArguments', 'orders'],
  [['--engine', 'oracle'], 'InvalidArguments', 'oracle'],
  [['--sql', 'a.sql'], 'InvalidArguments', 'the default table is one of the sample, and --sql loads a.sql'],
  [['--table', 'a.b.c'], 'InvalidInput', 'schema.table'],
  [['--to', 'yesterday'], 'InvalidInput', 'expected latest, a time ago'],
  [['--table', 'a', '--table', 'b', '--where', 'id = 1'], 'InvalidArguments', 'which of 2 tables'],
  [['--where', 'id = 1', '--where', 'id = 2'], 'InvalidArguments', 'two conditions for orders'],
  [['--accident', 'flood'], 'InvalidArguments', 'there is no accident "flood"'],
  [['--sql', 'a.sql', '--table', 'a', '--accident', 'bad-update'], 'InvalidArguments', 'one of the sample'],
  [['--input', '[1]'], 'InvalidArguments', 'expected an object'],
  [['--input', '{"fault": 1}'], 'InvalidInput', 'fault'],
  [['--input', '{"tables": 7}'], 'InvalidInput', 'expected a list of tables'],
  [['--into', 'mysql://me@db/sandbox'], 'InvalidArguments', 'the tables come from postgres'],
])('%j: %s that says %s', (words, name, part) => {
  expect(() => readExtractArguments(words)).toThrowError(
    expect.objectContaining({ name, message: expect.stringContaining(part) }),
  );
});

test('docs/local.md: its section of extracts names every option of the help', async () => {
  const page = await readFile('docs/local.md', 'utf8');
  const section = page.slice(page.indexOf('## Extracts'), page.indexOf('## Monitors'));
  const options = [...extractHelp.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, option]) => option);
  expect(options.length).toBeGreaterThan(10);
  for (const option of options.filter((name) => name !== '--help')) expect(section).toContain(option);
});
