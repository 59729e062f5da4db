import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readDefinition } from '../../local/state-machine.ts';
import type { DrillResult } from '../../shared/result.ts';

type State = {
  Type: string;
  Next?: string;
  Default?: string;
  Catch?: { Next: string }[];
  Choices?: { Next: string }[];
};

const { States } = await readDefinition();
const states = States as unknown as Record<string, State>;
const isDrawn = (name: string) => ['Task', 'Succeed', 'Fail'].includes(states[name]?.Type ?? '');

/** The drawn states that a state leads to, through choices and waits. */
const follow = (name: string, seen = new Set<string>()): Set<string> => {
  const { Next, Default, Catch = [], Choices = [] } = states[name] as State;
  for (const next of [Next, Default, ...[...Catch, ...Choices].map((way) => way.Next)]) {
    if (next === undefined || seen.has(next)) continue;
    seen.add(next);
    if (!isDrawn(next)) follow(next, seen);
  }
  return seen;
};

/** The edges of lines such as `A & B -.->|why| C --> D`. */
const readEdges = (picture: string): string[] =>
  picture.split('\n').flatMap((line) => {
    const groups = line.split(/ (?:-->|-\.->)(?:\|[^|]*\|)? /).map((group) => group.trim().split(' & '));
    return groups
      .slice(1)
      .flatMap((to, index) => (groups[index] ?? []).flatMap((a) => to.map((b) => `${a} ${b}`)));
  });

test('README: its picture has the edges of the state machine, all of them and no others', async () => {
  const picture =
    /```mermaid\nflowchart LR\n([\s\S]*?)```/.exec(await readFile('README.md', 'utf8'))?.[1] ?? '';
  const tasks = Object.keys(states).filter((name) => states[name]?.Type === 'Task');
  const expected = tasks.flatMap((name) =>
    [...follow(name)].filter(isDrawn).map((next) => `${name} ${next}`),
  );
  expect([...new Set(readEdges(picture))].sort()).toEqual(expected.sort());
});

test('docs/result.md: describes every key of its example, and no other', async () => {
  const text = await readFile('docs/result.md', 'utf8');
  const example: DrillResult = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '');
  const described = text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, key]) => key));
  expect(described.sort()).toEqual(Object.keys(example).sort());
});
