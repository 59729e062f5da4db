import { describe, expect, test } from 'vitest';
import { DrillError, transientErrors } from '../../shared/errors.ts';
import { recoveryPhases } from '../../shared/recovery/document.ts';
import { errorsOf, platformErrors, translate } from './injected-faults.ts';
import { interceptVerbs } from './model-world.ts';
import { makeRecoveryModel, type RecoveryModel, recoveredOf, recoverOnce } from './recovery-world.ts';

/** A call to the outside, as "phase verb". */
type Call = string;

type Watch = {
  before?: (call: Call) => void;
  after?: (call: Call) => void;
  /** Around a whole function. */
  around?: (state: string, run: () => Promise<unknown>) => Promise<unknown>;
};

/** Runs a recovery in which each call goes through these. */
const recoverThrough = async (
  { before = () => {}, after = () => {}, around = (_, run) => run() }: Watch,
  name: string,
) => {
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
      const answer = await ask();
      after(`${phase} ${verb}`);
      return answer;
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
      return around(state, run);
    },
  });
  return { model, input, ...ended };
};

const calls = new Set<Call>();
await recoverThrough({ before: (call) => void calls.add(call) }, 'local-faults-none');

/** Without these a recovery is as good: it says what it does not know, or does it again in the end. */
const spared = [
  'PrepareRecovery read',
  'PrepareRecovery readQuotas',
  'CheckSideEffects open',
  'HandOver file',
  'ConcludeRecovery findCluster',
  'ConcludeRecovery listInstances',
];

const databaseErrors = ['DatabaseUnreachable', 'DatabaseBusy', 'DatabaseDenied', 'OutOfTime'] as const;

/** What AWS, or the database, may answer to a call, in the words of its port. */
const faultsOf = (call: Call): [error: string, fault: Error][] => {
  const verb = call.split(' ')[1] ?? '';
  if (verb === 'open') return databaseErrors.map((name) => [name, new DrillError(name, `injected ${name}`)]);
  const known = { notify: 'publish', publish: 'putMetrics', file: 'write' }[verb] ?? verb;
  return (
    errorsOf(known)
      // To this question it is an answer: there is none.
      .filter((error) => !(verb === 'findCluster' && error === 'DBClusterNotFoundFault'))
      .map((error) => [error, translate(known, error)])
  );
};

const cases = [...calls].flatMap((call) => faultsOf(call).map(([error, fault]) => ({ call, error, fault })));

/** A cluster that has the name and is not to be seen may become visible. */
const expectedName = (call: Call, { name }: Error): string =>
  name === 'TargetNameTaken' && call.endsWith('restoreCluster') ? 'AwsUnavailable' : name;

const isRetried = ({ name }: Error): boolean => (transientErrors as readonly string[]).includes(name);

type Run = Awaited<ReturnType<typeof recoverThrough>>;

/** Everything that stands is told, and nothing was deleted or modified. */
const expectKept = async ({ result, model, input }: Run): Promise<void> => {
  const { cluster } = recoveredOf(input.restoreTo);
  const found = [await model.aurora.findCluster(cluster), ...(await model.aurora.listInstances(cluster))];
  const standing = found.flatMap((one) => one?.identifier ?? []);
  const told = result.resources.map(({ name }) => name);
  expect(standing.filter((one) => !told.includes(one))).toEqual([]);
  const verbs = new Set(model.changes.map((change) => change.split(' ')[0] ?? ''));
  expect([...verbs].filter((verb) => !['restoreCluster', 'addWriter'].includes(verb))).toEqual([]);
};

test('the calls that are tried are those of every state', () => {
  const phases = new Set([...calls].map((call) => call.split(' ')[0]));
  expect([...phases].sort()).toEqual([...recoveryPhases, 'ConcludeRecovery'].sort());
  expect(calls.size).toBeGreaterThan(20);
  expect(cases.length).toBeGreaterThan(200);
});

test.each(cases.filter(({ fault }) => isRetried(fault)))(
  '$call answers $error at first: the recovery passes',
  async ({ call, error, fault }) => {
    // The last state has half a minute for its attempts, and 20 seconds pass with each look at this clock.
    let left = call.startsWith('ConcludeRecovery') ? 1 : 2;
    const before = (seen: Call) => {
      if (seen === call && left-- > 0) throw fault;
    };
    const { result, hasSucceeded } = await recoverThrough(
      { before },
      `local-${call.replace(' ', '-')}-${error}`,
    );
    expect([result.failure, hasSucceeded]).toEqual([null, true]);
  },
);

test.each(cases)(
  '$call answers $error always: it ends with name, phase and hint, and tells what stands; nothing is torn down',
  async ({ call, error, fault }) => {
    const before = (seen: Call) => {
      if (seen === call) throw fault;
    };
    const run = await recoverThrough({ before }, `local-${call.replace(' ', '-')}-${error}-always`);
    const { result, hasSucceeded, model } = run;
    if (spared.includes(call)) {
      expect([result.failure, hasSucceeded]).toEqual([null, true]);
    } else {
      expect(result.failure).toMatchObject({ phase: call.split(' ')[0], error: expectedName(call, fault) });
      expect(result.failure?.hint).toMatch(/\w{3}/);
      expect(hasSucceeded).toBe(false);
    }
    await expectKept(run);
    // Nobody is told where telling is what fails.
    if (!call.endsWith('notify')) expect(model.messages.at(-1)?.kind).toMatch(/^recovery-/);
  },
);

test.each([...calls].filter((call) => /restoreCluster|addWriter/.test(call)))(
  '%s does what it is asked for, and its answer is lost: the recovery passes, and has each thing once',
  async (call) => {
    let isLost = false;
    const after = (seen: Call) => {
      if (seen !== call || isLost) return;
      isLost = true;
      throw translate('restoreCluster', 'ECONNRESET');
    };
    const run = await recoverThrough({ after }, `local-${call.replace(' ', '-')}-lost`);
    expect(isLost).toBe(true);
    expect([run.result.failure, run.hasSucceeded]).toEqual([null, true]);
    expect(run.result.cluster?.owner).toBeNull();
    const { clusters } = await run.model.aurora.listClusters();
    expect(clusters).toHaveLength(2);
    await expectKept(run);
  },
);

describe.each([...recoveryPhases])('the function %s', (phase) => {
  const failWith = (name: string, times: number) => {
    let left = times;
    return (state: string, run: () => Promise<unknown>) =>
      state === phase && left-- > 0 ? Promise.reject(Object.assign(new Error('said so'), { name })) : run();
  };
  // What counts for minutes would only count again.
  const isRepeated = (name: string) =>
    phase !== 'VerifyRecovery' || name.startsWith('Lambda.TooManyRequests');

  test.each(platformErrors)('%s once: it is run again, or its failure is told', async (name) => {
    const { result } = await recoverThrough({ around: failWith(name, 1) }, `local-${phase}-${name}`);
    expect(result.failure?.error ?? null).toBe(isRepeated(name) ? null : name);
  });

  test.each(platformErrors)('%s always: told by its name, with the phase and a hint', async (name) => {
    const run = await recoverThrough(
      { around: failWith(name, Number.POSITIVE_INFINITY) },
      `local-${phase}-${name}-on`,
    );
    expect(run.result.failure).toMatchObject({ phase, error: name, hint: expect.stringMatching(/\w{3}/) });
    await expectKept(run);
  });
});
