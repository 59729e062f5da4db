import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { listBlocks, readBlocks, readPages, withoutBlocks } from './pages.ts';
import { recordScript } from './recorded.ts';

type Step = { number: number; text: string; script: string };

const page = 'docs/runbook.md';
const runbook = await readFile(page, 'utf8');

const readSteps = (section: string): Step[] =>
  section
    .split(/^(?=\d+\. )/m)
    .slice(1)
    .map((text) => {
      const blocks = listBlocks(new Map([[page, text]]), 'sh');
      return {
        number: Number.parseInt(text, 10),
        text: withoutBlocks(text),
        script: blocks.map((block) => block.text).join('\n'),
      };
    });

const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), readSteps(section)] as const),
);

/** "[name](runbook.md#name), step 4": a page sends the reader into the middle of a section. */
const linkPattern = /\]\((?:runbook\.md)?#([\w-]+)\), steps? (\d+)/g;

const links = [...(await readPages())].flatMap(([from, text]) =>
  [...withoutBlocks(text).matchAll(linkPattern)].map(([, section = '', step]) => ({
    from,
    section,
    done: 0,
    next: Number(step),
  })),
);

/** "go on with step 4": a step skips others. */
const jumps = [...sections].flatMap(([section, steps]) =>
  steps.flatMap(({ number, text }) =>
    [...text.replace(linkPattern, '').matchAll(/\bstep (\d+)/g)].map(([, step]) => ({
      from: page,
      section,
      done: number,
      next: Number(step),
    })),
  ),
);

const named = [...links, ...jumps.filter(({ done, next }) => next > done + 1)].map(
  (jump) => [`${jump.section}: from ${jump.done || jump.from} to step ${jump.next}`, jump] as const,
);

test('links into a section, and steps that leave out others: there are some', () => {
  expect(links.length).toBeGreaterThan(5);
  expect(named.length).toBeGreaterThan(links.length);
  expect(readBlocks(page, runbook).length).toBeGreaterThan(40);
});

describe.skipIf(process.platform !== 'linux')('under a shell that writes the commands down', () => {
  test.each(named)('%s: there is one, and no variable is missing from there on', async (_name, jump) => {
    const steps = sections.get(jump.section) ?? [];
    expect(steps.map(({ number }) => number)).toContain(jump.next);
    const left = steps.filter(({ number }) => number <= jump.done || number >= jump.next);
    const { code, stderr } = await recordScript(left.map(({ script }) => script).join('\n'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
