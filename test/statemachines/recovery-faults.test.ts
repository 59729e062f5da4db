import { describe, expect, test } from 'vitest';
import { DrillError, type ErrorName } from '../../shared/errors.ts';
import { recoveryPhases } from '../../shared/recovery/document.ts';
import { interceptVerbs } from './model-world.ts';
import { makeRecoveryModel, type RecoveryModel, recoveredOf, recoverOnce } from './recovery-world.ts';

/** A call to the outside, as "phase verb". */
type Call = string;

/** Runs a recovery in which each call goes through this first. */
const recoverThrough = async (before: (call: Call) => void, name: string) => {
  const model = makeRecoveryModel();
  const input = {
    // The backups have yet to reach it, so that every state is entered.
    restoreTo: new Date(Math.floor(model.now().getTime() / 1000 - 60) * 1000)
      .toISOString()
      .replace('.000Z', 'Z'),
    readers: 1,
  };
  let phase = '';
  const through =
    <Parameters extends unknown[], Answer>(verb: string, ask: (...all: Parameters) => Promise<Answer>) =>
    async (...all: Parameters): Promise<Answer> => {
      before(`${phase} ${verb}`);
      return ask(...all);
    };
  const { world } = model;
  const wrapped: RecoveryModel['world'] = {
    ...world,
    aurora: interceptVerbs(world.aurora, async (verb, _, ask) => {
      before(`${phase} ${verb}`);
      return ask();
    }),
    database: { open: through('open', world.database.open) },
    notify: through('notify', world.notify),
    file: through('file', world.file),
    metrics: { ...world.metrics, publish: through('publish', world.metrics.publish) },
    reports: { read: through('read', world.reports.read) },
  };
  const ended = await recoverOnce({ ...model, world: wrapped }, name, {
    input,
    aroundTask: (state, run) => {
      phase = state;
      return run();
    },
  });
  return { model, input, ...ended };
};

const calls = new Set<Call>();
await recoverThrough((call) => void calls.add(call), 'local-faults-none');

/** Without these a recovery is as good: it says what it does not know, or does it again in the end. */
const spared = [
  'PrepareRecovery read',
  'PrepareRecovery readQuotas',
  'CheckSideEffects open',
  'HandOver file',
  'ConcludeRecovery findCluster',
  'ConcludeRecovery listInstances',
];

const transient: ErrorName[] = ['Throttled', 'AwsUnavailable', 'DatabaseUnreachable'];
const lasting: ErrorName[] = ['AccessDenied', 'AwsFailure', 'RequestRefused', 'QuotaExceeded', 'Throttled'];

test('the calls that are tried are those of every state', () => {
  const phases = new Set([...calls].map((call) => call.split(' ')[0]));
  expect([...phases].sort()).toEqual([...recoveryPhases, 'ConcludeRecovery'].sort());
  expect(calls.size).toBeGreaterThan(20);
});

describe.each([...calls])('%s', (failing) => {
  test.each(transient)('fails at first with %s: the recovery passes', async (name) => {
    // The last state has half a minute for its attempts, and 20 seconds pass with each look at this clock.
    let left = failing.startsWith('ConcludeRecovery') ? 1 : 2;
    const { result, hasSucceeded } = await recoverThrough(
      (call) => {
        if (call === failing && left-- > 0) throw new DrillError(name, `injected ${name}`);
      },
      `local-${failing.replace(' ', '-')}-${name}-twice`,
    );
    expect([result.failure, hasSucceeded]).toEqual([null, true]);
  });

  test.each(lasting)(
    'fails for good with %s: it ends failed with name, phase and hint, and says what stands; nothing is torn down',
    async (name) => {
      const { result, hasSucceeded, model, input } = await recoverThrough(
        (call) => {
          if (call === failing) throw new DrillError(name, `injected ${name}`);
        },
        `local-${failing.replace(' ', '-')}-${name}`,
      );
      // Two of the calls of one phase may both be made: the failure names the phase.
      const phase = failing.split(' ')[0];
      if (spared.includes(failing)) {
        expect([result.failure, hasSucceeded]).toEqual([null, true]);
      } else {
        expect(result.failure).toMatchObject({ phase, error: name });
        expect(result.failure?.cause).toContain(`injected ${name}`);
        expect(result.failure?.hint).toMatch(/\w{3}/);
        expect(hasSucceeded).toBe(false);
      }
      const { cluster } = recoveredOf(input.restoreTo);
      const found = [await model.aurora.findCluster(cluster), ...(await model.aurora.listInstances(cluster))];
      const standing = found.flatMap((one) => one?.identifier ?? []);
      const told = result.resources.map((one) => one.name);
      expect(standing.filter((one) => !told.includes(one))).toEqual([]);
      const verbs = new Set(model.changes.map((change) => change.split(' ')[0]));
      expect([...verbs].filter((verb) => !['restoreCluster', 'addWriter'].includes(verb ?? ''))).toEqual([]);
      // Nobody is told where telling is what fails.
      if (!failing.endsWith('notify')) expect(model.messages.at(-1)?.kind).toMatch(/^recovery-/);
    },
  );
});
