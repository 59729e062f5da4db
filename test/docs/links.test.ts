import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPages, withoutBlocks } from './pages.ts';

const pages = await readPages();

/** As GitHub makes them: lower case, no punctuation, hyphens for blanks, and a number after a repeated one. */
const listAnchors = (text: string): string[] => {
  const seen = new Map<string, number>();
  return [...withoutBlocks(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
};

/** A page's links, without its code. */
const listLinks = (text: string): string[] => {
  const prose = withoutBlocks(text).replace(/(?<!\[)`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
};

const isOutside = (target: string): boolean => /^[a-z]+:/.test(target);

/** The page or file that a link leads to, and the anchor in it. */
const resolve = (page: string, target: string): { path: string; anchor: string | undefined } => {
  const [path = '', anchor] = target.split('#');
  return { path: path === '' ? page : normalize(join(dirname(page), path)), anchor };
};

const links = [...pages].flatMap(([page, text]) =>
  listLinks(text).map((target) => [`${page} -> ${target}`, page, target] as const),
);

test.each(links.filter(([, , target]) => !isOutside(target)))(
  '%s: leads somewhere',
  (_name, page, target) => {
    const { path, anchor } = resolve(page, target);
    expect(existsSync(path), `${path} is not there`).toBe(true);
    if (anchor === undefined) return;
    expect(statSync(path).isFile()).toBe(true);
    expect(listAnchors(pages.get(path) ?? '')).toContain(anchor);
  },
);

test('pictures: each with words for those who do not see it', () => {
  const pictures = [...pages].flatMap(([page, text]) =>
    [...withoutBlocks(text).matchAll(/!\[([^\]]*)\]\(([^)]*)\)/g)].map(([, words, path]) => [
      page,
      path,
      words,
    ]),
  );
  expect(pictures.length).toBeGreaterThan(0);
  expect(pictures.filter(([, , words]) => (words ?? '').length < 20)).toEqual([]);
});

test('links out of the project: over https', () => {
  const outside = links.map(([, , target]) => target).filter(isOutside);
  expect(outside.filter((target) => !target.startsWith('https://'))).toEqual([]);
});

test('every page: reachable from README', () => {
  const reached = new Set(['README.md']);
  for (const page of reached) {
    for (const target of listLinks(pages.get(page) ?? '')) {
      const { path } = resolve(page, target);
      if (!isOutside(target) && pages.has(path)) reached.add(path);
    }
  }
  expect([...pages.keys()].filter((page) => !reached.has(page))).toEqual([]);
});

describe('anchors', () => {
  test.each([
    ['# What a `finding` means?', ['what-a-finding-means']],
    ['## rds-snapshot-age-over-26h', ['rds-snapshot-age-over-26h']],
    ['## Same\n\n## Same', ['same', 'same-1']],
    ['## A, b & [c](d.md)', ['a-b--c']],
    ['```sh\n# no heading\n```', []],
  ])('%j', (text, anchors) => {
    expect(listAnchors(text)).toEqual(anchors);
  });
});
