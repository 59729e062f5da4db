import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reachesSecond } from '../../../local/servers/binlog-events.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'binlog-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An event with 30 bytes of its own. */
const event = (second: number): Buffer => {
  const bytes = Buffer.alloc(49);
  bytes.writeUInt32LE(second, 0);
  bytes.writeUInt32LE(bytes.length, 9);
  return bytes;
};

const write = async (...parts: Buffer[]): Promise<string> => {
  const path = join(folder, 'binlog.000001');
  await writeFile(path, Buffer.concat([Buffer.from([0xfe, 0x62, 0x69, 0x6e]), ...parts]));
  return path;
};

// As signed numbers, seconds after 2038 would be negative.
test.each([
  [[], 5, false],
  [[5], 5, true],
  [[4, 5, 4], 5, true],
  [[4, 3, 4], 5, false],
  [[6], 5, true],
  [[3_000_000_000], 2_999_999_999, true],
  [[2_999_999_999], 3_000_000_000, false],
])('log with events of seconds %j, asked for second %i: %s', async (seconds, asked, expected) => {
  expect(await reachesSecond(await write(...seconds.map(event)), asked)).toBe(expected);
});

test('last event cut short: an error, and no answer', async () => {
  const path = await write(event(4), event(9).subarray(0, 30));
  await expect(reachesSecond(path, 5)).rejects.toThrow('ends in the middle of an event');
});

test('header cut short: an error, and no answer', async () => {
  const path = await write(event(4), event(9).subarray(0, 10));
  await expect(reachesSecond(path, 5)).rejects.toThrow('ends in the middle of an event');
});

test('another kind of file: an error', async () => {
  const path = join(folder, 'other');
  await writeFile(path, 'select 1;');
  await expect(reachesSecond(path, 5)).rejects.toThrow('is no binary log');
});
