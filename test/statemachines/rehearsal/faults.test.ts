import { describe, expect, test } from 'vitest';
import { rehearsalPhases } from '../../../shared/rehearsal/document.ts';
import {
  type Call,
  expectedName,
  failFunction,
  isRetried,
  listCases,
  listRows,
  runCases,
  type Watch,
  watchCalls,
} from '../call-faults.ts';
import { renderFaults } from '../fault-table.ts';
import { platformErrors, translate } from '../injected-faults.ts';
import { changing, findLeft, settle, sweepUntilGone } from '../model-world.ts';
import { harmless, makeRehearsalModel, type RehearsalModel, rehearseOnce } from './world.ts';

/** Runs a rehearsal in which each call goes through these. */
const rehearseThrough = async (watch: Watch, name: string) => {
  const model = makeRehearsalModel();
  const { aurora, through, aroundTask } = watchCalls(watch);
  const { world } = model;
  const wrapped: RehearsalModel['world'] = {
    ...world,
    aurora: aurora(world.aurora),
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
  const ended = await rehearseOnce({ world: wrapped }, name, { aroundTask });
  await settle(model);
  const left = await findLeft(model, name);
  await sweepUntilGone(model);
  await settle(model);
  return { ...ended, model, left, leftAfterSweeps: await findLeft(model, name) };
};

const calls = new Set<Call>();
await rehearseThrough({ before: (call) => void calls.add(call) }, 'local-faults-none');
const cases = listCases(calls, ['open', 'resolve', 'identify', 'probe']);

test('the calls that are tried are those of every state', () => {
  const phases = new Set([...calls].map((call) => call.split(' ')[0]));
  expect([...phases].sort()).toEqual([...rehearsalPhases, 'ConcludeRehearsal'].sort());
  expect(cases.length).toBeGreaterThan(120);
});

const outcomes = await runCases(cases, rehearseThrough, 'ConcludeRehearsal');

test.each(outcomes.filter(isRetried))(
  '$call answers $error at first: the change is rehearsed, once, and nothing is left',
  ({ first }) => {
    expect([first.result.failure, first.hasSucceeded, first.left]).toEqual([null, true, []]);
    expect(first.model.seen.ran).toEqual(harmless);
  },
);

/** The last state files again what is not filed before the teardown. */
const spared = ['NotifyRehearsal file'];

test.each(outcomes)(
  '$call answers $error always: it ends with name, phase and hint, and nothing is left',
  ({ always, ...one }) => {
    const { call } = one;
    const { failure } = always.result;
    if (spared.includes(call)) expect([failure, always.hasSucceeded]).toEqual([null, true]);
    else {
      expect(failure).toMatchObject({ phase: call.split(' ')[0], error: expectedName(one) });
      expect(failure?.hint).toMatch(/\w{3}/);
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

const intro = `# What a rehearsal does when AWS fails

As [of a drill](faults.md): every call of a rehearsal before its teardown, with the errors that it can meet. Each row has been run through the state machine, on a model of Aurora; the test
that does so writes this page. The teardown is that of a drill. The change is run on a clone once at most: an error that is met while it runs is not retried.

`;

test('docs/rehearse-faults.md is what was seen here', async () => {
  const rows = listRows(outcomes, operations);
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
  // What runs for minutes would only run again.
  const isRepeated = (name: string) =>
    phase !== 'RehearseChange' || name.startsWith('Lambda.TooManyRequests');

  test.each(platformErrors)('%s once: it is run again, or its failure is told', async (name) => {
    const { result, left } = await rehearseThrough(
      { around: failFunction(phase, name, 1) },
      `local-${phase}-${name}`,
    );
    expect([result.failure?.error ?? null, left]).toEqual([isRepeated(name) ? null : name, []]);
  });

  if (phase === 'ConcludeRehearsal') return;

  test.each(platformErrors)(
    '%s always: told by its name, with the phase and a hint; a sweep leaves nothing',
    async (name) => {
      const around = failFunction(phase, name, Number.POSITIVE_INFINITY);
      const run = await rehearseThrough({ around }, `local-${phase}-${name}-on`);
      expect(run.result.failure).toMatchObject({ phase, error: name, hint: expect.stringMatching(/\w{3}/) });
      expect(run.leftAfterSweeps).toEqual([]);
    },
  );
});
