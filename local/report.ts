import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fragment, h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { CheckResult } from '../shared/checks.ts';
import { countChecks, describeObjective } from '../shared/drill-message.ts';
import { describeSeconds } from '../shared/instants.ts';
import type { DrillResult } from '../shared/result.ts';

/** Writes result.json and report.html; the folder is made where it is missing. */
export const writeReport = async (folder: string, result: DrillResult): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeFile(join(folder, 'report.html'), renderReport(result));
};

/** What a reader wants to know first, as pairs of a label and a text. */
const listFacts = (result: DrillResult): [string, string][] => {
  const { restore, rto, rpo, teardown, failure } = result;
  const instant = restore.baseline === 'same-instant' ? ', the instant of the baseline' : '';
  return [
    ['plan', `${result.plan ?? '?'}, source ${result.source ?? '?'}`],
    ['restored to', result.dryRun ? 'nothing: dry run' : `${restore.restoreTo ?? 'not reached'}${instant}`],
    ['RTO', describeObjective(rto)],
    ['RPO', describeObjective(rpo)],
    ['checks', countChecks(result)],
    ['teardown', [teardown.status, ...teardown.deleted].join('  ')],
    ...(failure === null
      ? []
      : ([
          ['failure', `${failure.error} in ${failure.phase}`],
          ['cause', failure.cause],
          ['what to do', failure.hint],
        ] as [string, string][])),
  ];
};

const titleOf = (result: DrillResult): string =>
  `${result.dryRun ? 'Dry run' : 'Restore drill'} ${result.drillId} ${result.verdict}`;

const failuresFirst = (checks: CheckResult[]): CheckResult[] => {
  const order = ['failed', 'skipped', 'passed'];
  return checks.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
};

const show = (value: CheckResult['expected']): string =>
  value === null ? '' : value.toLocaleString('en-US');

const checkColumns = ['verdict', 'check', 'expected', 'actual', 'tolerance', 'reason'];
const checkRow = (check: CheckResult): string[] => [
  check.verdict,
  check.name,
  show(check.expected),
  show(check.actual),
  check.tolerance ?? '',
  check.reason,
];

/** The summary for a terminal: the facts, then a table of phases, then one of checks, failures first. */
export const summarize = (result: DrillResult): string =>
  [
    titleOf(result),
    alignColumns(listFacts(result), []),
    alignColumns(
      [['phase', 'time'], ...result.phases.map(({ name, seconds }) => [name, describeSeconds(seconds)])],
      [1],
    ),
    ...(result.checks.length === 0
      ? []
      : [alignColumns([checkColumns, ...failuresFirst(result.checks).map(checkRow)], [2, 3])]),
  ].join('\n\n');

/** @param toTheRight the columns of numbers */
const alignColumns = (rows: string[][], toTheRight: number[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          toTheRight.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n');
};

const style = `
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
  table { border-collapse: collapse; width: 100%; font-size: 0.9rem }
  th, td { text-align: left; padding: 0.2rem 0.8rem 0.2rem 0; border-bottom: 1px solid #8884; overflow-wrap: anywhere }
  dt { font-weight: 600 } dd { margin: 0 0 0.5rem }`;

const table = (caption: string, columns: string[], rows: string[][]) =>
  h('section', null, [
    h('h2', null, caption),
    h('table', null, [
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          columns.map((text) => h('th', { scope: 'col' }, text)),
        ),
      ),
      h(
        'tbody',
        null,
        rows.map((row) =>
          h(
            'tr',
            null,
            row.map((text) => h('td', null, text)),
          ),
        ),
      ),
    ]),
  ]);

/** One self-contained page. Table names and causes are hostile input; preact escapes them. */
export const renderReport = (result: DrillResult): string => {
  const title = titleOf(result);
  const phases = result.phases.map(({ name, startedAt, seconds }) => [
    name,
    startedAt,
    describeSeconds(seconds),
  ]);
  const page = h('html', { lang: 'en' }, [
    h('head', null, [
      h('meta', { charset: 'utf-8' }),
      h('meta', { name: 'viewport', content: 'width=device-width' }),
      h('title', null, title),
      h('style', null, style),
    ]),
    h('body', null, [
      h('h1', null, title),
      h(
        'dl',
        null,
        listFacts(result).map(([label, text]) =>
          h(Fragment, null, [h('dt', null, label), h('dd', null, text)]),
        ),
      ),
      table('Checks', checkColumns, failuresFirst(result.checks).map(checkRow)),
      table('Phases', ['phase', 'began', 'time'], phases),
    ]),
  ]);
  return `<!doctype html>${renderToString(page)}`;
};
