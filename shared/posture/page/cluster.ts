import { type ComponentChild, h } from 'preact';
import { code } from '../../report/job-page.ts';
import { type Column, longText, type Row, table } from '../../report/parts.ts';
import { countOf } from '../../words.ts';
import type { ClusterPosture } from '../document.ts';
import type { Finding, Mend, PostureVerdict } from '../finding.ts';

const columns: Column[] = [
  { label: 'rule', width: '16%', isName: true },
  { label: 'expected', width: '17%' },
  { label: 'seen', width: '21%' },
  { label: 'what mends it' },
];

/** What fails in a cluster and mends it, then why the rest did not simply pass. Texts are hostile. */
export const renderFindings = ({ findings }: ClusterPosture): ComponentChild => {
  const withVerdict = (verdict: PostureVerdict) => findings.filter((finding) => finding.verdict === verdict);
  const failing = withVerdict('fail');
  return [
    failing.length === 0
      ? h('p', null, 'Nothing fails.')
      : table(
          `Fails: ${failing.length} of ${countOf(findings.length, 'rule')}`,
          columns,
          failing.map(toRow),
          'stacked fixed',
        ),
    renderReasons('Could not be read', withVerdict('unreadable'), true),
    renderReasons('Waived', withVerdict('waived'), true),
    renderReasons('Does not apply', withVerdict('not-applicable'), false),
  ];
};

const toRow = ({ rule, expected, seen, why, mend }: Finding): Row => ({
  cells: [
    rule,
    expected === null ? null : longText(expected),
    h(
      'div',
      null,
      [seen, why].filter((words) => words !== null).map((words) => h('div', null, longText(words))),
    ),
    mend === null ? null : renderMend(mend),
  ],
});

const renderMend = ({ command, note }: Mend): ComponentChild =>
  h('div', null, [
    command === null ? null : code(command),
    note === null ? null : h('div', null, longText(note)),
  ]);

/** @param isOpen worth reading at once */
const renderReasons = (heading: string, findings: readonly Finding[], isOpen: boolean): ComponentChild =>
  findings.length === 0
    ? null
    : h('details', { class: 'reasons', open: isOpen }, [
        h('summary', null, `${heading}: ${countOf(findings.length, 'rule')}`),
        h(
          'ul',
          null,
          findings.map((finding) => h('li', null, describeReason(finding))),
        ),
      ]);

const describeReason = ({ rule, seen, why }: Finding): ComponentChild => [
  `${rule}: `,
  longText([why, seen === null ? null : `seen: ${seen}`].filter((words) => words !== null).join('; ')),
];
