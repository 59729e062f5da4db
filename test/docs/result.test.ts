import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { FiledResult } from '../../shared/history/source-posture.ts';

test('docs/result.md: describes every key of its example, and no other', async () => {
  const text = await readFile('docs/result.md', 'utf8');
  const example: FiledResult = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '');
  const described = text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, key]) => key));
  expect(described.sort()).toEqual(Object.keys(example).sort());
});
