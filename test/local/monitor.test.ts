import { beforeAll, describe, expect, test } from 'vitest';
import type { Metric } from '../../shared/monitors/metrics.ts';
import { type Ended, runCommand, startCommand } from './command.ts';

type Scene = {
  hour: number;
  title: string;
  metrics: Metric[];
  breaches: string[];
  messages: { kind: string; status: string }[];
};

describe('--json', () => {
  let ended: Ended;
  let scenes: Scene[];
  beforeAll(async () => {
    ended = await runCommand(['--json'], 'monitor');
    scenes = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  });

  const sceneAt = (hour: number): Scene | undefined => scenes.find((scene) => scene.hour === hour);
  const valueAt = (hour: number, name: string, cluster: string | null): number =>
    sceneAt(hour)?.metrics.find((metric) => metric.name === name && metric.cluster === cluster)?.value ??
    Number.NaN;

  const listTold = (kind: string): string[] =>
    scenes
      .flatMap(({ messages }) => messages)
      .filter((message) => message.kind.startsWith(kind))
      .map((message) => `${message.kind} ${message.status}`);

  test('ends with 0, and leaves no process and no folder', () => {
    expect(ended).toMatchObject({ code: 0, stderr: '', left: [] });
  });

  test('the daily snapshot comes, and then it does not: the age grows past 26 hours and pages', () => {
    expect(valueAt(0, 'SnapshotAgeHours', 'local-aurora')).toBeCloseTo(0, 1);
    expect(valueAt(24, 'SnapshotAgeHours', 'local-aurora')).toBeCloseTo(0, 1);
    expect(valueAt(51, 'SnapshotAgeHours', 'local-aurora')).toBeCloseTo(27, 1);
    expect(valueAt(51, 'SnapshotAgeHours', null)).toBeCloseTo(27, 1);
    expect(sceneAt(36)?.breaches.join()).not.toContain('snapshot');
    expect(sceneAt(51)?.breaches).toContain('rds-snapshot-age-over-26h: 27 > 26');
  });

  test('the log is archived, and then it is not: the restorable time really stands still', () => {
    expect(valueAt(51, 'RestorableLagSeconds', 'local-aurora')).toBeLessThan(60);
    expect(valueAt(53, 'RestorableLagSeconds', 'local-aurora')).toBeGreaterThan(7000);
  });

  test('the Backtrack window shrinks under a batch job and recovers: told once each', () => {
    expect(listTold('backtrack-window')).toEqual([
      'backtrack-window-shrunk open',
      'backtrack-window-recovered resolved',
    ]);
    expect(valueAt(24, 'BacktrackWindowRatio', 'local-aurora-mysql')).toBe(1);
    expect(valueAt(36, 'BacktrackWindowRatio', 'local-aurora-mysql')).toBeLessThan(0.5);
    expect(valueAt(73, 'BacktrackWindowRatio', 'local-aurora-mysql')).toBe(1);
  });

  test('the binary log is switched on, and off again: whether it could be rewound, told once each', () => {
    const hours = [0, 36, 51, 53, 73];
    expect(hours.map((hour) => valueAt(hour, 'BacktrackReady', 'local-aurora-mysql'))).toEqual([
      1, 1, 1, 0, 1,
    ]);
    expect(listTold('backtrack-')).toHaveLength(4);
    expect(sceneAt(53)?.messages.map(({ kind }) => kind)).toEqual(['backtrack-not-ready']);
    expect(sceneAt(73)?.messages.map(({ kind }) => kind)).toContain('backtrack-ready');
  });
});

test.concurrent('an unknown option: exit code 2, the hint, and nothing started', async () => {
  const ended = await runCommand(['--jsno'], 'monitor');
  expect(ended).toMatchObject({ code: 2, stdout: '', left: [] });
  expect(ended.stderr).toContain('npm run monitor -- --help');
});

test.concurrent('--help: the usage, and exit code 0', async () => {
  const ended = await runCommand(['--help'], 'monitor');
  expect(ended.code).toBe(0);
  expect(ended.stdout).toContain('usage: npm run monitor');
});

test.concurrent('interrupted half-way: exit code 130, and nothing is left', async () => {
  const command = await startCommand([], 'monitor');
  await command.saw('hour 24');
  command.kill('SIGINT');
  expect(await command.ended()).toMatchObject({ code: 130, left: [] });
  await command.remove();
});

test.concurrent('nobody reads on, as after head: exit code 141, no error, and nothing is left', async () => {
  const command = await startCommand(['--json'], 'monitor');
  await command.saw('"hour":0');
  command.closePipe();
  expect(await command.ended()).toMatchObject({ code: 141, stderr: '', left: [] });
  await command.remove();
});
