import { type ComponentChild, h } from 'preact';
import type { DrillResult } from '../drill/document.ts';
import { describeCounts, sortChecks } from '../drill/figures.ts';
import { formatNumber, isInstant } from '../result/format.ts';
import { type CheckResult, countVerdicts } from '../truth/checks.ts';
import { countOf } from '../words.ts';
import { longText, type Row, table, time } from './parts.ts';

const marks = { failed: '✕', skipped: '–', passed: '✓' };
const tones = { failed: 'bad', skipped: 'warn', passed: 'good' };

/** What fits two pages of paper; the words about a failure take room. */
const mostPrinted = { passed: 26, failed: 17 };
/** What one more failure takes of that room. */
const checksPerFailure = 3;
const fewestPrinted = 5;
/** Longer hashes and lists of columns would push the reason out of sight. */
const maxValueLength = 120;
/** Its column is the narrowest. */
const maxToleranceLength = 30;

const columns = [
  { label: 'Verdict', width: '5.5rem', isPlain: true },
  { label: 'Check', width: '22%', isName: true },
  { label: 'Expected', width: '15.5%' },
  { label: 'Actual', width: '15.5%' },
  { label: 'Tolerance', width: '5.75rem' },
  { label: 'Reason' },
];

/** Every check, failures first and then what was skipped. */
export const renderChecks = (result: DrillResult): ComponentChild[] => {
  const { checks, verdict, otherFailures } = result;
  if (checks.length === 0) return [h('p', null, describeNone(result))];
  const printed = Math.max(fewestPrinted, mostPrinted[verdict] - checksPerFailure * otherFailures.length);
  const ordered = sortChecks(checks);
  return [
    table(describeCounts(countVerdicts(checks)), columns, ordered.map(toRow(printed)), 'stacked fixed'),
    renderUnprinted(ordered.slice(printed)),
  ];
};

const describeNone = ({ failure, dryRun }: DrillResult): string => {
  if (failure === null) return 'No check was done.';
  if (dryRun) return 'No check is listed, because the dry run failed before it knew which to do.';
  return failure.phase === 'VerifyRestore'
    ? 'No check is listed, because the failure left none to list: see its cause above.'
    : 'No check was done, because the drill failed before its checks.';
};

const toRow =
  (printed: number) =>
  (check: CheckResult, index: number): Row => ({
    isUnprinted: index >= printed,
    cells: [
      h('span', { class: `verdict ${tones[check.verdict]}` }, [
        h('span', { 'aria-hidden': 'true' }, `${marks[check.verdict]} `),
        check.verdict,
      ]),
      longText(check.name, maxValueLength),
      showValue(check.expected),
      showValue(check.actual),
      check.tolerance === null ? null : longText(check.tolerance, maxToleranceLength),
      longText(check.reason),
    ],
  });

const showValue = (value: CheckResult['expected']): ComponentChild => {
  if (value === null) return null;
  if (typeof value === 'number') return formatNumber(value);
  return isInstant(value) ? time(value) : longText(value, maxValueLength);
};

const renderUnprinted = (unprinted: CheckResult[]): ComponentChild =>
  unprinted.length === 0
    ? null
    : h(
        'p',
        { class: 'print-only' },
        `Not printed: ${countOf(unprinted.length, 'more check', formatNumber)}, ${describeCounts(countVerdicts(unprinted))}. All of them are in the report file and in result.json.`,
      );
