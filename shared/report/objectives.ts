import { type ComponentChild, h } from 'preact';
import type { DrillResult } from '../drill/document.ts';
import { compareObjective } from '../drill/figures.ts';
import type { Objective } from '../drill/objectives.ts';
import { explainRpo } from '../drill/origin-words.ts';
import { describeSeconds } from '../instants.ts';

/** RTO and RPO, each against its objective: in words, and as a bar with a mark where the objective is. */
export const renderObjectives = ({ rto, rpo, restore }: DrillResult): ComponentChild =>
  h('div', { class: 'pair' }, [
    renderObjective('RTO', 'from the restore request to the first answer of the restored writer', rto),
    renderObjective('RPO', explainRpo(restore), rpo),
  ]);

const renderObjective = (name: string, meaning: string, objective: Objective): ComponentChild => {
  const { seconds } = objective;
  const measured = seconds === null ? 'not measured' : describeSeconds(seconds);
  return h('div', null, [
    h('h3', null, [h('span', { class: 'muted' }, name), ' ', h('span', { class: 'figure' }, measured)]),
    h('p', null, describeTarget(objective)),
    drawObjective(name, objective),
    h('p', { class: 'muted small' }, meaning),
  ]);
};

const describeTarget = ({ objectiveSeconds, met }: Objective): ComponentChild => {
  if (objectiveSeconds === null) return 'no objective set';
  const objective = `objective ${describeSeconds(objectiveSeconds)}`;
  if (met === null) return `${objective}, neither met nor missed`;
  return [
    `${objective}, `,
    h('strong', { class: met ? 'good' : 'bad' }, [
      h('span', { 'aria-hidden': 'true' }, met ? '✓ ' : '✕ '),
      met ? 'met' : 'missed',
    ]),
  ];
};

const drawObjective = (name: string, objective: Objective): ComponentChild => {
  const { seconds, objectiveSeconds, met } = objective;
  if (seconds === null || objectiveSeconds === null) return null;
  // The longer one fills nine tenths, so that the mark of an objective stays clear of the edge.
  const scale = Math.max(seconds, objectiveSeconds) / 0.9;
  const percent = (value: number) => `${scale > 0 ? Math.max(0, (value / scale) * 100) : 0}%`;
  const mark = percent(objectiveSeconds);
  const label = `${name}: ${compareObjective(objective)}`;
  return h('svg', { role: 'img', 'aria-label': label, class: 'objective', width: '100%', height: 16 }, [
    h('rect', { class: 'track', x: 0, y: 4, width: '100%', height: 8 }),
    h('rect', { class: met === false ? 'failed' : 'bar', x: 0, y: 4, width: percent(seconds), height: 8 }),
    h('line', { class: 'mark', x1: mark, x2: mark, y1: 0, y2: 16 }),
  ]);
};
