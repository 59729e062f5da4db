import { type ComponentChild, h } from 'preact';
import type { DrillResult } from '../drill/document.ts';
import { describeSeconds } from '../instants.ts';
import { describeEstimate } from '../result/cost.ts';
import { formatNumber, makeVisible } from '../result/format.ts';
import { countOf } from '../words.ts';
import { longText } from './parts.ts';

/** The estimate and its assumptions. */
export const renderCost = ({ cost }: Pick<DrillResult, 'cost'>): ComponentChild[] => [
  h('p', null, h('span', { class: 'figure' }, describeEstimate(cost))),
  h('p', null, [h('span', { class: 'muted' }, 'Used: '), listUse(cost.used).join(', ')]),
  h('h3', { class: 'muted' }, 'Assumptions'),
  h(
    'ul',
    { class: 'small' },
    cost.assumptions.map((assumption) => h('li', null, longText(assumption))),
  ),
];

const listUse = ({
  instance,
  storageMinutes,
  stateTransitions,
  functionSeconds,
  functionGiBSeconds,
}: DrillResult['cost']['used']): string[] => [
  ...(instance === null ? [] : [`${makeVisible(instance.class)} for ${describeMinutes(instance.minutes)}`]),
  ...(storageMinutes === 0 ? [] : [`storage for ${describeMinutes(storageMinutes)}`]),
  countOf(stateTransitions, 'state transition', formatNumber),
  `functions for ${describeSeconds(functionSeconds)} (${formatNumber(functionGiBSeconds)} GiB s)`,
];

/** Minutes are counted to a hundredth. */
const describeMinutes = (minutes: number): string =>
  minutes === 0 ? 'a few seconds' : describeSeconds(minutes * 60);
