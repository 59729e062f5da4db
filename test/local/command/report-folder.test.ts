import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  fileLocally,
  fileRecoveryLocally,
  folderReports,
  readPostureLocally,
  writeReport,
} from '../../../local/command/report-folder.ts';
import { parseHistory } from '../../../shared/history/document.ts';
import { renderHistory } from '../../../shared/history/page.ts';
import { formatPosture } from '../../../shared/posture/document.ts';
import { makeDrill, makeDrills } from '../../shared/history/history-fixture.ts';
import { checkedAt, makeCluster, makePosture } from '../../shared/posture/posture-fixture.ts';
import { makeRecovery } from '../../shared/recovery/recovery-fixture.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'aurora-drills-reports-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const readIn = (name: string) => readFile(join(root, name), 'utf8');
const twenty = makeDrills(20);
const expectAllTwenty = async (): Promise<void> => {
  const index = parseHistory(await readIn('index.json'));
  expect(index.drills.map(({ drillId }) => drillId)).toEqual(twenty.map(({ drillId }) => drillId).reverse());
  expect((await readIn('index.html')) === renderHistory(index)).toBe(true);
  const folders = twenty.map(({ drillId }) => drillId);
  expect((await readdir(root)).sort()).toEqual([...folders, 'index.html', 'index.json']);
};

describe('filing', () => {
  test('a drill: a folder by its id with the two files, the history beside it, and no other file', async () => {
    await fileLocally(root)(makeDrill(0));
    const names = await readdir(root, { recursive: true });
    expect(names.sort()).toEqual([
      '00000000',
      '00000000/report.html',
      '00000000/result.json',
      'index.html',
      'index.json',
    ]);
    expect(await readIn('index.html')).toContain('href="./00000000/report.html"');
  });

  test('a posture.json in the folder: of the source; none without it', async () => {
    expect(await readPostureLocally(root)('shop')).toBeNull();
    await writeFile(join(root, 'posture.json'), formatPosture(makePosture([makeCluster('shop')])));
    expect(await readPostureLocally(root)('shop')).toMatchObject({ value: { checkedAt, cluster: 'shop' } });
  });

  test('a recovery: a folder by its id beside the drills, and a line in the same history', async () => {
    await fileLocally(root)(makeDrill(0));
    const recovery = makeRecovery();
    await fileRecoveryLocally(root)(recovery);
    expect(JSON.parse(await readIn(`${recovery.id}/result.json`))).toEqual(recovery);
    const page = await readIn('index.html');
    for (const id of ['00000000', recovery.id]) expect(page).toContain(`href="./${id}/report.html"`);
  });

  test('20 drills at once in one process: none is lost', async () => {
    await Promise.all(twenty.map(fileLocally(root)));
    await expectAllTwenty();
  });

  test('20 drills at once, each in a process of its own: none is lost', async () => {
    const script = join(import.meta.dirname, 'file-one-drill.ts');
    const file = (_: unknown, number: number) =>
      promisify(execFile)(process.execPath, [script, root, String(number)]);
    await Promise.all(twenty.map(file));
    await expectAllTwenty();
  });

  test('an index that is not ours: the error names its path, and it stands as it was', async () => {
    await writeFile(join(root, 'index.json'), 'mine');
    await expect(fileLocally(root)(makeDrill(0))).rejects.toMatchObject({
      name: 'ReportNotFiled',
      summary: expect.stringContaining(`${join(root, 'index.json')} is not a history`),
    });
    expect(await readIn('index.json')).toBe('mine');
    expect(await readIn('00000000/result.json')).toContain('"drillId": "00000000"');
  });
});

test('a report in a folder of its own: the two files there, and no history', async () => {
  const folder = join(root, 'deep', 'down');
  await writeReport(folder, makeDrill(0));
  expect((await readdir(folder)).sort()).toEqual(['report.html', 'result.json']);
});

describe('the port', () => {
  test('replace: only on the version that is there, null where there is none', async () => {
    const reports = folderReports(root);
    expect(await reports.findVersion('a.json')).toBeNull();
    expect(await reports.read('a.json')).toBeNull();
    expect(await reports.replace('a.json', 'one', 'a version')).toBe(false);
    expect(await reports.replace('a.json', 'one', null)).toBe(true);
    expect(await reports.replace('a.json', 'two', null)).toBe(false);
    const version = await reports.findVersion('a.json');
    expect(await reports.read('a.json')).toEqual({ text: 'one', version });
    expect(await reports.replace('a.json', 'two', version)).toBe(true);
    expect(await reports.replace('a.json', 'three', version)).toBe(false);
    expect(await readIn('a.json')).toBe('two');
  });

  test('replaced on the same version by many at once: one wins', async () => {
    const reports = folderReports(root);
    await reports.write('a.json', 'start');
    const version = await reports.findVersion('a.json');
    const all = Array.from({ length: 10 }, (_, number) => reports.replace('a.json', `${number}`, version));
    const won = (await Promise.all(all)).flatMap((isReplaced, number) => (isReplaced ? [`${number}`] : []));
    expect(won).toHaveLength(1);
    expect([await readIn('a.json')]).toEqual(won);
  });

  test('a folder stands where a file belongs: each verb fails and names the path, and leaves nothing', async () => {
    const path = join(root, 'a.json');
    await mkdir(path);
    const reports = folderReports(root);
    const summary = (verb: string) => expect.stringContaining(`cannot ${verb} ${path}: E`);
    const name = 'ReportNotFiled';
    await expect(reports.write('a.json', '')).rejects.toMatchObject({ name, summary: summary('write') });
    await expect(reports.read('a.json')).rejects.toMatchObject({ name, summary: summary('read') });
    await expect(reports.findVersion('a.json')).rejects.toMatchObject({ name, summary: summary('read') });
    await expect(reports.replace('a.json', '', null)).rejects.toMatchObject({ name });
    expect(await readdir(root)).toEqual(['a.json']);
  });

  test('a lock that nobody gives back: fails and names it', async () => {
    const lock = join(root, '.a.json.lock');
    await symlink('1@another-machine', lock);
    await expect(folderReports(root, 0).replace('a.json', '', null)).rejects.toMatchObject({
      name: 'ReportNotFiled',
      summary: `1@another-machine holds ${lock} and does not release it`,
      hint: expect.stringContaining(`delete ${lock}`),
    });
  });
});
