import { expect, test } from 'vitest';
import { extractExample } from '../../../local/documents/extract-example.ts';
import { fitExtract } from '../../../shared/extracting/fit.ts';
import type { ExtractDocument } from '../../../shared/extraction/document.ts';
import type { DatabaseChanges } from '../../../shared/rows/database-changes.ts';
import { makeExtract } from '../extraction/extract-fixture.ts';

const bytesOf = (document: ExtractDocument): number => Buffer.byteLength(JSON.stringify(document));

/** What Step Functions carries, with room for the rest of the output. */
const most = 200_000;

/** An extract of so many tables, each as wide as that, of which production has changed every one. */
const extractOf = (tables: number, columns: number, keyLength = 1): ExtractDocument => {
  const [table] = extractExample.tables;
  const [changed] = extractExample.changes?.found?.tables ?? [];
  if (table === undefined || changed === undefined) throw new Error('the example has changed');
  const names = Array.from({ length: tables }, (_, index) => `public.customer_order_items_${index}`);
  const found: DatabaseChanges = {
    tables: names.map((name) => ({
      ...changed,
      table: name,
      listed: { changed: [], gone: Array.from({ length: 10 }, () => ['k'.repeat(keyLength)]), added: [] },
    })),
    unchangedTables: 0,
    goneTables: [],
    addedTables: [],
    definitions: [],
    notCompared: [],
  };
  return makeExtract({
    tables: names.map((name) => ({
      ...table,
      table: name,
      columns: Array.from({ length: columns }, (_, index) => `some_column_${index}`),
    })),
    changes: { summary: 'every table changed', lines: [], found },
  });
};

test('a document of a few tables: the output is all of it', () => {
  const document = extractOf(3, 10);
  expect(fitExtract(document)).toBe(document);
});

test('100 tables: the SQL is left out first, it is said of each table, and the keys stay', () => {
  const document = extractOf(100, 40);
  expect(bytesOf(document)).toBeGreaterThan(most);
  const output = fitExtract(document);
  expect(bytesOf(output)).toBeLessThanOrEqual(most);
  expect(output.bringBack).toHaveLength(100);
  for (const { shows, brings, note } of output.bringBack) {
    expect([shows, brings, note]).toEqual([[], [], expect.stringContaining('the filed document has it')]);
  }
  expect(output.changes?.found).toEqual(document.changes?.found);
});

test('100 tables with long keys: these are left out next, and that is said too', () => {
  const document = extractOf(100, 40, 400);
  const output = fitExtract(document);
  expect(bytesOf(output)).toBeLessThanOrEqual(most);
  expect(output.changes).toMatchObject({ summary: 'every table changed', found: null });
  expect(output.changes?.lines.at(-1)).toContain('the filed document has it');
  expect(output.tables).toEqual(document.tables);
});

test('tables that have lost much: that is left out last', () => {
  const [document, losses] = [
    extractOf(100, 2),
    Array.from({ length: 60 }, (_, n) => `trigger audit_${n} stays behind.`),
  ];
  const output = fitExtract({
    ...document,
    tables: document.tables.map((table) => ({ ...table, leftOut: losses })),
  });
  expect(bytesOf(output)).toBeLessThanOrEqual(most);
  expect(output.tables[0]?.leftOut).toEqual([expect.stringContaining('the filed document has it')]);
});
