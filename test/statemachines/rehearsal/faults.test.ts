import pMap from 'p-map';
import { describe, expect, test } from 'vitest';
import { DrillError, transientErrors } from '../../../shared/errors.ts';
import { rehearsalPhases } from '../../../shared/rehearsal/document.ts';
import { describeLeft, renderFaults } from '../fault-table.ts';
import { awsCalls, errorsOf, platformErrors, translate } from '../injected-faults.ts';
import { changing, findLeft, interceptVerbs, settle, sweepUntilGone } from '../model-world.ts';
import { harmless, makeRehearsalModel, type RehearsalModel, rehearseOnce } from './world.ts';

/** A call to the outside, as "phase verb". */
type Call = string;

type Watch = {
  before?: (call: Call) => void;
  after?: (call: Call) => void;
  /** Around a whole function. */
  around?: (state: string, run: () => Promise<unknown>) => Promise<unknown>;
};

/** Runs a rehearsal in which each call goes through these. */
const rehearseThrough = async (
  { before = () => {}, after = () => {}, around = (_, run) => run() }: Watch,
  name: string,
) => {
  const model = makeRehearsalModel();
  let phase = '';
  const through =
    <Parameters extends unknown[], Answer>(verb: string, ask: (...all: Parameters) => Promise<Answer>) =>
    async (...all: Parameters): Promise<Answer> => {
      before(`${phase} ${verb}`);
      return ask(...all);
    };
  const { world } = model;
  const wrapped: RehearsalModel['world'] = {
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
    resolve: through('resolve', world.resolve),
    reach: (password) => {
      const { identities, probing } = world.reach(password);
      return {
        identities: { open: through('identify', identities.open) },
        probing: { open: through('probe', probing.open) },
      };
    },
  };
  const ended = await rehearseOnce({ world: wrapped }, name, {
    aroundTask: (state, run) => {
      phase = state;
      return around(state, run);
    },
  });
  await settle(model);
  const left = await findLeft(model, name);
  await sweepUntilGone(model);
  await settle(model);
  return { ...ended, model, left, leftAfterSweeps: await findLeft(model, name) };
};

const calls = new Set<Call>();
await rehearseThrough({ before: (call) => void calls.add(call) }, 'local-faults-none');

const databaseErrors = ['DatabaseUnreachable', 'DatabaseBusy', 'DatabaseFailure'] as const;
const databaseVerbs = ['open', 'resolve', 'identify', 'probe'];

/** What AWS, or the database, may answer to a call, in the words of its port. */
const faultsOf = (call: Call): [error: string, fault: Error][] => {
  const verb = call.split(' ')[1] ?? '';
  if (databaseVerbs.includes(verb))
    return databaseErrors.map((name) => [name, new DrillError(name, `injected ${name}`)]);
  // ModifyDBCluster, as for the protection.
  const others = { notify: 'publish', file: 'write', setMasterPassword: 'liftProtection' };
  const known = (others as Record<string, string>)[verb] ?? verb;
  return (
    errorsOf(known)
      // To this question it is an answer: there is none.
      .filter((error) => !(verb === 'findCluster' && error === 'DBClusterNotFoundFault'))
      .map((error) => [error, translate(known, error)])
  );
};

const isTeardown = (call: Call): boolean => /^(TearDown|CheckTeardown) /.test(call);
// What a teardown makes of each error is seen with drills, whose functions these are.
const cases = [...calls]
  .filter((call) => !isTeardown(call))
  .flatMap((call) => faultsOf(call).map(([error, fault]) => ({ call, error, fault })));

/** A cluster that has the name and is not to be seen may become visible, and one that cannot be modified now may be soon. */
const expectedName = (call: Call, { name }: Error): string => {
  if (name === 'TargetNameTaken' && call.endsWith('restoreCluster')) return 'AwsUnavailable';
  return name === 'InvalidClusterState' && call.endsWith('setMasterPassword') ? 'AwsUnavailable' : name;
};

const isRetried = (name: string): boolean => (transientErrors as readonly string[]).includes(name);

test('the calls that are tried are those of every state', () => {
  const phases = new Set([...calls].map((call) => call.split(' ')[0]));
  expect([...phases].sort()).toEqual([...rehearsalPhases, 'ConcludeRehearsal'].sort());
  expect(cases.length).toBeGreaterThan(120);
});

type Case = (typeof cases)[number];

/** @param times how often AWS answers so */
const runCase = async ({ call, error, fault }: Case, times: number) => {
  let left = times;
  const before = (seen: Call) => {
    if (seen === call && left-- > 0) throw fault;
  };
  const name = `local-${call.replace(' ', '-')}-${error}-${times}`;
  const { result, ...run } = await rehearseThrough({ before }, name);
  return { ...run, failure: result.failure };
};

// The last state has half a minute for its attempts, and 20 seconds pass with each look at this clock.
const timesOf = ({ call }: Case): number => (call.startsWith('ConcludeRehearsal') ? 1 : 2);

const outcomes = await pMap(
  cases,
  async (one) => ({
    ...one,
    first: await runCase(one, timesOf(one)),
    always: await runCase(one, Number.POSITIVE_INFINITY),
  }),
  { concurrency: 8 },
);

test.each(outcomes.filter(({ call, fault }) => isRetried(expectedName(call, fault))))(
  '$call answers $error at first: the change is rehearsed, once, and nothing is left',
  ({ first }) => {
    expect([first.failure, first.hasSucceeded, first.left]).toEqual([null, true, []]);
    expect(first.model.seen.ran).toEqual(harmless);
  },
);

/** The last state files again what is not filed before the teardown. */
const spared = ['NotifyRehearsal file'];

test.each(outcomes)(
  '$call answers $error always: it ends with name, phase and hint, and nothing is left',
  ({ call, fault, always }) => {
    if (spared.includes(call)) expect([always.failure, always.hasSucceeded]).toEqual([null, true]);
    else {
      expect(always.failure).toMatchObject({ phase: call.split(' ')[0], error: expectedName(call, fault) });
      expect(always.failure?.hint).toMatch(/\w{3}/);
      expect(always.hasSucceeded).toBe(false);
    }
    expect([always.left, always.model.seen.open]).toEqual([[], 0]);
  },
);

/** What people call what is asked. */
const operations: Record<string, string> = {
  open: 'sign in to production',
  resolve: 'look up a name in DNS',
  identify: 'sign in to the clone',
  probe: 'sign in to the clone for the probes',
  listClusters: 'DescribeDBClusters, all of them',
  setMasterPassword: 'ModifyDBCluster',
  notify: 'Publish',
  file: 'PutObject, GetObject',
};

const describeEnd = ({ failure }: (typeof outcomes)[number]['always']): string =>
  failure === null ? 'passes' : `${failure.error} in ${failure.phase}`;

const intro = `# What a rehearsal does when AWS fails

As [of a drill](faults.md): every call of a rehearsal before its teardown, with the errors that it can meet. Each row has been run through the state machine, on a model of Aurora; the test
that does so writes this page. The teardown is that of a drill. The change is run on a clone once at most: an error that is met while it runs is not retried.

`;

test('docs/rehearse-faults.md is what was seen here', async () => {
  const rows = outcomes.map(({ call, error, first, always }) => {
    const [state = '', verb = ''] = call.split(' ');
    return {
      call: operations[verb] ?? awsCalls[verb]?.operation ?? verb,
      state,
      error,
      once: describeEnd(first),
      always: describeEnd(always),
      left: describeLeft(always),
    };
  });
  await expect(`${intro}${renderFaults(rows)}\n`).toMatchFileSnapshot('../../../docs/rehearse-faults.md');
});

const lossy = [...calls].filter((call) => changing.includes(call.split(' ')[1] ?? ''));

test.each(lossy)(
  '%s does what it is asked for, and its answer is lost: the change is rehearsed, once, and nothing is left',
  async (call) => {
    let isLost = false;
    const after = (seen: Call) => {
      if (seen !== call || isLost) return;
      isLost = true;
      throw translate('restoreCluster', 'ECONNRESET');
    };
    const run = await rehearseThrough({ after }, `local-${call.replace(' ', '-')}-lost`);
    expect(isLost).toBe(true);
    expect([run.result.failure, run.hasSucceeded, run.left]).toEqual([null, true, []]);
    expect(run.model.seen.ran).toEqual(harmless);
  },
);

test.each([1, 2])('statement %s of two fails: told, and the clone alone is deleted', async (number) => {
  const refusal = { message: 'no', code: '42P01', isLockTimeout: false };
  let seen = 0;
  const model = makeRehearsalModel({ onStatement: async () => (++seen === number ? refusal : null) });
  const { result } = await rehearseOnce(model, `local-failing-${number}`);
  expect(result).toMatchObject({ verdict: 'failed', failure: { error: 'ChangeFailed' } });
  await settle(model);
  expect((await model.aurora.listClusters()).clusters.map(({ identifier }) => identifier)).toEqual([
    'prod-shop',
  ]);
});

describe.each([...rehearsalPhases, 'ConcludeRehearsal'])('the function %s', (phase) => {
  const failWith = (name: string, times: number) => {
    let left = times;
    return (state: string, run: () => Promise<unknown>) =>
      state === phase && left-- > 0 ? Promise.reject(Object.assign(new Error('said so'), { name })) : run();
  };
  // What runs for minutes would only run again.
  const isRepeated = (name: string) =>
    phase !== 'RehearseChange' || name.startsWith('Lambda.TooManyRequests');

  test.each(platformErrors)('%s once: it is run again, or its failure is told', async (name) => {
    const { result, left } = await rehearseThrough({ around: failWith(name, 1) }, `local-${phase}-${name}`);
    expect([result.failure?.error ?? null, left]).toEqual([isRepeated(name) ? null : name, []]);
  });

  if (phase === 'ConcludeRehearsal') return;

  test.each(platformErrors)(
    '%s always: told by its name, with the phase and a hint; a sweep leaves nothing',
    async (name) => {
      const around = failWith(name, Number.POSITIVE_INFINITY);
      const run = await rehearseThrough({ around }, `local-${phase}-${name}-on`);
      expect(run.result.failure).toMatchObject({ phase, error: name, hint: expect.stringMatching(/\w{3}/) });
      expect(run.leftAfterSweeps).toEqual([]);
    },
  );
});
