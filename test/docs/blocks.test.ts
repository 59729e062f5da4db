import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { plansJsonSchema } from '../../local/documents/plans-schema.ts';
import { parseExecutionInput } from '../../shared/drill/input.ts';
import { parseExtractInput } from '../../shared/extraction/input.ts';
import { parsePlans } from '../../shared/plan/plans.ts';
import { parseRecoverInput } from '../../shared/recovery/input.ts';
import { parseRehearseInput } from '../../shared/rehearsal/input.ts';
import { type Block, listBlocks, readPages, readSpans, readTable } from './pages.ts';

const pages = await readPages();
const named = (language: string) =>
  listBlocks(pages, language).map((block) => [`${block.page}:${block.line}`, block] as const);

/** The languages of blocks on the pages. Nobody would run another one. */
const languages = ['', 'json', 'mermaid', 'sh', 'sql', 'yaml'];

test('every block: in a language that a test looks at', () => {
  expect(listBlocks(pages).filter(({ language }) => !languages.includes(language))).toEqual([]);
});

test.each(named('json'))('%s: JSON', (_name, { text }) => {
  expect(() => JSON.parse(text)).not.toThrow();
});

test.each(named('yaml'))('%s: YAML', (_name, { text }) => {
  expect(typeof parse(text)).toBe('object');
});

describe('inputs of executions', () => {
  const inputs = [...pages].flatMap(([page, text]) =>
    readSpans(text)
      .filter((span) => /^\{(\}| ?"(plan|dryRun|restoreTo|reason)")/.test(span))
      .map((span) => [`${page}: ${span}`, span] as const),
  );

  test('README shows some', () => {
    expect(inputs.filter(([name]) => name.startsWith('README.md')).length).toBeGreaterThan(3);
  });

  const startedAt = '2026-11-20T00:00:00Z';
  const parseRecovery = (input: unknown) => parseRecoverInput(input, startedAt);
  const parseExtract = (input: unknown) => parseExtractInput(input, startedAt);

  test.each(inputs)('%s', (name, span) => {
    const page = name.split(':')[0] ?? '';
    const parsers: Record<string, (input: unknown) => unknown> = {
      'docs/recover.md': parseRecovery,
      'docs/rehearse.md': parseRehearseInput,
      'docs/extract.md': parseExtract,
    };
    const parseInput = parsers[page] ?? parseExecutionInput;
    expect(() => parseInput(JSON.parse(span))).not.toThrow();
  });
});

type Schema = { properties?: Record<string, Schema>; additionalProperties?: Schema | boolean } & {
  anyOf?: Schema[];
  items?: Schema;
};

/** The paths of all keys with a value. `*` is a name that somebody chooses, or a place in a list. */
const listLeaves = (schema: Schema, path: string[] = []): string[] => {
  const { properties, additionalProperties, anyOf = [], items } = schema;
  const below = [
    ...Object.entries(properties ?? {}).flatMap(([key, one]) => listLeaves(one, [...path, key])),
    ...(typeof additionalProperties === 'object' ? listLeaves(additionalProperties, [...path, '*']) : []),
    ...(items?.properties === undefined ? [] : listLeaves(items, [...path, '*'])),
    ...anyOf.filter((one) => one.properties !== undefined).flatMap((one) => listLeaves(one, path)),
  ];
  return below.length > 0 ? below : [path.join('.')];
};

/** The values at a path, where `*` is every key or place. */
const findValues = (value: unknown, path: string[]): unknown[] => {
  const [key, ...rest] = path;
  if (key === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (key === '*') return Object.values(value).flatMap((one) => findValues(one, rest));
  return Object.hasOwn(value, key) ? findValues((value as Record<string, unknown>)[key], rest) : [];
};

const leaves = listLeaves(JSON.parse(plansJsonSchema())).map((path) => path.replace('plans.*.', ''));

describe('plans', () => {
  const example = listBlocks(pages, 'yaml').find(({ text }) => text.startsWith('plans:')) as Block;

  test('docs/install.md: its example is read, and has every key that there is', () => {
    expect(example.page).toBe('docs/install.md');
    const [plan] = Object.values(parsePlans(example.text, example.page));
    expect(plan).toBeDefined();
    const [written] = Object.values(parse(example.text).plans);
    expect(leaves.length).toBeGreaterThan(20);
    expect(leaves.filter((path) => findValues(written, path.split('.')).length === 0)).toEqual([]);
  });

  test('docs/plans.md: its table has every key of the first two levels, and no other', () => {
    const rows = readTable(pages.get('docs/plans.md') ?? '', 'plan key');
    const described = rows.flatMap(([key = '', meaning = '']) => {
      const [path = ''] = readSpans(key);
      // A row of an object names the keys in it first.
      const children = readSpans(meaning).map((span) => `${path}.${span}`);
      const isObject = leaves.some((leaf) => leaf.startsWith(`${path}.`)) && !path.includes('.');
      return isObject ? children : [path];
    });
    const shallow = [...new Set(leaves.map((leaf) => leaf.split('.').slice(0, 2).join('.')))];
    expect(described.sort()).toEqual(shallow.sort());
  });
});

test('docs/install.md: a row for every key of config/deployment.yml, and no other', async () => {
  const keys = Object.keys(parse(await readFile('config/deployment.yml', 'utf8')));
  const rows = readTable(pages.get('docs/install.md') ?? '', 'deployment key');
  expect(rows.map(([key = '']) => readSpans(key)[0]).sort()).toEqual(keys.sort());
  for (const row of rows) expect(row.filter((cell) => cell === '')).toEqual([]);
});

test('docs/install.md: a row for every key of config/prices.json, and no other', async () => {
  const keys = Object.keys(JSON.parse(await readFile('config/prices.json', 'utf8')));
  const rows = readTable(pages.get('docs/install.md') ?? '', 'price key');
  expect(rows.flatMap(([key = '']) => readSpans(key)).sort()).toEqual(keys.sort());
  expect(rows.filter((row) => row.length !== 2 || row.includes(''))).toEqual([]);
});

test('docs/install.md: every step has its commands or statements right below its first line', () => {
  const steps = (pages.get('docs/install.md') ?? '')
    .split(/^(?=\d+\. |## )/m)
    .filter((step) => /^\d/.test(step));
  expect(steps.length).toBeGreaterThan(10);
  for (const step of steps) expect(step).toMatch(/^\d+\. [^\n]+\n\n( +<!-- [^\n]+ -->\n)? +```(sh|sql)\n/);
});

test('docs/glossary.md: in the order of the alphabet, each term once, each with its meaning', () => {
  const rows = readTable(pages.get('docs/glossary.md') ?? '', 'term');
  const terms = rows.map(([term = '']) => term);
  expect(terms.length).toBeGreaterThan(30);
  expect(terms).toEqual([...new Set(terms)].sort((a, b) => a.localeCompare(b, 'en')));
  expect(rows.filter((row) => row.length !== 2 || row.includes(''))).toEqual([]);
});
