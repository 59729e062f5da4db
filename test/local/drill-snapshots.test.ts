import { describe, expect, test } from 'vitest';
import { engineNames } from '../../local/servers/engine-name.ts';
import type { DrillResult } from '../../shared/drill/document.ts';
import { phasesOf } from '../../shared/drill/state.ts';
import { runDrill } from '../statemachines/run-drill.ts';
import { runCommand } from './command.ts';
import { hasMariadb } from './mariadb.ts';
import { plansText, startTestWorld } from './world.ts';

const engines = engineNames.filter((engine) => engine === 'postgres' || hasMariadb);

const drill = async (engine: string, from: string, ...words: string[]) => {
  const ended = await runCommand(['--engine', engine, '--from', from, '--json', ...words]);
  return { ...ended, result: JSON.parse(ended.stdout) as DrillResult };
};

describe.concurrent.each(engines)('--engine %s', (engine) => {
  test('--from newest-snapshot, under write load: exit code 0, what needs production then is skipped, nothing left', async () => {
    const { code, left, result, stderr } = await drill(engine, 'newest-snapshot');
    expect({ code, left }, stderr).toEqual({ code: 0, left: [] });
    expect(result).toMatchObject({
      verdict: 'passed',
      restore: { kind: 'newest-snapshot', baseline: 'none', snapshot: { type: 'automated' } },
      rpo: { met: true },
    });
    expect(result.phases.map(({ name }) => name)).toEqual(phasesOf('newest-snapshot'));
    expect(result.checks.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    const rows = result.checks.filter(({ kind }) => kind === 'rows');
    expect(rows.every(({ verdict, actual }) => verdict === 'skipped' && Number(actual) > 0)).toBe(true);
  });

  test('--from fresh-snapshot, under write load: exit code 0, every row that stayed is compared, and the snapshot is gone', async () => {
    const { code, left, result, stderr } = await drill(engine, 'fresh-snapshot');
    expect({ code, left }, stderr).toEqual({ code: 0, left: [] });
    expect(result).toMatchObject({
      verdict: 'passed',
      restore: { kind: 'fresh-snapshot', baseline: 'same-instant', snapshot: { type: 'manual' } },
      rpo: { seconds: null, met: null },
      teardown: {
        status: 'completed',
        deleted: [expect.anything(), `${result.target}-snapshot`, result.target],
      },
    });
    expect(result.phases.map(({ name }) => name)).toEqual(phasesOf('fresh-snapshot'));
    expect(result.resources).toContainEqual({
      kind: 'snapshot',
      name: `${result.target}-snapshot`,
      createdAt: expect.any(String),
      deletedAt: expect.any(String),
    });
    const rows = result.checks.filter(({ kind }) => kind === 'rows');
    expect(rows.map(({ verdict }) => verdict)).toEqual(rows.map(() => 'passed'));
  });
});

// Rows next to rows that moved are not verified, so a fault of two rows may go unseen. test/local/hostile/apart.test.ts has
// more faults, on both engines.
test('--from fresh-snapshot --fault changed-values: found', async () => {
  const { code, result } = await drill('postgres', 'fresh-snapshot', '--fault', 'changed-values');
  expect(code).toBe(1);
  expect(result.failure).toMatchObject({ phase: 'VerifyRestore', error: 'ChecksFailed' });
});

test('a snapshot of yesterday, when another database was there: the drill fails, and says what is missing', async () => {
  const world = await startTestWorld();
  try {
    const client = await world.source.connect();
    await client.query(`
      drop table orders, "Order Lines";
      create table users as select n as id from generate_series(1, 50) n;
      create table payments as select n as id from generate_series(1, 50) n;`);
    await client.end();
    const plans = plansText.replace(
      'timeoutMinutes',
      'restore: { from: newest-snapshot }\n    timeoutMinutes',
    );
    const { result, hasSucceeded, isGone } = await runDrill(world, { plans });
    expect([hasSucceeded, isGone]).toEqual([false, true]);
    expect(result).toMatchObject({
      restore: { kind: 'newest-snapshot' },
      failure: {
        error: 'ChecksFailed',
        cause:
          '2 of 2 tables of production are missing from the restored copy: public.payments, public.users',
      },
    });
  } finally {
    await world.keeper.close();
  }
});
