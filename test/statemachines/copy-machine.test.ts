import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { executionArn, startMachine } from '../../local/machine/execution.ts';
import { DrillError } from '../../shared/errors.ts';
import { jobId, targetNames } from '../../shared/job/names.ts';
import { type CopyDocument, type CopyState, type CopyWorld, copyMachine } from './copy-machine/machine.ts';
import { type ModelWorld, makeModelWorld } from './model-world.ts';

let executions = 0;

/** Runs the machine to its end in a model world. */
const copyOnce = async (model: ModelWorld, kind: string, aurora: Partial<CopyWorld['aurora']> = {}) => {
  executions += 1;
  const name = `local-copy-${executions}`;
  const states: string[] = [];
  const world = { ...model.world, aurora: { ...model.aurora, ...aurora } };
  const { finished } = await startMachine<CopyWorld, CopyState, CopyDocument>(copyMachine, {
    world,
    input: { kind },
    name,
    waitMs: 1,
    onState: (state) => states.push(state),
  });
  const { result, hasSucceeded } = await finished;
  const { cluster } = targetNames('prod-shop', jobId(executionArn(name)));
  return {
    result,
    hasSucceeded,
    states,
    cluster,
    isGone: (await model.aurora.findCluster(cluster)) === undefined,
  };
};

describe('a machine of three steps, made of the shared ones', () => {
  test.each(['point-in-time', 'clone'])('a copy by %s: made, waited for, torn down', async (kind) => {
    const requests: unknown[] = [];
    const model = makeModelWorld();
    const run = await copyOnce(model, kind, {
      restoreCluster: (request) => {
        requests.push(request);
        return model.aurora.restoreCluster(request);
      },
    });
    expect(run).toMatchObject({ hasSucceeded: true, isGone: true });
    expect(run.result).toEqual({ verdict: 'passed', cluster: run.cluster, failure: null });
    expect(run.states).toEqual(expect.arrayContaining(['WaitForCluster', 'WaitForTeardown']));
    expect(requests).toEqual([
      expect.objectContaining({
        kind,
        target: run.cluster,
        tags: expect.objectContaining({ 'aurora-drills:job': 'extract' }),
      }),
    ]);
  });

  test('the restore is refused: failed by its name, and what may have been made is torn down', async () => {
    const model = makeModelWorld();
    const refuse = async (): Promise<never> => {
      throw new DrillError('QuotaExceeded', 'restore: 40 clusters');
    };
    const run = await copyOnce(model, 'clone', { restoreCluster: refuse });
    expect(run).toMatchObject({ hasSucceeded: false, isGone: true });
    expect(run.result.failure).toMatchObject({ phase: 'RestoreCluster', error: 'QuotaExceeded' });
  });

  test.each(['functions/copy', 'shared/job', 'shared/teardown'])(
    '%s: knows nothing of drills',
    async (room) => {
      for (const file of await readdir(room)) {
        const text = await readFile(`${room}/${file}`, 'utf8');
        expect({ file, imports: text.match(/from '[^']*\/drill\/[^']*'/g) }).toEqual({ file, imports: null });
      }
    },
  );
});
