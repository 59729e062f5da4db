import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../../local/command/file-lock.ts';

let folder: string;
let lock: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aurora-drills-lock-'));
  lock = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The id of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ['--version']).pid;
const refused = { name: 'ReportNotFiled' };
const done = async () => 'done';

test('while it acts the lock names this process; afterwards it is gone', async () => {
  expect(await withLock(lock, () => readlink(lock))).toBe(`${process.pid}@${hostname()}`);
  expect(await readdir(folder)).toEqual([]);
});

test('what it does fails: that error is passed on, and the lock is gone', async () => {
  const fail = () => Promise.reject(new Error('disk full'));
  await expect(withLock(lock, fail)).rejects.toThrow('disk full');
  expect(await readdir(folder)).toEqual([]);
});

test('many at once: one after the other', async () => {
  let acting = 0;
  let most = 0;
  const act = async () => {
    acting += 1;
    most = Math.max(most, acting);
    await readdir(folder);
    acting -= 1;
  };
  await Promise.all(Array.from({ length: 20 }, () => withLock(lock, act)));
  expect(most).toBe(1);
});

test('the holder was killed: one of many takes the lock over, and they act one after the other', async () => {
  await symlink(`${deadPid()}@${hostname()}`, lock);
  let acting = 0;
  const act = async () => {
    acting += 1;
    await readdir(folder);
    expect(acting--).toBe(1);
  };
  await Promise.all(Array.from({ length: 20 }, () => withLock(lock, act)));
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['a process that lives', () => `${process.ppid}@${hostname()}`],
  ['a process of another machine, of which nobody here can tell', () => `${deadPid()}@elsewhere`],
  ['something unknown', () => 'x'],
])('held by %s: is left alone, and the error names it', async (_, nameHolder) => {
  const holder = nameHolder();
  await symlink(holder, lock);
  const summary = `${holder} holds ${lock} and does not release it`;
  await expect(withLock(lock, done, 0)).rejects.toMatchObject({ ...refused, summary });
  expect(await readlink(lock)).toBe(holder);
});

test('a file stands in the way: is left alone, and the error names it', async () => {
  await writeFile(lock, 'mine');
  const summary = `somebody holds ${lock} and does not release it`;
  await expect(withLock(lock, done, 0)).rejects.toMatchObject({ ...refused, summary });
});

test('who took over was killed while it did: nobody else removes the lock, and the error names what to delete', async () => {
  const dead = `${deadPid()}@${hostname()}`;
  await symlink(dead, lock);
  await symlink(dead, `${lock}.stale`);
  await expect(withLock(lock, done, 0)).rejects.toMatchObject({
    ...refused,
    hint: `when no drill is running on this machine, delete ${lock}, and ${lock}.stale if it is there`,
  });
  expect(await readlink(lock)).toBe(dead);
});
