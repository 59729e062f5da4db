import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { DrillResult } from '../../shared/drill/document.ts';

test('docs/result.md: describes every key of its example, and no other', async () => {
  const text = await readFile('docs/result.md', 'utf8');
  const example: DrillResult = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '');
  const described = text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, key]) => key));
  expect(described.sort()).toEqual(Object.keys(example).sort());
});
