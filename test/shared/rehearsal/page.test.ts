import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '../../../shared/rehearsal/markdown.ts';
import { renderRehearsal } from '../../../shared/rehearsal/page.ts';
import { makeChange, makeStatement } from './measured-fixture.ts';
import { makeRehearsal, nothingRun, plantIn, safeRehearsal } from './rehearsal-fixture.ts';

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
      fc.constantFrom(
        '|',
        '`',
        '``',
        '\\',
        '[a](b)',
        '![a](b)',
        '@here',
        '#1',
        '**',
        '_a_',
        '~~',
        '$x$',
        'www.a.b',
        'https://a.b',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((pieces) => pieces.join(''));

test('any text wherever texts are shown: the elements of the page are the same', () => {
  const harmless = tagsOf(renderRehearsal(plantIn('harmless')));
  fc.assert(
    fc.property(hostile, (text) => {
      const page = renderRehearsal(plantIn(text));
      expect(tagsOf(page)).toEqual(harmless);
      expect(page).not.toContain('\u202e');
    }),
    { numRuns: 50 },
  );
});

/** What makes markup in a text of GitHub: the signs that are left when words and character references are gone. */
const signsOf = (markdown: string) =>
  markdown
    .replace(/&#\d+;/g, '')
    .match(/<\/?code>|[\\`*_{}[\]<>|~&$!^=]|[@#](?!\u200b| |##? )|www\.|:\/\/|\n/gi);

test('any text wherever texts are shown: the Markdown has no link, mention, cell or line more', () => {
  const harmless = signsOf(renderMarkdown(plantIn('harmless')));
  fc.assert(
    fc.property(hostile, (text) => {
      expect(signsOf(renderMarkdown(plantIn(text)))).toEqual(harmless);
    }),
    { numRuns: 100 },
  );
});

describe('a change that blocks', () => {
  const page = renderRehearsal(makeRehearsal());

  test('the page: verdict, findings, picture, table, and the safer way', () => {
    for (const text of [
      'Rehearsal: unsafe',
      'waits 87 s',
      'writes to public.users',
      'waited 87 s at most',
      'AccessExclusiveLock on public.users',
      'waited 2 s for its locks',
      'written anew, 12,400,000 rows read, table +1.2 GB, indexes -4 kB',
      '2.8 GB of log',
      'add the column without its default',
      'a transaction of 2 s that had read public.users',
    ])
      expect(page.replace(/<\/?bdi[^>]*>/g, '')).toContain(text);
  });

  test('the Markdown: a heading with the verdict, a row for each statement, and the safer way', () => {
    expect(renderMarkdown(makeRehearsal())).toMatchInlineSnapshot(`
      "## Rehearsal: unsafe

      The change of shop is unsafe: statement 1: every write to public.users waits 87 s.

      ### Findings

      - Statement 1: every write to public.users waits 87 s, 2 s of it in the queue, over the limit of 1 s by 86 s.
      - Statement 1: every read of public.users waits 87 s, 2 s of it in the queue, over the limit of 500 ms by 87 s.
      - Statement 1: every read of and write to public.users may wait without end, as long as another transaction holds the table: the script sets no lock timeout; write set lock&#95;timeout &#61; '250ms'; before it.
      - Statement 1: it writes public.users anew, and the limit is never.
      - The clone's writer is a db.r8g.large, production's a db.r8g.4xlarge.

      | no. | statement | took | blocked reads | blocked writes | what it did |
      | --- | --- | --- | --- | --- | --- |
      | 1 | <code>alter table users add column token uuid default gen&#95;random&#95;uuid();</code> | 87 s | 87 s | 87 s | public.users: written anew, 12,400,000 rows read, table +1.2 GB, indexes -4 kB; 2.8 GB of log |

      ### What to do

      - statement 1: add the column without its default, set the default next, then fill the old rows in batches (not rehearsed): [how](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES)
      - change it as the findings advise, or raise the limits of the plan if others may wait this long

      ### How to undo it

      - What would undo it: statement 1: drop the column, and with it what is written to it from then on.
      - Statements undo it: neither Backtrack nor a restore is needed.

      Limits: blocked reads 500 ms, blocked writes 1 s, duration 10 min, rewrites never. Contender: a transaction of 2 s that had read public.users. Rehearsal 7a8b9c0d, ended 2026-11-19T09:10:20Z.
      "
    `);
  });
});

test('its safer form, in Markdown', () => {
  expect(renderMarkdown(safeRehearsal)).toMatchInlineSnapshot(`
    "## Rehearsal: safe

    The change of shop is safe: 2 statements in 2.2 s, the longest wait of a read is 201 ms, of a write 203 ms.

    ### Findings

    - Statement 2 would have to be retried: behind another transaction it gave up once after 200 ms.
    - The clone's writer is a db.r8g.large, production's a db.r8g.4xlarge.

    | no. | statement | took | blocked reads | blocked writes | what it did |
    | --- | --- | --- | --- | --- | --- |
    | 1 | <code>set lock&#95;timeout &#61; &#39;200ms&#39;;</code> | 1 ms | none | none |  |
    | 2 | <code>alter table users add column token uuid;</code> | 2 ms | 201 ms | 203 ms | 2 kB of log; gave up waiting once |

    ### What to do

    - run it on production as it was rehearsed, with its lock timeouts, and repeat what gives up waiting

    ### How to undo it

    - What would undo it: statement 2: drop the column, and with it what is written to it from then on.
    - Statements undo it: neither Backtrack nor a restore is needed.

    Limits: blocked reads 500 ms, blocked writes 1 s, duration 10 min, rewrites never. Contender: a transaction of 2 s that had read public.users. Rehearsal 7a8b9c0d, ended 2026-11-19T09:10:20Z.
    "
  `);
});

test('nothing was run: each section says so', () => {
  const page = renderRehearsal(makeRehearsal({ ...nothingRun, dryRun: true }));
  for (const text of [
    'Rehearsal, dry run',
    'None was run.',
    'No statement touched a table',
    'Nothing was run.',
    'none was made',
  ])
    expect(page).toContain(text);
});

test('two hundred statements: the Markdown fits into a comment, and says what it leaves out', () => {
  const long = makeStatement({ sql: 'select '.padEnd(9000, '|') });
  const markdown = renderMarkdown(makeRehearsal({ measured: makeChange(Array(200).fill(long)) }));
  expect(markdown.length).toBeLessThan(65_536);
  expect(markdown).toContain('and 150 more');
});
