import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { renderPosturePage } from '../../local/documents/posture-page.ts';
import { postureRules } from '../../shared/plan/posture.ts';
import { defaultPosture, posture } from '../../shared/plan/posture-settings.ts';
import { type Control, controls } from '../../shared/posture/controls.ts';
import { readTable } from './pages.ts';

const page = await readFile('docs/posture.md', 'utf8');

test('docs/posture.md: its rules and what others call them are as the code has them', () => {
  expect(page, 'docs/posture.md is out of date: run `npm run -s posture-page`').toBe(renderPosturePage(page));
});

test('docs/posture.md without its marks: an error that names them', () => {
  expect(() => renderPosturePage('# Posture')).toThrow('no part between <!-- made: rules --> and <!-- end');
});

test('docs/posture.md: every key of a posture with its default', () => {
  const written = readTable(page, 'key of `posture`').map(([key = '', value = '']) => [
    key.replaceAll('`', ''),
    value,
  ]);
  const defaults = new Map(Object.entries(defaultPosture));
  const expected = Object.keys(posture.shape).map((key) => {
    const value = defaults.get(key);
    return [key, typeof value === 'number' ? String(value) : 'none'];
  });
  expect(written.toSorted()).toEqual(expected.toSorted());
});

const all = postureRules.flatMap((rule) =>
  controls[rule].map((control): [string, Control] => [rule, control]),
);

/** Where the page of each owner names the id. */
const endings: Record<Control['by'], (control: Control) => RegExp> = {
  'AWS Security Hub': ({ id }) =>
    new RegExp(`securityhub/.*/rds-controls\\.html#${id.toLowerCase().replace('.', '-')}$`),
  'AWS Config': ({ id, note }) =>
    note === 'a rule of Security Hub alone'
      ? /securityhub\/.*\/rds-controls\.html#rds-\d+$/
      : new RegExp(`config/latest/developerguide/${id}\\.html$`),
  Prowler: ({ id }) => new RegExp(`prowler/providers/aws/services/rds/${id}$`),
  'CIS AWS Foundations': () => /securityhub\/.*\/rds-controls\.html#rds-\d+$/,
};

describe('controls', () => {
  test.each(all)('%s: %o has a source that names it', (_, control) => {
    expect(control.source).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|github\.com\/prowler-cloud)\//);
    expect(control.source).toMatch(endings[control.by](control));
  });

  test('a rule names no control twice, and a section of CIS says of which version', () => {
    for (const rule of postureRules) {
      const ids = controls[rule].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
    const sections = all.filter(([, { by }]) => by === 'CIS AWS Foundations').map(([, { id }]) => id);
    for (const section of sections) expect(section).toMatch(/^\d+(\.\d+)+ of v\d+\.\d+\.\d+$/);
  });
});
