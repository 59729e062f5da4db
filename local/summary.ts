import type { CheckResult } from '../shared/checks.ts';
import { describeEstimate } from '../shared/cost.ts';
import { countChecks, describeObjective } from '../shared/drill-figures.ts';
import { describeSeconds } from '../shared/instants.ts';
import type { DrillResult } from '../shared/result.ts';
import { explainVerdict, wasRestored } from '../shared/verdict-words.ts';
import { type Paint, plainPaint } from './paint.ts';

/** The summary for a terminal: the facts, then a table of phases, then one of checks, failures first. */
export const summarize = (result: DrillResult, paint: Paint = plainPaint): string =>
  [
    `${paint.strong(titleOf(result))}\n${explainVerdict(result).sentence}`,
    alignColumns(listFacts(result), []),
    alignColumns(
      [['phase', 'time'], ...result.phases.map(({ name, seconds }) => [name, describeSeconds(seconds)])],
      [1],
    ),
    ...(result.checks.length === 0 ? [] : [listChecks(result.checks, paint)]),
  ].join('\n\n');

const titleOf = (result: DrillResult): string =>
  `${result.dryRun ? 'Dry run' : 'Restore drill'} ${result.drillId} ${result.verdict}`;

/** What a reader wants to know first, as pairs of a label and a text. */
const listFacts = (result: DrillResult): [string, string][] => {
  const { rto, rpo, teardown, cost, failure } = result;
  return [
    ['plan', `${result.plan ?? '?'}, source ${result.source ?? '?'}`],
    ['restored to', describeInstant(result)],
    ['RTO', describeObjective(rto)],
    ['RPO', describeObjective(rpo)],
    ['checks', countChecks(result)],
    ['teardown', [teardown.status, ...teardown.deleted].join('  ')],
    ['cost', `${describeEstimate(cost)}; ${cost.assumptions[0]}`],
    ...(failure === null
      ? []
      : ([
          ['failure', `${failure.error} in ${failure.phase}`],
          ['cause', failure.cause],
          ['what to do', failure.hint],
        ] as [string, string][])),
  ];
};

/** The instant that was wanted says nothing of one that was reached. */
const describeInstant = (result: DrillResult): string => {
  const { dryRun, restore, resources } = result;
  if (dryRun) return 'nothing: dry run';
  if (resources.length === 0) return 'nothing was restored';
  if (!wasRestored(result)) return `not reached: ${restore.restoreTo}`;
  return `${restore.restoreTo}${restore.baseline === 'same-instant' ? ', the instant of the baseline' : ''}`;
};

const verdicts = ['failed', 'skipped', 'passed'] as const;

const listChecks = (checks: CheckResult[], paint: Paint): string => {
  const sorted = checks.toSorted((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict));
  const header = ['verdict', 'check', 'expected', 'actual', 'tolerance', 'reason'];
  const painters = { failed: paint.bad, skipped: paint.quiet, passed: paint.good };
  return alignColumns([header, ...sorted.map(checkRow)], [2, 3]).replace(
    /^( {2})(failed|skipped|passed)\b/gm,
    (_, indent: string, verdict: keyof typeof painters) => `${indent}${painters[verdict](verdict)}`,
  );
};

const checkRow = (check: CheckResult): string[] => [
  check.verdict,
  check.name,
  show(check.expected),
  show(check.actual),
  check.tolerance ?? '',
  check.reason,
];

const show = (value: CheckResult['expected']): string =>
  value === null ? '' : value.toLocaleString('en-US');

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
