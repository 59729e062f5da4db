import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BacktrackSettings } from '../../../local/aurora/backtracks.ts';
import { addSeconds, isAfter } from '../../../shared/instants.ts';
import { type Backtracked, cluster, now, startBacktracked } from '../backtracked.ts';
import { listWorlds } from '../command.ts';
import { hasMariadb } from '../mariadb.ts';
import { until } from '../world.ts';

describe.skipIf(!hasMariadb)('Backtrack on MariaDB that is refused or goes wrong', () => {
  let here: Backtracked;
  beforeAll(async () => {
    here = await startBacktracked();
  });
  afterAll(() => here?.world.keeper.close());

  test.each<[string, (created: string) => string, Partial<BacktrackSettings>, string]>([
    [
      'the binary log has consumers',
      now,
      { hasBinlogConsumers: true },
      'writes a binary log: only with Force',
    ],
    ['a time to come', () => addSeconds(now(), 60), {}, 'is not in the Backtrack window'],
    [
      'a time before the creation',
      (created) => addSeconds(created, -60),
      {},
      'is not in the Backtrack window',
    ],
    ['a time before the target', () => addSeconds(now(), -3), { targetSeconds: 1 }, 'the Backtrack window'],
    ['the store was overrun', () => addSeconds(now(), -1), { capacityBytes: 0 }, 'the Backtrack window'],
  ])('%s: refused, and nothing happens', async (_, chooseTime, settings, answer) => {
    const aurora = here.startAurora(settings);
    const to = chooseTime(here.world.source.createdAt);
    await expect(aurora.backtrackCluster({ cluster, to })).rejects.toMatchObject({
      name: 'RequestRefused',
      summary: expect.stringContaining(answer),
    });
    expect(await aurora.listBacktracks(cluster)).toEqual([]);
    expect(await aurora.findCluster(cluster)).toMatchObject({ status: 'available' });
  });

  test('without Backtrack: refused, no window, no rewinds', async () => {
    const { aurora } = here.world;
    await expect(aurora.backtrackCluster({ cluster, to: now() })).rejects.toMatchObject({
      name: 'RequestRefused',
      summary: expect.stringContaining('Backtrack is not enabled for prod-shop'),
    });
    expect(await aurora.findCluster(cluster)).toMatchObject({ backtrack: null });
    expect(await aurora.listBacktracks(cluster)).toEqual([]);
  });

  test('said to be ten minutes older: so are its creation, its event and its window', async () => {
    const aurora = here.startAurora({ olderSeconds: 600 });
    const { createdAt, archive } = here.world.source;
    const [created, earliest] = [createdAt, archive.earliestRestorableTime].map((at) => addSeconds(at, -600));
    expect(await aurora.findCluster(cluster)).toMatchObject({
      createdAt: created,
      backtrack: { targetSeconds: 3600, earliestTime: earliest },
    });
    const asked = { cluster, from: addSeconds(now(), -3600), to: now() };
    expect(await aurora.listClusterEvents(asked)).toEqual([{ at: created, message: 'DB cluster created' }]);
    expect(await aurora.listClusterEvents({ ...asked, from: addSeconds(now(), -60) })).toEqual([]);
  });

  test('the answer is lost: the rewind goes on, and is in the list', async () => {
    const aurora = here.startAurora({ fault: 'lost-answer' });
    const { at, sum } = await here.step("update orders set item = 'good'");
    await here.step("update orders set item = 'bad'");
    await expect(aurora.backtrackCluster({ cluster, to: at })).rejects.toMatchObject({
      name: 'AwsUnavailable',
    });
    expect(await here.follow(aurora)).toMatchObject({ status: 'completed' });
    expect(await here.sumUp()).toBe(sum);
    expect(await aurora.listBacktracks(cluster)).toHaveLength(1);
  });

  test('it fails: listed as failed, an event says why, the server answers with what it had; asked again, it works', async () => {
    const aurora = here.startAurora({ fault: 'failed' });
    const good = await here.step("update orders set item = 'good'");
    const bad = await here.step("update orders set item = 'bad'");
    expect(await here.rewind(aurora, good.at)).toMatchObject({ status: 'failed', to: good.at });
    expect(await here.sumUp()).toBe(bad.sum);
    expect(here.events).toEqual([expect.stringMatching(/^prod-shop: recovery ended .* the archive lacks/)]);
    expect(await here.rewind(aurora, good.at)).toMatchObject({ status: 'completed' });
    expect(await here.sumUp()).toBe(good.sum);
  });

  test('another time is reached, after the damage: the list says which', async () => {
    const aurora = here.startAurora({ fault: 'other-time' });
    const good = await here.step("update orders set item = 'good'");
    const bad = await here.step("update orders set item = 'bad'");
    const { to } = await here.rewind(aurora, good.at);
    expect(isAfter(to, good.at)).toBe(true);
    expect(await here.sumUp()).toBe(bad.sum);
  });

  test('a batch job overruns the store: the earliest time moves up, and the one before it is refused', async () => {
    const aurora = here.startAurora({ capacityBytes: 1_000_000 });
    const readEarliest = async () => (await aurora.findCluster(cluster))?.backtrack?.earliestTime ?? '';
    const before = await readEarliest();
    const batch = 'create or replace table heap select seq, repeat("x", 2000) as x from seq_1_to_1000';
    await until(
      () => here.step(batch).then(readEarliest),
      (earliest) => isAfter(earliest, before),
    );
    await expect(aurora.backtrackCluster({ cluster, to: before })).rejects.toThrow('the Backtrack window');
  });

  test('a snapshot is being taken: the rewind waits for its end', async () => {
    const aurora = here.startAurora();
    const { at } = await here.step("update orders set item = 'good'");
    await aurora.takeSnapshot({ cluster, identifier: 'amid', tags: {} });
    expect(await here.rewind(aurora, at)).toMatchObject({ status: 'completed' });
    expect(await aurora.findSnapshot('amid')).toMatchObject({ status: 'available' });
  });

  test('the window overtakes the time just before the call: refused, and the window says so', async () => {
    const aurora = here.startAurora({ fault: 'overtaken' });
    const to = addSeconds(now(), -1);
    await expect(aurora.backtrackCluster({ cluster, to })).rejects.toMatchObject({ name: 'RequestRefused' });
    expect(isAfter((await aurora.findCluster(cluster))?.backtrack?.earliestTime ?? '', to)).toBe(true);
    expect(await aurora.listBacktracks(cluster)).toEqual([]);
  });

  test('the process is killed in the middle: no server and no folder is left', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'killed-'));
    await chmod(folder, 0o711);
    const child = spawn(process.execPath, ['test/local/rewound.ts'], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // It also ends by itself, if it says nothing.
    await new Promise((resolve) => child.stdout.once('data', resolve).once('end', resolve));
    expect(child.kill('SIGKILL')).toBe(true);
    expect(await listWorlds(folder)).not.toEqual([]);
    await until(
      () => listWorlds(folder),
      (worlds) => worlds.length === 0,
    );
    await rm(folder, { recursive: true });
  });
});
