import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { layOut } from '../../local/documents/machine-layout.ts';
import { pictures, renderPicture } from '../../local/documents/machine-picture.ts';
import { readDefinition } from '../../local/machine/execution.ts';
import { allMachines } from '../statemachines/machines.ts';

type State = {
  Type: string;
  Next?: string;
  Catch?: { Next: string }[];
  Choices?: { Next: string; StringEquals?: string; Variable: string; BooleanEquals?: boolean }[];
  Default?: string;
};

const unescapeXml = (text: string): string => text.replaceAll('&#45;', '-').replace('&gt;', '>');

/** The groups of one kind, each with its title and its drawing. */
const readGroups = (svg: string, kind: 'state' | 'transition'): [title: string, drawn: string][] =>
  [...svg.matchAll(/<g id="\w+" class="\w+ (\w+)">\n<title>(.*?)<\/title>\n([\s\S]*?)<\/g>/g)]
    .filter(([, found]) => found === kind)
    .map(([, , title = '', drawn = '']) => [unescapeXml(title), drawn]);

const drawn = await Promise.all(
  pictures.map(async (picture) => {
    const definition = await readDefinition(picture.definition);
    return { ...picture, definition, svg: await renderPicture(definition, picture.title) };
  }),
);

test('every machine that is deployed has a picture', () => {
  const deployed = Object.values(allMachines).map(({ machine }) => machine.definition.href);
  expect(pictures.map(({ definition }) => definition.href).sort()).toEqual(
    deployed.filter((file) => !file.includes('/test/statemachines/')).sort(),
  );
});

describe.each(drawn)('$file', ({ file, title, definition, svg: picture }) => {
  const states = Object.entries(definition.States as unknown as Record<string, State>);

  test('as the definition makes it now', async () => {
    const stored = await readFile(file, 'utf8');
    expect(stored === picture, `${file} is out of date: run \`npm run picture\``).toBe(true);
  });

  test('every state once, with its name to read, and no other', () => {
    const groups = readGroups(picture, 'state');
    expect(groups.map(([title]) => title).sort()).toEqual(states.map(([name]) => name).sort());
    for (const [title, drawn] of groups) expect(drawn).toContain(`>${title}</text>`);
  });

  test('every transition of the definition, and no other', () => {
    const ways = states.flatMap(([from, { Next, Catch = [], Choices = [], Default }]) =>
      [Next, Default, ...[...Catch, ...Choices].map((way) => way.Next)]
        .filter((to) => to !== undefined)
        .map((to) => `${from}->${to}`),
    );
    const drawn = readGroups(picture, 'transition').map(([title]) => title);
    expect(drawn.toSorted()).toEqual([...new Set(ways)].sort());
  });

  test('every answer of a choice stands at its transition', () => {
    const groups = new Map(readGroups(picture, 'transition'));
    for (const [from, { Choices = [] }] of states) {
      for (const { Next, StringEquals, Variable, BooleanEquals } of Choices) {
        const answer = BooleanEquals === true ? Variable.split('.').at(-1) : StringEquals;
        if (answer !== undefined) expect(unescapeXml(groups.get(`${from}->${Next}`) ?? '')).toContain(answer);
      }
    }
  });

  test('dashed where only an error leads, and nowhere else', () => {
    const groups = readGroups(picture, 'transition');
    const dashed = groups.filter(([, drawn]) => drawn.includes('stroke-dasharray')).map(([title]) => title);
    const caught = states.flatMap(([from, { Next, Catch = [] }]) =>
      Catch.filter((way) => way.Next !== Next).map((way) => `${from}->${way.Next}`),
    );
    expect(dashed.sort()).toEqual([...new Set(caught)].sort());
  });

  test('words for those who do not see it, and nothing before the element itself', () => {
    expect(picture).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" role="img" aria-labelledby="title /,
    );
    expect(picture).toContain(`<title id="title">${title}</title>`);
    const ends = states.filter(([, { Type }]) => ['Succeed', 'Fail'].includes(Type)).map(([name]) => name);
    expect(picture).toMatch(
      new RegExp(`<desc id="description">[^<]*${definition.StartAt}[^<]*ends in ${ends.join(' or ')}\\.<`),
    );
    expect(picture.trimEnd().endsWith('</svg>')).toBe(true);
  });

  test('no state covers another or leaves the frame', () => {
    const { boxes, width, height } = layOut(definition);
    for (const a of boxes) {
      expect(a.x - a.width / 2).toBeGreaterThan(0);
      expect(a.x + a.width / 2).toBeLessThan(width);
      expect(a.y + a.height / 2).toBeLessThan(height);
      for (const b of boxes) {
        const isApart =
          Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2;
        expect({ a: a.name, b: b.name, isApart }).toMatchObject({ isApart: a !== b });
      }
    }
  });

  test('each state has an arrow that ends at it, but the first', () => {
    const reached = layOut(definition).lines.filter(({ hasArrow }) => hasArrow);
    const ends = new Set(reached.map(({ transition }) => transition.to));
    expect([...ends].sort()).toEqual(
      states
        .map(([name]) => name)
        .filter((name) => name !== definition.StartAt)
        .sort(),
    );
  });

  test('a state renamed in the definition: the picture follows', async () => {
    const name = Object.hasOwn(definition.States, 'RestoreCluster') ? 'RestoreCluster' : 'ReadClock';
    const text = JSON.stringify(definition).replaceAll(`"${name}"`, '"Prove<It>"');
    const renamed = await renderPicture(JSON.parse(text), title);
    expect(renamed).toContain('Prove&lt;It&gt;');
    expect(renamed).not.toContain(`${name}</text>`);
  });
});
