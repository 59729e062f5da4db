import { type ComponentChild, h } from 'preact';
import type { Known } from '../../known.ts';
import { longText, time } from '../../report/parts.ts';
import { countOf } from '../../words.ts';
import { countFindings } from '../document.ts';
import type { SourcePosture } from '../source.ts';
import { renderFindings } from './cluster.ts';

/** What is known of the posture of one cluster, for the page of a drill. On paper it is one sentence. */
export const renderSource = (posture: Known<SourcePosture>): ComponentChild => {
  if ('unknown' in posture)
    return h('div', { class: 'line' }, ['It is not known: ', longText(posture.unknown)]);
  const { value } = posture;
  return [
    h('p', null, [
      'As checked on ',
      time(value.checkedAt),
      `: ${countOf(countFindings(value, 'fail'), 'rule')} of ${value.findings.length} failed, `,
      `${countFindings(value, 'waived')} waived, ${countFindings(value, 'unreadable')} could not be read. `,
      'That was before this drill ended.',
    ]),
    h('div', { class: 'screen-only' }, renderFindings(value)),
  ];
};
