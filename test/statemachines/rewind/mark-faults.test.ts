import { describe, expect, test } from 'vitest';
import { readDefinition } from '../../../local/machine/execution.ts';
import { markMachine, startMark } from '../../../local/machine/mark.ts';
import type { Snapshot } from '../../../shared/aurora/port.ts';
import type { MarkDocument } from '../../../shared/rewinding/marking.ts';
import { type Case, isRetried, listCases, runCases, type Watch, watchCalls } from '../call-faults.ts';
import { sweepUntilGone } from '../model-world.ts';
import { makeRewindModel, type RewindModel } from './world.ts';

const { States } = await readDefinition(markMachine.definition);
const tasks = Object.keys(States).filter((state) => States[state]?.Type === 'Task');

type Ended = { result: MarkDocument; hasSucceeded: boolean; safety: Snapshot[]; model: RewindModel };

const listSafety = async ({ aurora }: RewindModel): Promise<Snapshot[]> => {
  const all: Snapshot[] = [];
  for await (const page of aurora.listManualSnapshots()) all.push(...page);
  return all.filter(({ identifier }) => identifier.startsWith('safety-'));
};

const markOnce = async (model: RewindModel, name: string, watch: Watch = {}): Promise<Ended> => {
  const { aurora, through, aroundTask } = watchCalls(watch);
  const world = {
    ...model.world,
    aurora: aurora(model.world.aurora),
    database: { open: through('open', model.world.database.open) },
  };
  const ended = await (await startMark({ name, input: {}, waitMs: 1, world, aroundTask })).finished;
  return { ...ended, safety: await listSafety(model), model };
};

const never = new Promise<never>(() => {});

/** A mark that ends nowhere: stopped at a task, before its effect or right after it. */
const stopAt = async (model: RewindModel, stop: string, when: 'before' | 'after'): Promise<void> => {
  const stopped = Promise.withResolvers<void>();
  const around: Watch['around'] = async (state, run) => {
    if (state !== stop) return run();
    if (when === 'after') await run();
    stopped.resolve();
    return never;
  };
  void markOnce(model, 'local-stopped', { around });
  await stopped.promise;
};

describe.each(tasks.flatMap((state) => [[state, 'before'] as const, [state, 'after'] as const]))(
  'a mark that is stopped at %s, %s its effect',
  (state, when) => {
    test('started again it marks, sweeps delete nothing, and each snapshot says when it expires', async () => {
      const model = makeRewindModel();
      await stopAt(model, state, when);
      await sweepUntilGone(model);
      const { result, hasSucceeded, safety } = await markOnce(model, 'local-again');
      expect({ hasSucceeded, failure: result.failure }).toEqual({ hasSucceeded: true, failure: null });
      expect(safety.map(({ identifier }) => identifier)).toContain(result.mark?.snapshot?.identifier);
      expect(safety.length).toBeLessThanOrEqual(2);
      for (const { tags } of safety) expect(Object.keys(tags)).toContain('aurora-safety:expires');
      expect(model.changes.filter((change) => change.startsWith('delete'))).toEqual([]);
    });
  },
);

const seen = new Set<string>();
await markOnce(makeRewindModel(), 'local-seen', { before: (call) => seen.add(call) });
const cases = listCases(seen, ['open']);
const runWith = async (watch: Watch, name: string) => {
  const ended = await markOnce(makeRewindModel(), name, watch);
  const left = ended.safety.map(({ identifier }) => identifier);
  return { ...ended, left, leftAfterSweeps: left };
};
const outcomes = await runCases(cases, runWith, 'ConcludeMark');
const nameOf = ({ call, error }: Case): string => `${call}: ${error}`;

describe('every call of a mark with every error of AWS', () => {
  test('it marks with a snapshot that is available, or it fails and says why; one snapshot at most, and no other change', () => {
    expect(cases.length).toBeGreaterThan(30);
    for (const one of outcomes)
      for (const { result, hasSucceeded, safety, model } of [one.first, one.always]) {
        const marked = safety
          .filter(({ status }) => status === 'available')
          .map(({ identifier }) => identifier);
        const { failure, mark } = result;
        expect([nameOf(one), hasSucceeded]).toEqual([nameOf(one), failure === null]);
        if (failure === null)
          expect([nameOf(one), [mark?.snapshot?.identifier]]).toEqual([nameOf(one), marked]);
        else expect([nameOf(one), /\w{3}/.test(failure.cause), mark]).toEqual([nameOf(one), true, null]);
        expect([nameOf(one), safety.length <= 1]).toEqual([nameOf(one), true]);
        expect(model.changes.filter((change) => !change.startsWith('takeSnapshot safety-'))).toEqual([]);
      }
  });

  test('what is transient passes at first', () => {
    const failed = outcomes.filter((one) => isRetried(one) && one.first.result.failure !== null);
    expect(failed.map(nameOf)).toEqual([]);
  });
});
