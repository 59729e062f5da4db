import { type ComponentChild, h } from 'preact';
import type { CheckResult } from './checks.ts';
import { formatNumber, isInstant } from './report-format.ts';
import { longText, type Row, section, table, time } from './report-parts.ts';
import type { DrillResult } from './result.ts';
import { countOf } from './words.ts';

const verdicts = ['failed', 'skipped', 'passed'] as const;
const marks = { failed: '✕', skipped: '–', passed: '✓' };
const tones = { failed: 'bad', skipped: 'warn', passed: 'good' };

/** Two pages of paper hold so many checks, and fewer beside the words about a failure; what matters most comes first. */
const mostPrinted = { passed: 26, failed: 17 };
/** Hashes and lists of columns: longer ones would push the reason out of sight. */
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
export const renderChecks = ({ checks, verdict, failure }: DrillResult): ComponentChild => {
  if (checks.length === 0) {
    const why = failure === null ? '' : ', because the drill failed before';
    return section('checks', 'Checks', h('p', null, `No check was done${why}.`));
  }
  const printed = mostPrinted[verdict];
  const ordered = checks.toSorted((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict));
  return section(
    'checks',
    'Checks',
    table(countVerdicts(checks), columns, ordered.map(toRow(printed)), 'stacked fixed'),
    renderUnprinted(ordered.slice(printed)),
  );
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

/** "2 failed, 3 skipped, 20 passed": nothing that is zero. */
const countVerdicts = (checks: CheckResult[]): string =>
  verdicts
    .map((verdict) => [checks.filter((check) => check.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${formatNumber(count)} ${verdict}`)
    .join(', ');

const renderUnprinted = (unprinted: CheckResult[]): ComponentChild =>
  unprinted.length === 0
    ? null
    : h(
        'p',
        { class: 'print-only' },
        `Not printed: ${countOf(unprinted.length, 'more check', formatNumber)}, ${countVerdicts(unprinted)}. All of them stand in the report file and in result.json.`,
      );
