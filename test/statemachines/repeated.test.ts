import { describe, expect, test } from 'vitest';
import { readDrillDefinition } from '../../local/machine/drill.ts';
import { executionArn } from '../../local/machine/execution.ts';
import type { DrillResult } from '../../shared/drill/document.ts';
import type { ExecutionStatus } from '../../shared/job/executions.ts';
import { drillTags } from '../../shared/job/names.ts';
import { type RestoreOrigin, restoreOrigins } from '../../shared/job/origin.ts';
import { machines } from './machines.ts';
import {
  addStranger,
  drillOnce,
  drillUntil,
  listSnapshots,
  type ModelWorld,
  makeModelWorld,
  settle,
  sweepUntilGone,
  sweepWorld,
  targetOf,
} from './model-world.ts';

const { States } = await readDrillDefinition();
const taskStates = Object.keys(States).filter((name) => States[name]?.Type === 'Task');
const made: Record<RestoreOrigin, string[]> = {
  log: ['TARGET-writer', 'TARGET'],
  'newest-snapshot': ['TARGET-writer', 'TARGET'],
  'fresh-snapshot': ['TARGET-writer', 'TARGET-snapshot', 'TARGET'],
};

/** What a drill comes to, whenever it runs and whatever it is called. */
const essence = ({ verdict, failure, checks, teardown, target }: DrillResult) => ({
  verdict,
  failure,
  checks: checks.map(({ name, verdict: one, actual }) => [name, one, actual]),
  teardown: { ...teardown, deleted: teardown.deleted.map((name) => name.replace(target ?? '', 'TARGET')) },
});

const expectNothingLeft = async (model: ModelWorld, ...others: string[]): Promise<void> => {
  await settle(model);
  const { clusters } = await model.aurora.listClusters();
  const own = (await listSnapshots(model)).flat().filter(({ tags }) => Object.hasOwn(tags, drillTags.drill));
  expect(own).toEqual([]);
  expect(clusters.map(({ identifier }) => identifier).sort()).toEqual([...others, 'prod-shop'].sort());
};

describe.each(restoreOrigins)('from %s', async (from) => {
  const unentered = machines.drill?.origins[from] ?? [];
  const alone = essence((await drillOnce(makeModelWorld(from), 'local-alone')).result);

  test('a drill alone passes, and has removed all that it made', () => {
    expect(alone).toMatchObject({
      verdict: 'passed',
      teardown: { status: 'completed', deleted: made[from] },
    });
  });

  describe('run twice in a row, as after an answer that was lost', () => {
    test.each([...taskStates.filter((name) => !unentered.includes(name)), 'every function'])(
      '%s: the same end',
      async (twice) => {
        const model = makeModelWorld(from);
        const { result, hasSucceeded } = await drillOnce(model, `local-twice-${twice.replace(' ', '-')}`, {
          aroundTask: async (state, run) => {
            if (state === twice || twice === 'every function') await run();
            return run();
          },
        });
        expect([essence(result), hasSucceeded]).toEqual([alone, true]);
        await expectNothingLeft(model);
      },
    );

    test('the sweeper, after a drill that was stopped: the second finds nothing to do', async () => {
      const model = makeModelWorld(from);
      await drillUntil(model, 'local-stopped', 'AddWriter');
      await sweepUntilGone(model);
      const changes = [...model.changes];
      expect(await sweepWorld(model)).toMatchObject({ removing: [], left: 0 });
      expect(model.changes).toEqual(changes);
    });
  });

  describe('at the same time', () => {
    test('two drills of one plan: both end as if alone, each with a cluster of its own', async () => {
      const model = makeModelWorld(from);
      const names = ['local-first', 'local-second'];
      const ended = await Promise.all(names.map((name) => drillOnce(model, name)));
      expect(ended.map(({ result }) => essence(result))).toEqual([alone, alone]);
      expect(ended.map(({ result }) => result.target)).toEqual(names.map((name) => targetOf(name).cluster));
      await expectNothingLeft(model);
    });

    test('a drill beside a sweep before and after every state: as if alone, and the stranger stays', async () => {
      const model = makeModelWorld(from);
      const stranger = await addStranger(model);
      const name = 'local-beside-sweeps';
      const kept: string[] = [];
      const sweep = async () => {
        const found = await sweepWorld(model, () => 'running');
        expect(found.removing).toEqual([]);
        kept.push(...found.kept.flatMap(({ cluster, snapshot }) => cluster ?? snapshot ?? []));
      };
      const { result } = await drillOnce(model, name, {
        aroundTask: async (_state, run) => {
          await sweep();
          const piece = await run();
          await sweep();
          return piece;
        },
      });
      expect(essence(result)).toEqual(alone);
      const { cluster, snapshot } = targetOf(name);
      expect(new Set(kept)).toEqual(new Set([cluster, ...(from === 'fresh-snapshot' ? [snapshot] : [])]));
      await expectNothingLeft(model, stranger);
    });

    test('a sweep that removes a stopped drill while another one runs: the running one ends as if alone', async () => {
      const model = makeModelWorld(from);
      const standings = new Map<string, ExecutionStatus>([
        [executionArn('local-stopped'), 'ended'],
        [executionArn('local-running'), 'running'],
      ]);
      await drillUntil(model, 'local-stopped', 'RestoreCluster');
      const { result } = await drillOnce(model, 'local-running', {
        aroundTask: async (_state, run) => {
          await sweepWorld(model, (arn) => standings.get(arn) ?? 'gone');
          return run();
        },
      });
      expect(essence(result)).toEqual(alone);
      await expectNothingLeft(model);
    });

    test('sweeps that believe the drill to have ended while it tears down: nothing left, and nobody fails', async () => {
      const model = makeModelWorld(from);
      let standing: ExecutionStatus = 'running';
      const { result } = await drillOnce(model, 'local-torn-by-both', {
        aroundTask: async (state, run) => {
          if (state === 'TearDown') standing = 'ended';
          await sweepWorld(model, () => standing);
          return run();
        },
      });
      expect(result).toMatchObject({
        verdict: 'passed',
        teardown: { status: 'completed' },
      });
      await expectNothingLeft(model);
    });
  });
});
