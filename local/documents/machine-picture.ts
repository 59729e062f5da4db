import { writeFile } from 'node:fs/promises';
import { instance } from '@viz-js/viz';
import type { StateMachineDefinition } from 'aws-local-stepfunctions';
import { paceWait } from '../../shared/job/waits.ts';
import { drillMachine } from '../machine/drill.ts';
import { readDefinition } from '../machine/execution.ts';
import { extractMachine } from '../machine/extract.ts';
import { markMachine } from '../machine/mark.ts';
import { recoverMachine } from '../machine/recover.ts';
import { rehearseMachine } from '../machine/rehearse.ts';
import { rewindMachine } from '../machine/rewind.ts';
import { findHappyPath, listStates, type State } from '../machine/transitions.ts';
import { type Box, type Layout, type Line, layOut, type Point } from './machine-layout.ts';

export type Picture = { file: string; title: string; definition: URL };

/** A picture of each machine. The README shows that of the drill, the page of each other job its own. */
export const pictures: readonly Picture[] = [
  {
    file: 'docs/state-machine.svg',
    title: 'The state machine of a restore drill',
    definition: drillMachine.definition,
  },
  {
    file: 'docs/recover-machine.svg',
    title: 'The state machine of a recovery',
    definition: recoverMachine.definition,
  },
  {
    file: 'docs/rehearse-machine.svg',
    title: 'The state machine of a rehearsal',
    definition: rehearseMachine.definition,
  },
  {
    file: 'docs/extract-machine.svg',
    title: 'The state machine of an extract',
    definition: extractMachine.definition,
  },
  {
    file: 'docs/rewind-machine.svg',
    title: 'The state machine of a rewind',
    definition: rewindMachine.definition,
  },
  {
    file: 'docs/mark-machine.svg',
    title: 'The state machine of a mark',
    definition: markMachine.definition,
  },
];

const ink = { line: '#57606a', text: '#1f2328', happy: '#0b57a4', error: '#b3261e' };
const looks: Record<State['Type'], { shape: string; style: string; fillcolor: string; color: string }> = {
  Pass: { shape: 'box', style: 'filled,rounded', fillcolor: '#f6f8fa', color: ink.line },
  Task: { shape: 'box', style: 'filled,rounded', fillcolor: '#ddebfa', color: ink.happy },
  Choice: { shape: 'diamond', style: 'filled', fillcolor: '#fff6d6', color: '#9a6700' },
  Wait: { shape: 'box', style: 'filled,rounded', fillcolor: '#f6f8fa', color: '#8c959f' },
  Succeed: { shape: 'box', style: 'filled,rounded', fillcolor: '#d5f0dc', color: '#1a7f37' },
  Fail: { shape: 'box', style: 'filled,rounded', fillcolor: '#fbdfdc', color: ink.error },
};
const font = 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif';
/** Points in an inch. Graphviz wants widths and heights in inches. */
const inch = 72;
const cornerRadius = 9;
const arrowLength = 8;

/** The state machine as an SVG, the same for the same definition. */
export const renderPicture = async (definition: StateMachineDefinition, title: string): Promise<string> => {
  const layout = layOut(definition);
  const viz = await instance();
  const svg = viz.renderString(
    {
      graphAttributes: { pad: 0, bgcolor: 'transparent' },
      nodeAttributes: { fontname: 'Helvetica', fontsize: 14, fontcolor: ink.text, fixedsize: true },
      edgeAttributes: { fontname: 'Helvetica', fontsize: 12 },
      nodes: [
        frame(layout, title),
        heading(definition.Comment ?? title, layout),
        ...layout.boxes.map((box) => showBox(box, layout.height)),
      ],
      edges: layout.lines.map((line) => showLine(line, layout)),
    },
    { format: 'svg', engine: 'nop2' },
  );
  return adopt(svg, layout, title, describePicture(definition));
};

/** Graphviz counts upwards. */
const turn = ({ x, y }: Point, height: number): string => `${x},${height - y}`;

const frame = ({ width, height }: Layout, title: string) => ({
  name: title,
  attributes: {
    class: 'frame',
    pos: turn({ x: width / 2, y: height / 2 }, height),
    width: width / inch,
    height: height / inch,
    shape: 'box',
    style: 'filled,rounded',
    fillcolor: '#ffffff',
    color: '#d0d7de',
    label: '',
  },
});

/** What `paceWait` gives, at first and at most. */
const waitRange = `${paceWait(0)} to ${paceWait(Number.MAX_VALUE)} s`;

const showBox = ({ name, state, width, height, ...middle }: Box, pictureHeight: number) => ({
  name,
  attributes: {
    class: 'state',
    pos: turn(middle, pictureHeight),
    width: width / inch,
    height: height / inch,
    label: state.Type === 'Wait' ? `${name}\n${waitRange}` : name,
    ...looks[state.Type],
    ...(state.Type === 'Wait' && { fontsize: 12 }),
  },
});

const showLine = (line: Line, layout: Layout) => {
  const { transition, hasArrow, isHappy, label } = line;
  const { from, to, isNormal } = transition;
  const color = isHappy ? ink.happy : isNormal ? ink.line : ink.error;
  const text = describeWays(line, layout);
  // A label has no box, so assume a width that fits most letters.
  const middle = { x: label.x + label.towards * text.length * 3, y: label.y };
  return {
    tail: from,
    head: to,
    attributes: {
      class: 'transition',
      pos: drawPath(line, layout.height),
      color,
      fontcolor: color,
      penwidth: isHappy ? 2.4 : 1.3,
      style: isNormal ? 'solid' : 'dashed',
      arrowsize: hasArrow ? 0.8 : 0,
      ...(text !== '' && { label: text, lp: turn(middle, layout.height) }),
    },
  };
};

/** The answers that lead there. Of the dashed lines, only the first says that it is for any error. */
const describeWays = ({ transition }: Line, { lines }: Layout): string => {
  const { conditions, isNormal, isCaught } = transition;
  if (isNormal) return [conditions.join(', '), isCaught ? 'or any error' : ''].filter(Boolean).join(' ');
  const first = lines.find((line) => !line.transition.isNormal);
  return first?.transition === transition ? 'any error' : '';
};

/** Straight lines with round corners, as Graphviz's Bezier curves. An arrow begins before the end. */
const drawPath = ({ points, hasArrow }: Line, height: number): string => {
  const [first, ...others] = points as [Point, ...Point[]];
  const last = others.at(-1) ?? first;
  const end = hasArrow ? approach(last, points.at(-2) ?? first, arrowLength) : last;
  const stops = [first];
  for (const [index, corner] of others.slice(0, -1).entries()) {
    const [before, after] = [points[index] as Point, points[index + 2] as Point];
    const into = approach(corner, before, cornerRadius);
    const out = approach(corner, after, cornerRadius);
    stops.push(stops.at(-1) as Point, into, into, corner, corner, out);
  }
  stops.push(stops.at(-1) as Point, end, end);
  const curve = stops.map((point) => turn(point, height)).join(' ');
  return hasArrow ? `e,${turn(last, height)} ${curve}` : curve;
};

/** The point this far from `end` on the way to `other`, and at most half way. */
const approach = (end: Point, other: Point, distance: number): Point => {
  const length = Math.hypot(other.x - end.x, other.y - end.y);
  const share = length === 0 ? 0 : Math.min(distance / length, 0.5);
  return { x: end.x + (other.x - end.x) * share, y: end.y + (other.y - end.y) * share };
};

/** The definition's own comment, in the corner that the second column leaves free. */
const heading = (comment: string, { width, height }: Layout) => ({
  name: comment,
  attributes: {
    class: 'heading',
    pos: turn({ x: width - 235, y: 100 }, height),
    shape: 'plaintext',
    fontsize: 16,
    label: comment.replace(/(.{1,46})(?: |$)/g, '$1\\l'),
  },
});

/** For people who cannot see the picture. */
const describePicture = (definition: StateMachineDefinition): string => {
  const ends = listStates(definition).filter(([, { Type }]) => Type === 'Succeed' || Type === 'Fail');
  return [
    `${definition.Comment}.`,
    `When nothing goes wrong: ${findHappyPath(definition).join(', ')}.`,
    `It ends in ${ends.map(([name]) => name).join(' or ')}.`,
  ].join(' ');
};

/** Graphviz's SVG without its prolog, with words for people who cannot see it and fonts of the reader's system. */
const adopt = (svg: string, { width, height }: Layout, title: string, description: string): string =>
  svg
    .slice(svg.indexOf('<svg'))
    .replace(
      /<svg[^>]*>/,
      `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title description" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n` +
        `<title id="title">${title}</title>\n<desc id="description">${escapeXml(description)}</desc>`,
    )
    .replace(/<!--[\s\S]*?-->\n/g, '')
    .replaceAll('font-family="Helvetica,sans-Serif"', `font-family="${font}"`)
    .replaceAll(' xml:space="preserve"', '');

const escapeXml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

if (import.meta.main) {
  for (const { file, title, definition } of pictures) {
    await writeFile(file, await renderPicture(await readDefinition(definition), title));
  }
}
