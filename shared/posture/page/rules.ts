import { type ComponentChild, h } from 'preact';
import { type PostureRule, postureRules } from '../../plan/posture.ts';
import { type Column, type Row, table } from '../../report/parts.ts';
import { formatNumber } from '../../result/format.ts';
import type { PostureDocument } from '../document.ts';
import { type PostureVerdict, postureVerdicts } from '../finding.ts';
import { questions } from '../questions.ts';
import { verdictWords } from '../words.ts';

const columns: Column[] = [
  { label: 'rule', width: '45%', isName: true },
  ...postureVerdicts.map((verdict) => ({ label: verdictWords[verdict], isNumeric: true })),
];

type Counts = Record<PostureVerdict, number>;

/** How many clusters fail what, what most of them fail first. */
export const renderRules = ({ clusters }: PostureDocument): ComponentChild => {
  const counts = new Map(postureRules.map((rule) => [rule, countNothing()]));
  for (const { rule, verdict } of clusters.flatMap(({ findings }) => findings)) {
    const count = counts.get(rule);
    if (count !== undefined) count[verdict]++;
  }
  const worstFirst = [...counts].sort(([, a], [, b]) => b.fail - a.fail || b.unreadable - a.unreadable);
  return table(
    'Number of clusters. docs/posture.md says of each rule what it expects, and which controls of auditors it stands for.',
    columns,
    worstFirst.map(([rule, count]) => toRow(rule, count)),
  );
};

const countNothing = (): Counts => ({ fail: 0, unreadable: 0, waived: 0, pass: 0, 'not-applicable': 0 });

const toRow = (rule: PostureRule, count: Counts): Row => ({
  cells: [
    h('div', { id: `rule-${rule}` }, [rule, h('div', { class: 'question muted' }, questions[rule])]),
    ...postureVerdicts.map((verdict) => renderCount(verdict, count[verdict])),
  ],
});

/** Zeros would hide what counts. */
const renderCount = (verdict: PostureVerdict, count: number): ComponentChild =>
  count === 0 ? null : h('span', { class: verdict === 'fail' ? 'bad' : undefined }, formatNumber(count));
