import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clusterServers } from '../../../local/servers/cluster.ts';

let folder: string;
let stopped: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cluster-'));
  stopped = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const server = (name: string) => ({ stop: async () => void stopped.push(name) });

/** A cluster without servers. The reader `broken` cannot start. */
const recover = async () => {
  const keeper = { folder, watch: () => {}, forget: () => {}, close: async () => {} };
  const servers = clusterServers(
    'copy',
    {
      engine: 'postgres',
      owner: { user: {}, keeper, environment: {} },
      password: 'secret',
      earliestRestorableTime: '2026-11-19T02:00:00Z',
      recover: async () => {},
      startServer: async () => server('writer'),
      startReader: async (_, { data }) => {
        if (data.includes('broken')) throw new Error('no space left on device');
        return server('reader');
      },
      changePassword: async () => {},
      damage: async () => {},
    },
    null,
  );
  await servers.recover({ kind: 'point-in-time', restoreTo: '2026-11-19T02:13:00Z' });
  return servers;
};

test('reader asked for while no writer runs: refused, and nothing is made', async () => {
  const servers = await recover();
  await expect(servers.addReader('one')).rejects.toThrow('the writer of copy does not run');
  expect(await readdir(join(folder, 'copy'))).toEqual([]);
});

test('removed with its readers: these stop before their writer, and no folder is left', async () => {
  const servers = await recover();
  await servers.start('writer');
  await servers.addReader('one');
  await servers.addReader('two');
  await servers.remove();
  expect(stopped).toEqual(['reader', 'reader', 'writer']);
  expect([servers.listReaders(), await readdir(folder)]).toEqual([[], []]);
});

test('reader that cannot start: not listed, and another may take its name once it is removed', async () => {
  const servers = await recover();
  await servers.start('writer');
  await expect(servers.addReader('broken')).rejects.toThrow('no space left on device');
  expect(servers.listReaders()).toEqual([]);
  await servers.removeReader('broken');
  expect(await readdir(join(folder, 'copy'))).toEqual([]);
  await servers.addReader('one');
  await expect(servers.addReader('one')).rejects.toMatchObject({ code: 'EEXIST' });
  await servers.remove();
});
