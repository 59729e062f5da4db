import { type ComponentChild, h } from 'preact';
import { describeSeconds } from '../instants.ts';
import { countOf } from '../words.ts';

/** A phase of any job. Instants: ISO 8601. */
type PhaseTime = { name: string; startedAt: string; endedAt: string; seconds: number };

/** One bar; `left` and `width` in percent of the axis. */
export type Bar = { name: string; seconds: number; left: number; width: number };
/** `left` in percent of the axis. */
export type Tick = { seconds: number; left: number };
export type Timeline = { bars: Bar[]; ticks: Tick[]; seconds: number };

/** A phase of milliseconds must show next to one of hours. */
export const minWidth = 0.8;
/** More labels would overlap on a phone. */
const mostTicks = 3;
const tickSteps = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200,
  86_400,
];

/** Where each phase is on the axis. No bar leaves it or begins before the one above, whatever the clocks said. */
export const layOutTimeline = (phases: readonly PhaseTime[]): Timeline => {
  const spans = listSpans(phases);
  const total = Math.max(0, ...spans.map(({ to }) => to));
  const percent = (ms: number) => (total === 0 ? 0 : (ms / total) * 100);
  const bars = spans.map(({ name, from, to, seconds }) => {
    const width = Math.min(100, Math.max(minWidth, percent(to - from)));
    return { name, seconds, width, left: Math.min(percent(from), 100 - width) };
  });
  return { bars, ticks: listTicks(total / 1000), seconds: total / 1000 };
};

/** Milliseconds since the first phase began. An invalid instant counts as the one before it. */
const listSpans = (phases: readonly PhaseTime[]) => {
  const origin = Date.parse(phases[0]?.startedAt ?? '') || 0;
  let latest = 0;
  return phases.map(({ name, startedAt, endedAt, seconds }) => {
    const from = Math.max(latest, Date.parse(startedAt) - origin || 0);
    const to = Math.max(from, Date.parse(endedAt) - origin || 0);
    latest = from;
    return { name, from, to, seconds };
  });
};

/** From zero on, at round times. */
export const listTicks = (seconds: number): Tick[] => {
  if (seconds === 0) return [{ seconds: 0, left: 0 }];
  const days = Math.ceil(seconds / mostTicks / 86_400);
  const step = tickSteps.find((size) => seconds / size <= mostTicks) ?? days * 86_400;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => ({
    seconds: index * step,
    left: ((index * step) / seconds) * 100,
  }));
};

const rowHeight = 20;
const axisHeight = 22;

/**
 * The phases as bars on one time axis. Lengths along the axis are in percent, so that texts keep their size on a phone.
 * The labels are in the margins of `.timeline`.
 */
export const drawTimeline = (phases: readonly PhaseTime[], failed: ReadonlySet<string>): ComponentChild => {
  const { bars, ticks, seconds } = layOutTimeline(phases);
  const bottom = bars.length * rowHeight;
  const title = describeTimeline(bars, seconds);
  return h('div', { class: 'timeline' }, [
    h(
      'svg',
      { role: 'img', 'aria-label': title, width: '100%', height: bottom + axisHeight },
      ticks.map(({ left, seconds: at }) => drawTick(left, at, bottom)),
      bars.map((bar, index) => drawBar(bar, index * rowHeight, failed.has(bar.name))),
    ),
  ]);
};

const describeTimeline = (bars: Bar[], seconds: number): string => {
  const longest = bars.toSorted((a, b) => b.width - a.width)[0];
  const most = longest === undefined ? '' : `; the longest was ${longest.name}`;
  return `Timeline: ${countOf(bars.length, 'phase')} in ${describeSeconds(seconds)}${most}`;
};

export const drawTick = (left: number, at: number, bottom: number): ComponentChild =>
  h('g', null, [
    h('line', { class: 'grid', x1: `${left}%`, x2: `${left}%`, y1: 0, y2: bottom + 4 }),
    h(
      'text',
      { class: 'label', x: `${left}%`, y: bottom + 17, 'text-anchor': 'middle' },
      at === 0 ? '0' : describeSeconds(at),
    ),
  ]);

const drawBar = ({ name, seconds, left, width }: Bar, top: number, hasFailed: boolean): ComponentChild =>
  h('g', null, [
    h('text', { x: 0, dx: -12, y: top + 14, 'text-anchor': 'end' }, hasFailed ? `✕ ${name}` : name),
    h('rect', {
      class: hasFailed ? 'failed' : 'bar',
      x: `${left}%`,
      width: `${width}%`,
      y: top + 4,
      height: rowHeight - 8,
    }),
    h(
      'text',
      { class: 'label', x: '100%', dx: 76, y: top + 14, 'text-anchor': 'end' },
      describeSeconds(seconds),
    ),
  ]);
