import { h, type VNode } from 'preact';
import type { Objective } from '../drill/objectives.ts';
import { describeSeconds } from '../instants.ts';
import { countOf } from '../words.ts';

/** One drill in a picture. @param at ISO 8601 */
export type TrendPoint = { at: string; hasPassed: boolean } & Pick<Objective, 'seconds' | 'objectiveSeconds'>;

const width = 180;
const height = 44;
/** Room for half a mark. */
const margin = 5;

/** The style of a page with pictures. A failure shows as a cross, not by colour alone. */
export const trendStyle = `
  .trend { display: block; width: 100%; max-width: ${width}px; height: auto }
  .trend path { fill: none; stroke: var(--text) }
  .trend .passed { stroke-width: 4; stroke-linecap: round }
  .trend .failed { stroke: var(--bad); stroke-width: 2 }
  .trend .objective { stroke: var(--muted); stroke-dasharray: 5 3 }`;

/**
 * A small picture of one measure over time, from zero up, against the objective at each drill. A drill that measured
 * nothing has its mark at the bottom.
 * @param points the earliest first
 */
export const drawTrend = (name: string, points: readonly TrendPoint[]): VNode => {
  const place = placeOn(points);
  const measured = points.map((point) => (point.seconds === null ? null : place(point.at, point.seconds)));
  const marks = points.map(({ at, seconds }) => place(at, seconds ?? 0));
  const marksOf = (hasPassed: boolean) => marks.filter((_, index) => points[index]?.hasPassed === hasPassed);
  const paths: [kind: string, d: string][] = [
    ['objective', drawObjective(points, place)],
    ['line', drawLine(measured)],
    ['passed', marksOf(true).map(drawDot).join('')],
    ['failed', marksOf(false).map(drawCross).join('')],
  ];
  return h(
    'svg',
    {
      class: 'trend',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': describeTrend(name, points),
    },
    paths.filter(([, d]) => d !== '').map(([kind, d]) => h('path', { class: kind, d })),
  );
};

/** The picture in words. */
export const describeTrend = (name: string, points: readonly TrendPoint[]): string => {
  const seconds = points.map((point) => point.seconds).filter((one) => one !== null);
  const last = points.at(-1);
  const failed = points.filter(({ hasPassed }) => !hasPassed).length;
  return [
    `${name} of ${countOf(points.length, 'drill')}`,
    seconds.length === 0
      ? 'never measured'
      : `from ${describeSeconds(Math.min(...seconds))} to ${describeSeconds(Math.max(...seconds))}`,
    `last ${describeOr('not measured', last?.seconds)}`,
    `objective ${describeOr('none', last?.objectiveSeconds)}`,
    `${failed} failed`,
  ].join(', ');
};

const describeOr = (none: string, seconds: number | null | undefined): string =>
  seconds === null || seconds === undefined ? none : describeSeconds(seconds);

type Place = { x: number; y: number };
type PlaceOf = (at: string, seconds: number) => Place;

/** Time to the right, seconds upwards. Drills of one instant are in the middle. */
const placeOn = (points: readonly TrendPoint[]): PlaceOf => {
  const times = points.map(({ at }) => Date.parse(at));
  const [start, end] = [Math.min(...times), Math.max(...times)];
  const most = Math.max(...points.flatMap((point) => [point.seconds ?? 0, point.objectiveSeconds ?? 0]));
  const share = (part: number, whole: number, otherwise: number) => (whole > 0 ? part / whole : otherwise);
  return (at, seconds) => ({
    x: round(margin + share(Date.parse(at) - start, end - start, 0.5) * (width - 2 * margin)),
    y: round(height - margin - share(seconds, most, 0) * (height - 2 * margin)),
  });
};

const round = (length: number): number => Math.round(length * 10) / 10;

/** A line through what was measured, with gaps where nothing was. */
const drawLine = (places: readonly (Place | null)[]): string =>
  places
    .map((place, index) => {
      const last = places[index - 1];
      return place && last ? `M${last.x} ${last.y}L${place.x} ${place.y}` : '';
    })
    .join('');

/** A line with a step where the objective changed. */
const drawObjective = (points: readonly TrendPoint[], place: PlaceOf): string =>
  points
    .map(({ at, objectiveSeconds: seconds }, index) => {
      if (seconds === null || points[index - 1]?.objectiveSeconds === seconds) return '';
      const next = points.slice(index).find(({ objectiveSeconds }) => objectiveSeconds !== seconds);
      const from = index === 0 ? 0 : place(at, seconds).x;
      const to = next === undefined ? width : place(next.at, seconds).x;
      return `M${from} ${place(at, seconds).y}H${to}`;
    })
    .join('');

const drawDot = ({ x, y }: Place): string => `M${x} ${y}h0`;

const drawCross = ({ x, y }: Place): string => `M${x - 3} ${y - 3}l6 6m-6 0l6-6`;
