import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DrillResult } from '../../shared/drill/document.ts';
import { runCommand } from './command.ts';

let folder: string;
let sql: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drill-faults-'));
  sql = join(folder, 'small.sql');
  await writeFile(sql, 'create table a (x int); insert into a select generate_series(1, 100);');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = async (fault: string) => {
  const { stdout, ...ended } = await runCommand(['--fault', fault, '--json', '--sql', sql]);
  return { ...ended, stdout, result: stdout === '' ? null : (JSON.parse(stdout) as DrillResult) };
};

describe.concurrent('faults that a drill outlasts: exit code 0, and nothing left', () => {
  test.each(['throttled', 'teardown-slow', 'extra-instance'])('--fault %s', async (fault) => {
    const { code, left, result } = await run(fault);
    expect({ code, left }).toEqual({ code: 0, left: [] });
    expect(result).toMatchObject({ verdict: 'passed', failure: null, teardown: { status: 'completed' } });
    const { target } = result ?? {};
    const byHand = fault === 'extra-instance' ? [`${target}-by-hand`] : [];
    expect(result?.teardown.deleted.toSorted()).toEqual([target, ...byHand, `${target}-writer`].toSorted());
  });
});

describe.concurrent('faults that fail a drill: exit code 1, why, and nothing left', () => {
  test.each([
    ['writer-failed', 'CheckWriter', 'WriterUnusable', 'insufficient-capacity', 'completed'],
    ['source-gone', 'CheckRestorePoint', 'SourceNotFound', 'the source cluster is gone', 'not-needed'],
    ['restore-failed', 'CheckCluster', 'ClusterUnusable', 'incompatible-restore', 'completed'],
    ['restore-stuck', 'CheckCluster', 'DeadlineExceeded', 'the cluster is creating', 'completed'],
    ['quota', 'RestoreCluster', 'QuotaExceeded', 'DBClusterQuotaExceededFault', 'not-needed'],
  ])('--fault %s: %s fails with %s', async (fault, phase, error, cause, teardown) => {
    const { code, left, result } = await run(fault);
    expect({ code, left }).toEqual({ code: 1, left: [] });
    expect(result?.failure).toMatchObject({ phase, error, cause: expect.stringContaining(cause) });
    expect(result?.failure?.hint).toMatch(/\w{3}/);
    expect(result?.teardown.status).toBe(teardown);
  });

  test('--fault teardown-blocked: says what is left, tells people, and a sweep removes it later', async () => {
    const { code, left, result, stderr } = await run('teardown-blocked');
    expect({ code, left }).toEqual({ code: 1, left: [] });
    expect(result).toMatchObject({
      failure: {
        phase: 'CheckTeardown',
        error: 'TeardownFailed',
        cause: expect.stringContaining(`still there: cluster ${result?.target}`),
      },
      teardown: { status: 'failed' },
    });
    expect(stderr).toContain(`swept: removed ${result?.target}; nothing is left`);
  });

  test('--fault crash: no result, and a sweep removes whatever was there', async () => {
    const { code, left, result, stderr } = await run('crash');
    expect({ code, left, result }).toEqual({ code: 1, left: [], result: null });
    expect(stderr).toMatch(/the process of the drill was killed after \w+ \(SIGKILL\)/);
    expect(stderr).toMatch(
      /swept: (removed drill-local-aurora-\w+|there was nothing to remove); nothing is left/,
    );
  });
});
