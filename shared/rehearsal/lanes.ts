import { type ComponentChild, h } from 'preact';
import { text } from '../report/parts.ts';
import { drawTick, listTicks, minWidth } from '../report/timeline.ts';
import { countOf, ellipsize } from '../words.ts';
import { describeTook } from './figures.ts';
import { describeMs } from './findings.ts';
import type { StatementMeasured, Stretch } from './measured.ts';

/** One row of the picture of a statement: what, how long in words, and when. */
type Lane = { name: string; words: string; kind: 'bar' | 'failed' | 'held'; stretches: Stretch[] };

/** More would be no picture any more. The tables have all of them. */
const mostLanes = 12;
const maxNameLength = 80;

const laneHeight = 10;
const axisHeight = 22;

/**
 * A statement over time: how long it ran, the locks that it held, and when reads and writes waited. Every row says in words
 * what its bar shows, so the bars are hidden from screen readers. Lengths are in percent: texts keep their size on a phone.
 */
export const drawLanes = (statement: StatementMeasured): ComponentChild => {
  const lanes = listLanes(statement);
  const shown = lanes.slice(0, mostLanes);
  const all = lanes.flatMap(({ stretches }) => stretches);
  const from = Math.min(...all.map(({ fromMs }) => fromMs));
  const total = Math.max(0, ...all.map(({ toMs }) => toMs - from));
  return h('div', { class: 'lanes' }, [
    shown.map((lane) => drawLane(lane, from, total)),
    h(
      'svg',
      { 'aria-hidden': 'true', width: '100%', height: axisHeight },
      listTicks(total / 1000).map(({ left, seconds }) => drawTick(left, seconds, 0)),
    ),
    lanes.length === shown.length
      ? null
      : h('p', { class: 'muted small' }, `${countOf(lanes.length - shown.length, 'more row')} left out.`),
  ]);
};

const listLanes = (statement: StatementMeasured): Lane[] => {
  const { fromMs, toMs, lockWaitMs, locks, tables } = statement;
  const wait = lockWaitMs === 0 ? '' : `, waited ${describeMs(lockWaitMs)} for its locks`;
  const held = Map.groupBy(locks, ({ relation, mode }) => `${mode} on ${relation}`);
  return [
    {
      name: 'the statement',
      words: `${describeTook(statement)}${wait}`,
      kind: 'bar',
      stretches: [{ fromMs, toMs }],
    },
    ...tables.flatMap(({ table, blockedWrite, blockedRead }) =>
      [
        { name: `writes to ${table}`, ...blockedWrite },
        { name: `reads of ${table}`, ...blockedRead },
      ]
        .filter(({ longestMs }) => longestMs > 0)
        .map(
          ({ name, longestMs, stretches }): Lane => ({
            name,
            words: `waited ${describeMs(longestMs)} at most`,
            kind: 'failed',
            stretches,
          }),
        ),
    ),
    ...[...held].map(
      ([name, stretches]): Lane => ({
        name,
        words: describeMs(stretches.reduce((sum, { fromMs: begun, toMs: ended }) => sum + ended - begun, 0)),
        kind: 'held',
        stretches,
      }),
    ),
  ];
};

const drawLane = ({ name, words, kind, stretches }: Lane, from: number, total: number): ComponentChild =>
  h('div', { class: 'lane' }, [
    h('div', { class: 'lane-words' }, [
      h('span', null, text(ellipsize(name, maxNameLength))),
      h('span', { class: 'muted numeric' }, words),
    ]),
    h('svg', { 'aria-hidden': 'true', width: '100%', height: laneHeight }, [
      h('rect', { class: 'track', x: 0, width: '100%', y: laneHeight / 2 - 0.5, height: 1 }),
      stretches.map((stretch) => drawStretch(stretch, kind, from, total)),
    ]),
  ]);

const drawStretch = (
  { fromMs, toMs }: Stretch,
  kind: Lane['kind'],
  from: number,
  total: number,
): ComponentChild => {
  const percent = (ms: number) => (total === 0 ? 0 : (ms / total) * 100);
  const width = Math.min(100, Math.max(minWidth, percent(toMs - fromMs)));
  return h('rect', {
    class: kind,
    x: `${Math.min(percent(fromMs - from), 100 - width)}%`,
    width: `${width}%`,
    y: 0,
    height: laneHeight,
  });
};

export const lanesStyle = `
  .lanes { margin: 0.5rem 0 1.25rem }
  .lane { margin-bottom: 0.375rem }
  .lane-words { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; font-size: 0.8125rem }
  svg .held { fill: var(--bar-quiet) }
  .lanes > svg { margin: 0 0 0.5rem }
`;
