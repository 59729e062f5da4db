import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

test('docs/dependencies.md: every dependency of package.json, and no other', async () => {
  const { dependencies, devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  const listed = (await readFile('docs/dependencies.md', 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| package'))
    .flatMap((line) => (line.split('|')[1] ?? '').replace('(osls)', '').split(','))
    .map((name) => name.trim());
  expect(listed.sort()).toEqual([...Object.keys(dependencies), ...Object.keys(devDependencies)].sort());
});
