import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folders = ['shared', 'functions', 'config', 'statemachines'];

test('what is deployed: no ARN in it names a partition', async () => {
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name)),
    ),
  );
  const named: string[] = [];
  for (const file of ['serverless.yml', ...files.flat()]) {
    const lines = (await readFile(file, 'utf8')).split('\n');
    const code = lines.filter((line) => !/^\s*(#|\/\/|\/?\*)/.test(line));
    named.push(
      ...code.filter((line) => /arn:aws(-cn|-us-gov)?:/.test(line)).map((line) => `${file}: ${line}`),
    );
  }
  expect(files.flat().length).toBeGreaterThan(150);
  expect(named).toEqual([]);
});
