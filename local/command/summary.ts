import { type DrillResult, wasRestored } from '../../shared/drill/document.ts';
import {
  describeCounts,
  describeObjective,
  describeReached,
  sortChecks,
} from '../../shared/drill/figures.ts';
import { explainVerdict } from '../../shared/drill/verdict-words.ts';
import { describeSeconds } from '../../shared/instants.ts';
import { describeCause } from '../../shared/messages/failing.ts';
import { describeEstimate } from '../../shared/result/cost.ts';
import { type CheckResult, countVerdicts } from '../../shared/truth/checks.ts';
import { ellipsize } from '../../shared/words.ts';
import { alignColumns, toLine } from './columns.ts';
import { type Paint, plainPaint } from './paint.ts';

/** The summary for a terminal: facts, phases, then checks with failures first. */
export const summarize = (result: DrillResult, paint: Paint = plainPaint): string =>
  [
    `${paint.strong(titleOf(result))}\n${toLine(explainVerdict(result).sentence)}`,
    alignColumns(listFacts(result), []),
    alignColumns(
      [['phase', 'time'], ...result.phases.map(({ name, seconds }) => [name, describeSeconds(seconds)])],
      [1],
    ),
    ...(result.checks.length === 0 ? [] : [listChecks(result.checks, paint)]),
  ].join('\n\n');

const titleOf = (result: DrillResult): string =>
  toLine(`${result.dryRun ? 'Dry run' : 'Restore drill'} ${result.drillId} ${result.verdict}`);

/** What a reader wants to know first. */
const listFacts = (result: DrillResult): [string, string][] => {
  const { rto, rpo, teardown, cost, checks } = result;
  return [
    ['plan', `${result.plan ?? 'not known'}, source ${result.source ?? 'not known'}`],
    ['restored to', describeInstant(result)],
    ['RTO', describeObjective(rto)],
    ['RPO', describeObjective(rpo)],
    ['checks', describeCounts(countVerdicts(checks))],
    ['teardown', [teardown.status, teardown.deleted.join(', ')].filter(Boolean).join(': ')],
    ['cost', `${describeEstimate(cost)}; ${cost.assumptions[0]}`],
    ...listFailures(result),
  ];
};

const listFailures = ({ failure, otherFailures }: DrillResult): [string, string][] => {
  if (failure === null) return [];
  const { error, phase, cause, hint } = failure;
  return [
    ['failure', `${error} in ${phase}`],
    ['cause', cause],
    ['what to do', hint],
    ...otherFailures.flatMap((other): [string, string][] => [
      ['then', describeCause(other)],
      ['what to do', other.hint],
    ]),
  ];
};

const describeInstant = (result: DrillResult): string => {
  const { kind, baseline } = result.restore;
  const isBaseline = wasRestored(result) && kind === 'log' && baseline === 'same-instant';
  return `${describeReached(result)}${isBaseline ? ', the instant of the baseline' : ''}`;
};

const listChecks = (checks: CheckResult[], paint: Paint): string => {
  const header = ['verdict', 'check', 'expected', 'actual', 'tolerance', 'reason'];
  const painters = { failed: paint.bad, skipped: paint.quiet, passed: paint.good };
  return alignColumns([header, ...sortChecks(checks).map(checkRow)], [2, 3]).replace(
    /^( {2})(failed|skipped|passed)\b/gm,
    (_, indent: string, verdict: keyof typeof painters) => `${indent}${painters[verdict](verdict)}`,
  );
};

/** The longest value pads its whole column. The result file has values in full. */
const maxCellLength = 80;

const checkRow = (check: CheckResult): string[] => [
  check.verdict,
  ellipsize(check.name, maxCellLength),
  show(check.expected),
  show(check.actual),
  ellipsize(check.tolerance ?? '', maxCellLength),
  check.reason,
];

const show = (value: CheckResult['expected']): string =>
  value === null ? '' : ellipsize(value.toLocaleString('en-US'), maxCellLength);
