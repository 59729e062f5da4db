import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { phasesOf } from '../../shared/drill/state.ts';
import { addSeconds } from '../../shared/instants.ts';
import { loadTwoTables, plansText, startTestWorld, type TestWorld, until } from '../local/world.ts';
import { databaseWith, failWith, runDrill } from './run-drill.ts';

let world: TestWorld;

beforeAll(async () => {
  world = await startTestWorld({
    load: async (client) => {
      await loadTwoTables(client);
      await client.query(`create table events (id integer primary key, at timestamptz);
        insert into events select n, now() - n * interval '1 hour' from generate_series(1, 30) n`);
    },
  });
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
      ['schema public.events', '2 columns, 1 object'],
      ['rows public.events', 30],
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

  test('start that names its own time: schemas are compared, rows are skipped unless they are settled', async () => {
    await until(
      async () => world.source,
      ({ latestRestorableTime, archive }) =>
        latestRestorableTime() > addSeconds(archive.earliestRestorableTime, 1),
    );
    const restoreTo = addSeconds(world.source.latestRestorableTime(), -1);
    const settled = 'settled: { events: { column: at, margin: 1h } }';
    const plans = plansText.replace('bracketMs: 0 }', `bracketMs: 0, ${settled} }`);
    const { result } = await runDrill(world, { input: { restoreTo }, plans });
    expect(result).toMatchObject({ verdict: 'passed', restore: { restoreTo, baseline: 'none' } });
    const rows = result.checks.filter(({ kind }) => kind === 'rows');
    expect(rows.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['rows public.Order Lines', 'skipped'],
      ['rows public.events', 'skipped'],
      ['rows public.orders', 'skipped'],
      ['settled public.events', 'passed'],
    ]);
    expect(rows[0]?.reason).toContain('can no longer be read');
    expect(rows[3]?.reason).toMatch(/^\d+ rows before .* are as production has them now/);
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
