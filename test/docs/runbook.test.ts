import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { listBlocks } from './pages.ts';

const page = 'docs/runbook.md';
const text = await readFile(page, 'utf8');
const sections = text
  .split(/^## /m)
  .slice(1)
  .map((section) => {
    const [name = '', ...lines] = section.split('\n');
    return { name, body: lines.join('\n').trim() };
  });

/** The numbered steps of a section, each with its text. */
const readSteps = (body: string): string[] => body.split(/^(?=\d+\. )/m).filter((step) => /^\d/.test(step));

test('its first line is the question that matters most, and its command follows at once', () => {
  const [title, ...rest] = text.split('\n');
  expect(title).toBe('# Is the newest snapshot younger than 26 hours?');
  const before = rest
    .slice(0, rest.indexOf('```sh'))
    .filter((line) => line !== '' && !line.startsWith('<!--'));
  expect(before).toEqual([]);
  expect(listBlocks(new Map([[page, text]]), 'sh')[0]?.text).toContain('describe-db-cluster-snapshots');
});

describe.each(sections)('$name', ({ body }) => {
  test('begins with what to do: a command, or a step that has one', () => {
    expect(body).toMatch(/^(1\. |<!-- [^\n]* -->\n```sh\n)/);
  });

  test('every step asks in one line, and gives its command next', () => {
    for (const step of readSteps(body)) {
      expect(step).toMatch(/^\d+\. [^\n]{1,110}\n\n {3}<!-- [^\n]* -->\n {3}```sh\n/);
    }
  });

  test('its steps are numbered from 1', () => {
    const numbers = readSteps(body).map((step) => Number.parseInt(step, 10));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});

test('sections and steps are found at all', () => {
  expect(sections.length).toBeGreaterThan(19);
  expect(sections.flatMap(({ body }) => readSteps(body)).length).toBeGreaterThan(40);
});
