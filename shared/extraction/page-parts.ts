import { type ComponentChild, h } from 'preact';
import { code, list, markVerdict, note } from '../report/job-page.ts';
import { longText, table, text } from '../report/parts.ts';
import { describeBytes, formatNumber } from '../result/format.ts';
import { dialectOf } from '../sql/tokens.ts';
import type { CheckResult } from '../truth/checks.ts';
import type { BringBack, Statement } from './bring-back.ts';
import type { ExtractDocument, ExtractSandbox } from './document.ts';

/** The sections of the page of an extract. */

const partitioned = { none: null, kept: 'partitioned as it was', 'as one table': 'one table' };

export const renderTables = ({ tables }: ExtractDocument): ComponentChild =>
  tables.length === 0
    ? note('None is known.')
    : table(
        'Each keeps its name. What did not come along is listed.',
        [
          { label: 'Table', isName: true, width: '24%' },
          { label: 'Rows', isNumeric: true },
          { label: 'Size', isNumeric: true },
          { label: 'Ranges', isNumeric: true },
          { label: 'Only where' },
          { label: 'Partitions' },
          { label: 'Left out', width: '30%' },
        ],
        tables.map(({ table: name, isParent, rows, bytes, ranges, where, partitions, leftOut }) => ({
          cells: [
            h('div', null, [
              longText(name, 120),
              isParent ? h('div', null, 'a foreign key points to it') : null,
            ]),
            rows === null ? null : formatNumber(rows),
            bytes === null ? null : describeBytes(bytes),
            ranges === null ? null : `${formatNumber(ranges.done)} of ${formatNumber(ranges.all)}`,
            where === null ? null : longText(where, 160),
            partitioned[partitions],
            leftOut.length === 0 ? null : list(leftOut),
          ],
        })),
      );

/** What matters most comes first. */
const ranks: Record<CheckResult['verdict'], number> = { failed: 0, skipped: 1, passed: 2 };

export const renderChecks = ({ checks }: ExtractDocument): ComponentChild => {
  if (checks.length === 0) return note('Nothing was compared.');
  const show = (value: CheckResult['expected']): ComponentChild =>
    value === null ? null : typeof value === 'number' ? formatNumber(value) : longText(value, 120);
  return table(
    'The tables in the sandbox against the copy that they came from.',
    [
      { label: 'Verdict', width: '5.5rem', isPlain: true },
      { label: 'Check', isName: true, width: '24%' },
      { label: 'In the copy' },
      { label: 'In the sandbox' },
      { label: 'Reason' },
    ],
    checks
      .toSorted((one, other) => ranks[one.verdict] - ranks[other.verdict])
      .map(({ verdict, name, expected, actual, reason }) => ({
        cells: [markVerdict(verdict), longText(name, 120), show(expected), show(actual), longText(reason)],
      })),
  );
};

export const renderChanges = ({ changes }: ExtractDocument): ComponentChild =>
  changes === null
    ? note('Nothing was compared.')
    : [h('p', null, longText(changes.summary, 600)), changes.lines.length === 0 ? null : list(changes.lines)];

export const renderBringBack = ({ bringBack, sandbox, engine }: ExtractDocument): ComponentChild => {
  if (bringBack.length === 0 || sandbox === null) return note('There is nothing to bring back.');
  return [
    note(
      'None of this was run, and nothing of it is ever run by a job. Load the extracted schema beside the tables first, into a database of production; words in capitals are for you to fill in:',
    ),
    code(describeLoading(sandbox, engine)),
    note(
      'Then look at the rows. What writes goes into a transaction: look again before you commit, and at what triggers and foreign keys have done.',
    ),
    bringBack.map(renderTable),
  ];
};

const renderTable = ({ table: name, shows, brings, note: words }: BringBack): ComponentChild => [
  h('h3', null, longText(name, 120)),
  words === null ? null : h('p', null, text(`Note: ${words}.`)),
  shows.map((statement) => renderStatement('Shows', statement)),
  brings.map((statement) => renderStatement('Brings', statement)),
];

const renderStatement = (verb: string, { words, sql }: Statement): ComponentChild =>
  h('details', null, [h('summary', null, `${verb} ${words}`), code(sql)]);

/** A schema's name is ours, and needs no quotes. The tools ask for the password, or take a token. */
const describeLoading = ({ host, database, schema }: ExtractSandbox, engine: string | null): string => {
  const from = host ?? 'SANDBOX';
  return engine !== null && dialectOf(engine) === 'mysql'
    ? `mysqldump --host ${from} --user USER --password --databases ${schema} > ${schema}.sql\nmysql --host PRODUCTION --user OWNER --password < ${schema}.sql`
    : `pg_dump --host ${from} --username USER --dbname ${quoteForShell(database)} --schema ${schema} --no-owner > ${schema}.sql\npsql --host PRODUCTION --username OWNER --dbname DATABASE --file ${schema}.sql`;
};

const quoteForShell = (word: string): string =>
  /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
