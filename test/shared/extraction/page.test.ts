import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderExtract } from '../../../shared/extraction/page.ts';
import { nameFailure } from '../../../shared/job/failure.ts';
import { halfExtracted, makeExtract, nothingExtracted, plantIn } from './extract-fixture.ts';

const tagsOf = (page: string) => page.slice(page.indexOf('<body')).match(/<\/?[a-z][a-z0-9]*/gi);

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<script>',
        '</td>',
        '"',
        "'",
        '<!--',
        '&lt;',
        '\0',
        '\u202e',
        '\ud800',
        ']]>',
        '</code>',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((pieces) => pieces.join(''));

test('any text wherever texts are shown: the elements of the page are the same', () => {
  const harmless = tagsOf(renderExtract(plantIn('harmless')));
  fc.assert(
    fc.property(hostile, (text) => {
      const page = renderExtract(plantIn(text));
      expect(tagsOf(page)).toEqual(harmless);
      expect(page).not.toContain('\u202e');
    }),
    { numRuns: 50 },
  );
});

test('an extract: verdict, tables, checks, what production changed, and the SQL that would bring rows back', () => {
  const page = renderExtract(makeExtract()).replace(/<\/?bdi[^>]*>/g, '');
  for (const text of [
    'Extract passed',
    '1,204,551',
    '304 MB',
    '16 of 16',
    'tenant_id = 7',
    'trigger audit_orders is left out',
    'a foreign key points to it',
    '9f3a61c0d2b47e85',
    '40 new: id 9001 and 39 more',
    'pg_dump --host dev-aurora.cluster-c1a2b3.eu-west-1.rds.amazonaws.com',
    'Brings changed rows back to what they were',
    'update only "public"."orders" as live',
    'drop schema extract_shop_20261119160000_3c4d5e6f cascade',
    'aurora-drills/extract/1',
  ])
    expect(page.replaceAll('&quot;', '"')).toContain(text);
});

test('MySQL: loaded with its own tools', () => {
  expect(renderExtract(makeExtract({ engine: 'aurora-mysql' }))).toContain('mysqldump --host dev-aurora');
});

test('nothing was made: each section says so', () => {
  const page = renderExtract(makeExtract({ ...nothingExtracted, tables: [], sandbox: null, dryRun: true }));
  for (const text of [
    'None is known.',
    'Nothing was compared.',
    'There is nothing to bring back.',
    'none was made',
  ])
    expect(page).toContain(text);
});

test('copying that stopped: failed, how far each table is, and no SQL', () => {
  const failures = [nameFailure('CopyTables', 'DatabaseFailure', 'disk full')];
  const page = renderExtract(makeExtract({ ...halfExtracted, failures }));
  for (const text of [
    'Extract failed',
    'incomplete',
    '7 of 16',
    'disk full',
    'There is nothing to bring back.',
  ])
    expect(page).toContain(text);
});
