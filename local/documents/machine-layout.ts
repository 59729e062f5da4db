import type { StateMachineDefinition } from 'aws-local-stepfunctions';
import {
  findHappyPath,
  listStates,
  listTransitions,
  type State,
  type Transition,
} from '../machine/transitions.ts';

export type Point = { x: number; y: number };
/** A state around its middle. `outside` is the direction of the picture's edge: -1 is left. */
export type Box = Point & { name: string; state: State; width: number; height: number; outside: -1 | 1 };
/** Where a line runs. It has no arrow when it flows into another one. */
export type Line = {
  transition: Transition;
  points: Point[];
  hasArrow: boolean;
  isHappy: boolean;
  /** Its words go to the right or the left of this point. */
  label: Point & { towards: -1 | 1 };
};
export type Layout = { width: number; height: number; boxes: Box[]; lines: Line[] };

const pitch = 60;
const margin = 44;
const sizes: Record<State['Type'], [width: number, height: number]> = {
  Pass: [130, 32],
  Task: [156, 34],
  Choice: [220, 50],
  Wait: [156, 40],
  Succeed: [130, 34],
  Fail: [130, 34],
};
/** The x of both columns, and of the waits and bad ends beside them. */
const columns = [334, 728] as const;
const besides = [92, 970] as const;
/**
 * Where lines run up and down: beside the first column, between the columns, beside the second one, and around it. `exit`
 * and `entry` are how far from the middle of its box a line begins and ends, so that none crosses another.
 */
const lanes = {
  skipping: { x: 200, exit: 0, entry: 0 },
  caught: { x: 526, exit: 0, entry: -9 },
  failed: { x: 550, exit: 0, entry: 0 },
  happy: { x: 574, exit: 0, entry: 9 },
  second: { x: 598, exit: 0, entry: 0 },
  branch: { x: 622, exit: 0, entry: 0 },
  joining: { x: 636, exit: -9, entry: 9 },
  around: { x: 1062, exit: 0, entry: 0 },
} as const;
const width = 1080;

/**
 * Two columns: the states that may fail, and from the state where most failures meet, the states that always follow. The
 * happy path runs down both. A branch off the first stands above the second. Waits and bad ends are outside, beside the
 * choice that leads there.
 */
export const layOut = (definition: StateMachineDefinition): Layout => {
  const transitions = listTransitions(definition);
  const path = findHappyPath(definition);
  const meeting = findMeeting(transitions);
  const split = path.indexOf(meeting);
  const branch = listStates(definition).flatMap(([name, { Type }]) =>
    !path.includes(name) && (Type === 'Task' || Type === 'Choice') ? name : [],
  );
  const fork = path.findIndex((name) =>
    transitions.some(({ from, to }) => from === name && to === branch[0]),
  );
  const rows = Math.max(split, fork + 1 + branch.length + path.length - split);
  const findPlace = (name: string): { column: 0 | 1; row: number } => {
    const index = path.indexOf(name);
    if (index === -1) return { column: 1, row: fork + 1 + branch.indexOf(name) };
    return index < split ? { column: 0, row: index } : { column: 1, row: index - path.length + rows };
  };
  const isInColumn = (name: string) => path.includes(name) || branch.includes(name);
  const boxes = new Map(
    listStates(definition).map(([name, state]) => {
      const before = transitions.find(({ from, to }) => to === name && isInColumn(from))?.from ?? '';
      const { column, row } = findPlace(isInColumn(name) ? name : before);
      const x = (isInColumn(name) ? columns : besides)[column];
      const [width, height] = sizes[state.Type];
      const place = { x, y: margin + row * pitch, width, height, outside: column === 0 ? -1 : 1 } as const;
      return [name, { name, state, ...place }];
    }),
  );
  const plans = transitions.map((transition) => {
    const [from, to] = [boxes.get(transition.from) as Box, boxes.get(transition.to) as Box];
    const isHappy =
      path[path.indexOf(transition.from) + 1] === transition.to && path.includes(transition.from);
    return { transition, from, to, isHappy, lane: chooseLane(transition, from, to, isHappy, meeting) };
  });
  return {
    width,
    height: 2 * margin + (rows - 1) * pitch,
    boxes: [...boxes.values()],
    lines: plans.map((plan) => draw(plan, plans)),
  };
};

/** The state that most errors lead to. */
const findMeeting = (transitions: Transition[]): string => {
  const targets = transitions.filter(({ isCaught }) => isCaught).map(({ to }) => to);
  const count = (name: string) => targets.filter((other) => other === name).length;
  return targets.toSorted((a, b) => count(b) - count(a))[0] ?? '';
};

type Lane = keyof typeof lanes;
type Plan = { transition: Transition; from: Box; to: Box; isHappy: boolean; lane: Lane | null };

/** Null for neighbours, which need no lane. */
const chooseLane = (
  { isNormal }: Transition,
  from: Box,
  to: Box,
  isHappy: boolean,
  meeting: string,
): Lane | null => {
  const isBeside = from.y === to.y && from.outside === to.outside;
  const isNext = isNormal && from.x === to.x && to.y - from.y === pitch;
  if (isBeside || from.state.Type === 'Wait' || isNext) return null;
  if (isHappy) return 'happy';
  if (from.outside === to.outside) return from.outside === 1 ? 'second' : 'skipping';
  if (from.outside === 1) return 'joining';
  if (!isNormal) return 'caught';
  if (to.name === meeting) return 'failed';
  return to.y - from.y === pitch ? 'branch' : 'around';
};

const draw = (plan: Plan, plans: Plan[]): Line => {
  const { transition, from, to, isHappy, lane } = plan;
  const points = lane === null ? connect(from, to) : follow(from, to, lane);
  const flowsInto = lane === null ? null : findJunction(plan, plans);
  const [start = from, next = to] = lane === 'branch' ? points.slice(1) : points;
  const label =
    start.x === next.x
      ? { x: start.x + 9, y: (start.y + next.y) / 2, towards: 1 as const }
      : ({
          x: start.x + (next.x > start.x ? 4 : -4),
          y: start.y - 8,
          towards: next.x > start.x ? 1 : -1,
        } as const);
  return {
    transition,
    points:
      flowsInto === null ? points : [...points.slice(0, 2), { x: points[1]?.x ?? next.x, y: flowsInto }],
    hasArrow: flowsInto === null,
    isHappy,
    label,
  };
};

/** Down to the next box, across to the one beside, or from a wait back to what it repeats. */
const connect = (from: Box, to: Box): Point[] => {
  if (from.x === to.x) return [edgeOf(from, 0, 1), edgeOf(to, 0, -1)];
  const way = Math.sign(to.x - from.x);
  if (from.y === to.y) return [edgeOf(from, way, 0), edgeOf(to, -way, 0)];
  return [edgeOf(from, 0, -1), { x: from.x, y: to.y }, edgeOf(to, -way, 0)];
};

const follow = (from: Box, to: Box, lane: Lane): Point[] => {
  const { x, exit, entry } = lanes[lane];
  const start = edgeOf(from, Math.sign(x - from.x), 0);
  const end = edgeOf(to, Math.sign(x - to.x), 0);
  const [top, bottom] = [start.y + exit, end.y + entry];
  return [
    { x: start.x, y: top },
    { x, y: top },
    { x, y: bottom },
    { x: end.x, y: bottom },
  ];
};

/** The middle of one side of a box. */
const edgeOf = ({ x, y, width, height }: Box, right: number, down: number): Point => ({
  x: x + (right * width) / 2,
  y: y + (down * height) / 2,
});

/** The y where a line flows into the next one of its lane to the same state. Null for the last. */
const findJunction = ({ from, to, lane }: Plan, plans: Plan[]): number | null => {
  const end = to.y + lanes[lane ?? 'caught'].entry;
  const others = plans.filter((other) => other.lane === lane && other.to === to).map((other) => other.from.y);
  const isAbove = from.y <= end;
  const between = others.filter((y) => (isAbove ? y > from.y && y <= end : y < from.y && y > end));
  if (between.length > 0) return isAbove ? Math.min(...between) : Math.max(...between);
  // Lines from below end where lines from above do.
  return !isAbove && others.some((y) => y <= end) ? end : null;
};
