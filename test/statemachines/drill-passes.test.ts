import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { phasesOf } from '../../shared/drill/state.ts';
import { addSeconds } from '../../shared/instants.ts';
import { startTestWorld, type TestWorld, until } from '../local/world.ts';
import { databaseWith, failWith, runDrill } from './run-drill.ts';

let world: TestWorld;

beforeAll(async () => {
  world = await startTestWorld();
});
afterAll(() => world?.keeper.close());

describe.concurrent('a drill that passes', () => {
  test('restored at the instant of the baseline: every phase in order, all checks passed, nothing left', async () => {
    const { result, hasSucceeded, messages, isGone } = await runDrill(world, { input: { reason: 'weekly' } });
    expect(result).toMatchObject({
      schema: 'aurora-drills/result/1',
      plan: 'shop',
      source: 'prod-shop',
      trigger: { kind: 'local', reason: 'weekly' },
      verdict: 'passed',
      failure: null,
      restore: { kind: 'log', baseline: 'same-instant' },
      rto: { objectiveSeconds: 300, met: true },
      rpo: { objectiveSeconds: 60, met: true },
      teardown: { status: 'completed', deleted: [`${result.target}-writer`, result.target] },
    });
    expect(hasSucceeded).toBe(true);
    expect(result.phases.map(({ name }) => name)).toEqual(phasesOf('log'));
    const isDefinition = ({ name }: { name: string }) => name.startsWith('definitions ');
    expect(result.checks.filter(isDefinition).length).toBeGreaterThan(5);
    // Whether there is a time depends on what the server itself did meanwhile.
    const others = result.checks.filter((check) => !isDefinition(check) && check.kind !== 'time');
    expect(others.map(({ name, actual }) => [name, actual])).toEqual([
      ['schema public.Order Lines', '2 columns'],
      ['rows public.Order Lines', 40],
      ['schema public.orders', '2 columns, 1 object'],
      ['rows public.orders', 100],
      ['database', '1 object'],
      ['sequences', 'none'],
    ]);
    expect(messages).toHaveLength(1);
    expect(isGone).toBe(true);
  });

  test('the second of the baseline: it is what the cluster is restored to, and what the result says', async () => {
    const awaited: number[] = [];
    const restoredTo: string[] = [];
    const database = databaseWith(world, ({ openSnapshot }) => ({
      openSnapshot: (notBeforeMs) => {
        awaited.push(notBeforeMs);
        return openSnapshot(notBeforeMs);
      },
    }));
    const { restoreCluster } = world.aurora;
    const { result } = await runDrill(world, {
      database,
      aurora: {
        restoreCluster: async (request) => {
          if (request.kind === 'point-in-time') restoredTo.push(request.restoreTo);
          await restoreCluster(request);
        },
      },
    });
    expect(result.verdict).toBe('passed');
    expect(restoredTo).toEqual([result.restore.restoreTo]);
    const instant = Date.parse(restoredTo[0] ?? '');
    expect(instant % 1000).toBe(0);
    // A snapshot that came late was tried again; the last one counts, then the one after the instant, then the copy's.
    const [before, after, , copy] = awaited.slice(-4);
    expect([before, after, copy]).toEqual([instant - 40, instant + 250, 0]);
  });

  test('start that names its own time: schemas are compared, rows are skipped with the reason', async () => {
    await until(
      async () => world.source,
      ({ latestRestorableTime, archive }) =>
        latestRestorableTime() > addSeconds(archive.earliestRestorableTime, 1),
    );
    const restoreTo = addSeconds(world.source.latestRestorableTime(), -1);
    const { result } = await runDrill(world, { input: { restoreTo } });
    expect(result).toMatchObject({ verdict: 'passed', restore: { restoreTo, baseline: 'none' } });
    const rows = result.checks.filter(({ kind }) => kind === 'rows');
    expect(rows.map(({ verdict }) => verdict)).toEqual(['skipped', 'skipped']);
    expect(rows[0]?.reason).toContain('can no longer be read');
  });

  test('dry run: everything is validated and nothing is created', async () => {
    const { result, states, messages } = await runDrill(world, {
      input: { dryRun: true },
      aurora: { restoreCluster: failWith('AwsFailure'), addWriter: failWith('AwsFailure') },
    });
    expect(result).toMatchObject({ verdict: 'passed', dryRun: true, teardown: { status: 'not-needed' } });
    expect(states).not.toContain('RestoreCluster');
    expect(messages).toEqual([]);
  });
});
