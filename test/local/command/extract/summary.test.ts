import { expect, test } from 'vitest';
import type { Extracted } from '../../../../local/command/extract/run.ts';
import { describeStanding, summarizeExtract } from '../../../../local/command/extract/summary.ts';
import { type Paint, plainPaint } from '../../../../local/command/paint.ts';
import {
  failCheck,
  makeExtract,
  nothingExtracted,
  plantIn,
} from '../../../shared/extraction/extract-fixture.ts';

const marked: Paint = { ...plainPaint, good: (text) => `good(${text})`, bad: (text) => `bad(${text})` };

const example: Extracted = {
  extract: makeExtract(),
  hasSucceeded: true,
  happened: {
    name: 'wrong-customer',
    before: '2026-11-19T16:00:00Z',
    at: '2026-11-19T16:00:01Z',
    harm: { table: 'public.orders', effect: 'changed', rows: 1204, redefined: [] },
    answer: null,
  },
  seen: {
    comment: 'tables of shop',
    tables: [{ table: 'orders', rows: 1_204_551, columns: ['id', 'state'], first: [['7', null]] }],
  },
  own: null,
  folder: 'out',
  rowsWritten: 5678,
  changes: ['owners made'],
};

const summarize = (changes: Partial<Extracted> = {}): string =>
  summarizeExtract({ ...example, ...changes }, marked);

test('passed: verdict first, the rows that are there, what came along, what was done, what changed since, what to do', () => {
  const text = summarize();
  expect(text.split('\n')[0]).toMatch(/^good\(public\.orders and 1 more of shop are in sandbox dev as of /);
  expect(text).toContain(
    '\n  database sandbox of dev-aurora, schema extract_shop_20261119160000_3c4d5e6f:\n',
  );
  expect(text).toMatch(/^ {2}orders, 1,204,551 rows:\n {2}id +state\n {2}7 +NULL$/m);
  expect(text).toContain('\n  public.users came along: a foreign key points to it.\n');
  expect(text).toContain('\n  SQL file: owners made\n');
  expect(text).toMatch(
    /^ {2}accident: wrong-customer, in the second after .*: 1,204 rows of public\.orders changed$/m,
  );
  expect(text).toMatch(
    /^ {2}changed in production since then, by it and by others:\n {4}public\.orders: 1,204 changed .*\n {4}1 table unchanged$/m,
  );
  expect(text).toMatch(
    /^ {2}what to do: to bring rows back, have somebody read the SQL in the report first/m,
  );
  expect(text).toContain('\n  written to production meanwhile: 5,678 rows');
  expect(text.match(/1,204 changed/g)).toHaveLength(1);
});

test('a table that differs: the verdict is bad, and the check that failed is named', () => {
  const text = summarize({ extract: makeExtract({ checks: [failCheck()] }) });
  expect(text).toMatch(/^bad\(.* but 1 of 1 check failed\.\)$/m);
  expect(text).toContain('\n  ExtractDiffers in VerifyExtract: checksum public.orders: 3 rows differ\n');
});

test('nothing was extracted: no rows, and nothing is said to stand', () => {
  const failures = [
    { phase: 'PrepareExtract', error: 'SandboxRefused', cause: 'it only reads', hint: 'name another' },
  ] as const;
  const extract = makeExtract({ ...nothingExtracted, failures: [...failures] });
  const nothing = { extract, seen: null, happened: null, rowsWritten: null };
  const text = summarize(nothing);
  expect(text).toMatch(/^bad\(/);
  expect(text).not.toContain('schema extract_shop');
  expect(text).toContain('\n  SandboxRefused in PrepareExtract: it only reads\n');
  expect(text).not.toContain('changed in production');
});

const address = { engine: 'aurora-postgresql', host: 'db', port: 5433, database: 'mine', user: 'me' };

test.each([
  ['the sandbox of this machine', {}, 'nothing of it stands on this machine any more: --into URL'],
  ["one's own database", { own: address }, 'it stays in mine on db:5433'],
  [
    "one's own database that nobody could look at",
    { own: address, seen: null },
    'it stays in mine on db:5433',
  ],
  [
    "one's own database, and nothing extracted",
    { own: address, extract: makeExtract(nothingExtracted) },
    'nothing was made in mine on db:5433',
  ],
])('%s: what is left is told', (_, changes, words) => {
  expect(describeStanding({ ...example, ...changes })).toContain(words);
});

test('hostile names and values: none colours the screen or begins a line of its own', () => {
  const hostile = '\u001b[31mred\nowned';
  const text = summarize({
    extract: plantIn(hostile),
    seen: { comment: hostile, tables: [{ table: hostile, rows: 1, columns: [hostile], first: [[hostile]] }] },
    changes: [hostile],
  });
  expect(text).not.toContain('\u001b');
  expect(text).not.toMatch(/^ *owned/m);
});
