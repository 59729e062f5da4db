import pMap from 'p-map';
import { describe, expect, test } from 'vitest';
import { timeoutErrors, transientErrors } from '../../../shared/errors.ts';
import { recoveryPhases } from '../../../shared/recovery/document.ts';
import { renderFaults } from '../fault-table.ts';
import { awsCalls, isKnownError } from '../injected-faults.ts';
import { changing } from '../model-world.ts';
import { type Ended, type Fault, faultsOf, knownVerb, platformFaults, recoverWith } from './fault-runs.ts';

type Outcome = Fault & { ended: Ended };

const calls = [...new Set((await recoverWith(null)).calls)].map(
  (call) => call.split(' ') as [string, string],
);

const states = [...recoveryPhases, 'ConcludeRecovery'];

const cases: Fault[] = [
  ...calls.flatMap(([state, verb]) => [
    ...faultsOf(verb).flatMap(([error, fault]) =>
      (['once', 'always'] as const).map((mode) => ({ state, verb, error, fault, mode })),
    ),
    // The effect may have come about although the answer was lost.
    ...faultsOf(verb)
      .filter(([error]) => changing.includes(verb) && error === 'ECONNRESET')
      .map(([error, fault]) => ({ state, verb, error, fault, mode: 'lost' as const })),
  ]),
  ...states.flatMap((state) =>
    platformFaults.flatMap(([error, fault]) =>
      (['once', 'lost', 'always'] as const).map((mode) => ({ state, verb: null, error, fault, mode })),
    ),
  ),
];

const outcomes: Outcome[] = await pMap(cases, async (one) => ({ ...one, ended: await recoverWith(one) }), {
  concurrency: 16,
});

const name = ({ state, verb, error, mode }: Fault): string =>
  `${verb ?? 'the function'} in ${state}: ${error} ${mode}`;

/** Without these a recovery is as good: it says what it does not know, or does it again in the end. */
const spared = [
  'PrepareRecovery read',
  'PrepareRecovery readQuotas',
  'HandOver file',
  'ConcludeRecovery findCluster',
  'ConcludeRecovery listInstances',
];

const isRetried = ({ state, verb, fault }: Fault): boolean => {
  const names: readonly string[] = verb === null ? platformFaults.map(([error]) => error) : transientErrors;
  // What counts for minutes would only count again.
  const isCounting = state === 'VerifyRecovery' && [...timeoutErrors, 'OutOfTime'].includes(fault.name);
  return names.includes(fault.name) && !isCounting;
};

const expectedEnd = (one: Fault): string => {
  const { state, verb, fault, mode } = one;
  if (spared.includes(`${state} ${verb}`) || state === 'CheckSideEffects') return 'passes';
  if (mode !== 'always' && isRetried(one)) return 'passes';
  // It has no state after it that could tell; the status event of the execution does.
  if (state === 'ConcludeRecovery' && verb === null) return 'no result';
  // A cluster that has the name and is not to be seen may become visible.
  if (verb === 'restoreCluster' && fault.name === 'TargetNameTaken')
    return mode === 'always' ? 'AwsUnavailable in RestoreCluster' : 'passes';
  return `${fault.name} in ${state}`;
};

const describeEnd = ({ result }: Ended): string => {
  if (result === null) return 'no result';
  return result.failure === null ? 'passes' : `${result.failure.error} in ${result.failure.phase}`;
};

describe('every call of a recovery with every error of AWS', () => {
  test('the calls that are tried are those of every state', () => {
    const phases = new Set(calls.map(([state]) => state));
    expect([...phases].sort()).toEqual(states.toSorted());
    expect(cases.length).toBeGreaterThan(500);
  });

  test('transient errors pass, others fail the recovery with their name in their phase', () => {
    const seen = outcomes.map((one) => `${name(one)}: ${describeEnd(one.ended)}`);
    expect(seen).toEqual(outcomes.map((one) => `${name(one)}: ${expectedEnd(one)}`));
    for (const { ended } of outcomes)
      expect(ended.hasSucceeded).toBe(ended.result !== null && ended.result.failure === null);
  });

  test('every failure has a known name, a cause and a hint, and people are told', () => {
    for (const one of outcomes) {
      const failure = one.ended.result?.failure ?? null;
      // Nobody is told where telling is what fails.
      if (one.verb !== 'notify' && one.ended.result !== null)
        expect([name(one), one.ended.told]).toEqual([name(one), expect.stringMatching(/^recovery-/)]);
      if (failure === null) continue;
      expect([name(one), isKnownError(failure.error)]).toEqual([name(one), true]);
      expect([failure.cause, failure.hint].every((text) => /\w{3}/.test(text))).toBe(true);
    }
  });

  test('everything that stands is told by name, nothing was deleted or modified, and each thing is there once', () => {
    for (const one of outcomes) {
      const { result, standing, changes, clusters } = one.ended;
      if (result === null) continue;
      const told = result.resources.map((resource) => resource.name);
      expect([name(one), standing.filter((thing) => !told.includes(thing))]).toEqual([name(one), []]);
      const verbs = changes.map((change) => change.split(' ')[0] ?? '');
      expect([name(one), verbs.filter((verb) => !['restoreCluster', 'addWriter'].includes(verb))]).toEqual([
        name(one),
        [],
      ]);
      expect([name(one), clusters]).toEqual([name(one), standing.length === 0 ? 1 : 2]);
      expect(result.cluster?.owner ?? null).toBeNull();
    }
  });
});

const describeStanding = ({ standing }: Ended): string => {
  const [cluster, ...instances] = standing;
  if (cluster === undefined) return 'nothing';
  return ['cluster', ...instances.map((one) => one.replace(`${cluster}-`, '').replace(/-\d+$/, ''))].join(
    ', ',
  );
};

const intro = `# What a recovery does when AWS fails

Every call of a recovery with the errors that its requests can meet, and one that nobody knows (SomethingNew), as on the page of
[the drill](faults.md): what one such answer does, what the same answer each time does, and what stands of the recovery then. Nothing is
ever torn down: the message lists what stands, what it costs and how to go on, and another start with the same input goes on with it.

Without quotas, the history or an answer of production a recovery goes on. A failure in or after VerifyRecovery leaves a cluster with its
writer, and the readers are added all the same. ConcludeRecovery tries each of its calls three times itself.

`;

test('docs/recover-faults.md is what was seen here', async () => {
  const find = (one: Fault, mode: Fault['mode']) =>
    outcomes.find((other) => name(other) === name({ ...one, mode }))?.ended;
  const table = renderFaults(
    outcomes
      .filter(({ mode }) => mode === 'always')
      .map((one) => {
        const once = find(one, 'once');
        return {
          call: one.verb === null ? 'the function itself' : operationOf(one.verb),
          state: one.state,
          error: one.error,
          once: once === undefined ? '' : describeEnd(once),
          always: describeEnd(one.ended),
          left: describeStanding(one.ended),
        };
      }),
  );
  await expect(`${intro}${table}\n`).toMatchFileSnapshot('../../../docs/recover-faults.md');
});

const operations: Record<string, string> = {
  open: 'a session of the database',
  readQuotas: 'DescribeAccountAttributes',
};

const operationOf = (verb: string): string =>
  operations[verb] ?? awsCalls[knownVerb(verb)]?.operation ?? verb;
