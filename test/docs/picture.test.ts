import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { layOut } from '../../local/documents/machine-layout.ts';
import { pictureFile, renderPicture } from '../../local/documents/machine-picture.ts';
import { readDrillDefinition } from '../../local/machine/drill.ts';

type State = {
  Next?: string;
  Catch?: { Next: string }[];
  Choices?: { Next: string; StringEquals?: string }[];
  Default?: string;
};

const definition = await readDrillDefinition();
const states = Object.entries(definition.States as unknown as Record<string, State>);
const picture = await renderPicture(definition);

const unescapeXml = (text: string): string => text.replaceAll('&#45;', '-').replace('&gt;', '>');

/** The groups of one kind, each with its title and its drawing. */
const readGroups = (svg: string, kind: 'state' | 'transition'): [title: string, drawn: string][] =>
  [...svg.matchAll(/<g id="\w+" class="\w+ (\w+)">\n<title>(.*?)<\/title>\n([\s\S]*?)<\/g>/g)]
    .filter(([, found]) => found === kind)
    .map(([, , title = '', drawn = '']) => [unescapeXml(title), drawn]);

test(`${pictureFile}: as the definition makes it now`, async () => {
  const stored = await readFile(pictureFile, 'utf8');
  expect(stored === picture, `${pictureFile} is out of date: run \`npm run picture\``).toBe(true);
});

test('the picture: every state once, with its name to read, and no other', () => {
  const groups = readGroups(picture, 'state');
  expect(groups.map(([title]) => title).sort()).toEqual(states.map(([name]) => name).sort());
  for (const [title, drawn] of groups) expect(drawn).toContain(`>${title}</text>`);
});

test('the picture: every transition of the definition, and no other', () => {
  const ways = states.flatMap(([from, { Next, Catch = [], Choices = [], Default }]) =>
    [Next, Default, ...[...Catch, ...Choices].map((way) => way.Next)]
      .filter((to) => to !== undefined)
      .map((to) => `${from}->${to}`),
  );
  const drawn = readGroups(picture, 'transition').map(([title]) => title);
  expect(drawn.toSorted()).toEqual([...new Set(ways)].sort());
});

test('the picture: every answer of a choice stands at its transition', () => {
  const groups = new Map(readGroups(picture, 'transition'));
  for (const [from, { Choices = [] }] of states) {
    for (const { Next, StringEquals } of Choices) {
      if (StringEquals !== undefined)
        expect(unescapeXml(groups.get(`${from}->${Next}`) ?? '')).toContain(StringEquals);
    }
  }
});

test('the picture: dashed where only an error leads, and nowhere else', () => {
  const groups = readGroups(picture, 'transition');
  const dashed = groups.filter(([, drawn]) => drawn.includes('stroke-dasharray')).map(([title]) => title);
  const caught = states.flatMap(([from, { Next, Catch = [] }]) =>
    Catch.filter((way) => way.Next !== Next).map((way) => `${from}->${way.Next}`),
  );
  expect(dashed.sort()).toEqual([...new Set(caught)].sort());
});

test('the picture: words for those who do not see it, and nothing before the element itself', () => {
  expect(picture).toMatch(
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" role="img" aria-labelledby="title /,
  );
  expect(picture).toContain('<title id="title">The state machine of a restore drill</title>');
  expect(picture).toMatch(/<desc id="description">[^<]*BeginDrill[^<]*ends in DrillPassed or DrillFailed\.</);
  expect(picture.trimEnd().endsWith('</svg>')).toBe(true);
});

test('the picture: no state covers another or leaves the frame', () => {
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

test('the picture: each state has an arrow that ends at it, but the first', () => {
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
  const text = JSON.stringify(definition).replaceAll('"VerifyRestore"', '"Prove<It>"');
  const renamed = await renderPicture(JSON.parse(text));
  expect(renamed).toContain('Prove&lt;It&gt;');
  expect(renamed).not.toContain('VerifyRestore</text>');
});
