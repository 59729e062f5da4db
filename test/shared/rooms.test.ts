import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mayImport, readImports } from '../../local/documents/rooms.ts';
import { renderRooms, roomsPictureFile } from '../../local/documents/rooms-picture.ts';

const describeViolations = ({ summary }: ICruiseResult): string[] =>
  summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);

describe('the code as it is', () => {
  let result: ICruiseResult;
  beforeAll(async () => {
    result = await readImports('.', ['functions', 'shared', 'local', 'bench']);
  });

  test('every import is one that its room may have', () => {
    expect(describeViolations(result)).toEqual([]);
  });

  test('each import is seen, of types too', async () => {
    const text = await readFile('shared/drill/state.ts', 'utf8');
    const seen = result.modules.find(({ source }) => source === 'shared/drill/state.ts')?.dependencies;
    expect(seen).toHaveLength(text.match(/^import /gm)?.length ?? Number.NaN);
  });

  test('every package is found, so that the rules see it', () => {
    const deployed = result.modules.filter(({ source }) => /^(functions|shared)\//.test(source));
    const found = deployed.flatMap(({ dependencies }) => dependencies.map(({ resolved }) => resolved));
    for (const name of ['@aws-sdk/client-rds', '@middy/core', 'pg', 'mysql2', 'zod'])
      expect(found).toContainEqual(expect.stringMatching(`^node_modules/${name}/`));
  });

  test('ten files at the top of shared/ at most, and 25 in a room', async () => {
    const entries = await readdir('shared', { recursive: true, withFileTypes: true });
    const counts = new Map<string, number>();
    for (const { parentPath } of entries.filter((entry) => entry.isFile())) {
      counts.set(parentPath, (counts.get(parentPath) ?? 0) + 1);
    }
    const full = [...counts].filter(([folder, files]) => files > (folder === 'shared' ? 10 : 25));
    expect(full).toEqual([]);
    const rooms = [...counts.keys()].map((folder) => folder.replace(/^shared\/?/, ''));
    expect(rooms.filter((room) => room !== '').sort()).toEqual(Object.keys(mayImport).sort());
  });

  test('pure modules read no clock, no lot and no environment', async () => {
    const entries = await readdir('shared', { recursive: true });
    const edges = /^(aws|database\/(postgres|mysql))\/|^clock\.ts$/;
    for (const file of entries.filter((name) => name.endsWith('.ts') && !edges.test(name))) {
      const text = await readFile(join('shared', file), 'utf8');
      const code = text.replace(/\/\*\*?[\s\S]*?\*\/|\/\/.*/g, '');
      const found = code.match(
        /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bimport\(|\brandom(Int|Bytes|UUID)\b/g,
      );
      expect({ file, found }).toEqual({ file, found: null });
    }
  });

  test('the table and the picture in CONTRIBUTING: as the rules and the code are', async () => {
    const page = await readFile('CONTRIBUTING.md', 'utf8');
    for (const [room, others] of Object.entries(mayImport)) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${room}/\` |`)) ?? '';
      expect([room, row.split('|').at(-2)?.trim()]).toEqual([room, others.join(', ') || '-']);
    }
    expect(page).toContain(`(${roomsPictureFile})`);
    expect(await renderRooms()).toBe(await readFile(roomsPictureFile, 'utf8'));
  });
});

describe('imports that a room may not have', () => {
  let folder: string;

  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aurora-drills-rooms-'));
    for (const name of ['@aws-sdk/client-rds', 'pg']) {
      await write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
      await write(`node_modules/${name}/index.js`, 'module.exports = {};');
    }
    for (const path of [
      'aurora/port',
      'database/port',
      'aws/rds',
      'drill/state',
      'database/resolved-host',
      'words',
    ]) {
      await write(`shared/${path}.ts`, 'export const one = 1;\nexport type One = number;\n');
    }
    await write('shared/job/state.ts', 'export const one = 1;\n');
    await write('functions/drill/one.ts', 'export const one = 1;\n');
    await write('local/one.ts', 'export const one = 1;\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    ['a pure room and a client of AWS', 'shared/job/x.ts', '@aws-sdk/client-rds', 'pure-without-sdk'],
    ['a pure room and a driver', 'shared/truth/x.ts', 'pg', 'pure-without-sdk'],
    ['a pure room and files', 'shared/plan/x.ts', 'node:fs/promises', 'pure-without-system'],
    ['a pure room and a process', 'shared/report/x.ts', 'node:child_process', 'pure-without-system'],
    ['a pure room and a pause', 'shared/plan/x.ts', 'node:timers/promises', 'pure-without-system'],
    [
      'a pure module and an edge of its room',
      'shared/database/x.ts',
      './resolved-host.ts',
      'pure-without-edge',
    ],
    ['a package that is not there', 'shared/aws/x.ts', '@aws-sdk/client-none', 'found'],
    ['a pure room and an edge', 'shared/teardown/x.ts', '../aws/rds.ts', 'room-teardown'],
    ['truth and Aurora', 'shared/truth/x.ts', '../aurora/port.ts', 'room-truth'],
    ['a report and a database', 'shared/report/x.ts', '../database/port.ts', 'room-report'],
    ['the shared steps and drills', 'shared/job/x.ts', '../drill/state.ts', 'room-job'],
    ['a room that nobody knows', 'shared/utils/x.ts', '../words.ts', 'known-room'],
    ['a word at the top and a room', 'shared/x.ts', './job/state.ts', 'top-alone'],
    ['a function and another', 'functions/copy/x.ts', '../drill/one.ts', 'functions-alone'],
    ['shared and local', 'shared/stack/x.ts', '../../local/one.ts', 'shared-inwards'],
  ])('%s: refused', async (_, path, specifier, rule) => {
    await write(path, `import { one } from '${specifier}';\nexport const two = one;\n`);
    const violations = describeViolations(await readImports(folder, ['functions', 'shared', 'local']));
    await rm(join(folder, path));
    expect(violations).toContainEqual(expect.stringContaining(`${rule}: ${path}`));
  });

  test('an import of a type alone: refused too', async () => {
    await write(
      'shared/truth/x.ts',
      "import type { One } from '../aurora/port.ts';\nexport type Two = One;\n",
    );
    const violations = describeViolations(await readImports(folder, ['shared']));
    await rm(join(folder, 'shared/truth/x.ts'));
    expect(violations).toEqual(['room-truth: shared/truth/x.ts -> shared/aurora/port.ts']);
  });

  test('two files and each other: refused', async () => {
    await write('shared/plan/x.ts', "export { two as one } from './y.ts';\n");
    await write('shared/plan/y.ts', "export { one as two } from './x.ts';\n");
    const violations = describeViolations(await readImports(folder, ['shared']));
    await rm(join(folder, 'shared/plan'), { recursive: true });
    expect(violations).toContain('no-circle: shared/plan/x.ts -> shared/plan/y.ts');
  });

  test('none of these: nothing is refused', async () => {
    expect(describeViolations(await readImports(folder, ['functions', 'shared', 'local']))).toEqual([]);
  });
});
