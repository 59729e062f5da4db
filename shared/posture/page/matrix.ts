import { type ComponentChild, h } from 'preact';
import { postureRules } from '../../plan/posture.ts';
import { text } from '../../report/parts.ts';
import { formatNumber } from '../../result/format.ts';
import { ellipsize } from '../../words.ts';
import type { ClusterPosture } from '../document.ts';
import type { PostureVerdict } from '../finding.ts';

/** In narrow cells. Nothing is told by colour alone. */
const shortWords: Record<PostureVerdict, string> = {
  fail: 'fail',
  unreadable: 'not read',
  waived: 'waived',
  pass: 'pass',
  'not-applicable': 'n/a',
};

const tones: Record<PostureVerdict, string> = {
  fail: 'bad',
  unreadable: 'warn',
  waived: 'warn',
  pass: 'muted',
  'not-applicable': 'muted',
};

/** Paper holds only so many rows. */
const maxPrinted = 100;
/** RDS has names of 63 characters. */
const maxNameLength = 80;

/**
 * The fleet: a row for each cluster, a column for each rule. Where it is too wide or too high it scrolls within itself, and
 * keeps names and rules in sight. Rows are lean: there may be a thousand.
 * @param linkOf where a cluster has more to say, null if it has not
 */
export const renderMatrix = (
  clusters: readonly ClusterPosture[],
  linkOf: (index: number) => string | null,
): ComponentChild =>
  h('div', { class: 'matrix', role: 'region', tabindex: 0, 'aria-labelledby': 'fleet' }, [
    h('table', null, [
      h(
        'thead',
        null,
        h('tr', null, [
          h('th', { scope: 'col' }, 'cluster'),
          postureRules.map((rule) =>
            h('th', { scope: 'col' }, h('a', { href: `#rule-${rule}` }, h('span', null, rule))),
          ),
        ]),
      ),
      h(
        'tbody',
        null,
        clusters.map((cluster, index) => renderRow(cluster, linkOf(index), index >= maxPrinted)),
      ),
    ]),
    renderUnprinted(clusters.length, maxPrinted),
  ]);

/** On paper alone: how many there are beyond those printed. */
export const renderUnprinted = (all: number, printed: number): ComponentChild =>
  all <= printed
    ? null
    : h('p', { class: 'print-only' }, `And ${formatNumber(all - printed)} more, on the screen.`);

const renderRow = (
  { cluster, findings }: ClusterPosture,
  link: string | null,
  isUnprinted: boolean,
): ComponentChild => {
  const name = text(ellipsize(cluster, maxNameLength));
  const verdicts = new Map(findings.map(({ rule, verdict }) => [rule, verdict]));
  return h('tr', { class: isUnprinted ? 'screen-only' : undefined }, [
    h('th', { scope: 'row' }, link === null ? name : h('a', { href: link }, name)),
    postureRules.map((rule) => renderVerdict(verdicts.get(rule))),
  ]);
};

const renderVerdict = (verdict: PostureVerdict | undefined): ComponentChild =>
  verdict === undefined ? h('td', null) : h('td', { class: tones[verdict] }, shortWords[verdict]);

export const matrixStyle = `
  .matrix { overflow: auto; max-height: 85vh }
  .matrix table { table-layout: fixed; min-width: 68rem; border-collapse: separate; border-spacing: 0; font-size: 0.6875rem; line-height: 1.25 }
  .matrix th, .matrix td { padding: 0.25rem 0.125rem; overflow-wrap: normal }
  .matrix thead th { position: sticky; top: 0; z-index: 1; background: var(--ground); font-size: 0.75rem; vertical-align: bottom }
  .matrix thead span { writing-mode: vertical-rl; transform: rotate(180deg) }
  .matrix tr > :first-child { width: 9.5rem; position: sticky; left: 0; background: var(--ground); overflow-wrap: anywhere; font-size: 0.75rem; padding-right: 0.5rem }
  .matrix thead tr > :first-child { z-index: 2 }
  .matrix .bad { font-weight: 650 }
  @media screen and (max-width: 44rem) { .matrix tr > :first-child { width: 7.5rem } }
  @media print {
    .matrix { overflow: visible; max-height: none }
    .matrix table { min-width: 0; font-size: 6pt } .matrix thead th, .matrix tr > :first-child { position: static; font-size: 6.5pt }
    .matrix tr > :first-child { width: 40mm }
  }
`;
