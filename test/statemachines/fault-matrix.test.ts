import pMap from 'p-map';
import { describe, expect, test } from 'vitest';
import { drillWorkflow } from '../../shared/drill/workflow.ts';
import { timeoutErrors, transientErrors } from '../../shared/errors.ts';
import { describeLeft, renderFaults } from './fault-table.ts';
import {
  awsCalls,
  describeEnd,
  drillWith,
  type Ended,
  errorsOf,
  type Injection,
  isKnownError,
  listCalls,
  platformErrors,
  type Situation,
  situations,
  taskStates,
  translate,
} from './injected-faults.ts';
import { changing } from './model-world.ts';

type Case = Injection & { situation: Situation };
type Outcome = Case & { ended: Ended };

/** In which a drill comes through this state. */
const situationOf = (state: string): Situation =>
  ['TakeSnapshot', 'CheckSnapshot', 'CompleteBaseline'].includes(state) ? 'fresh snapshot' : 'as made';

/** Every call of every state with every error that it may answer; a situation adds the calls that only it leads to. */
const listCases = async (): Promise<Case[]> => {
  const cases: Case[] = [];
  const seen = new Set<string>();
  for (const situation of situations) {
    for (const [state, verb] of await listCalls(situation)) {
      if (seen.has(`${state} ${verb}`)) continue;
      seen.add(`${state} ${verb}`);
      for (const error of errorsOf(verb)) {
        cases.push(
          { situation, state, verb, error, mode: 'once' },
          { situation, state, verb, error, mode: 'always' },
        );
      }
      // The effect may have come about although the answer was lost.
      if (changing.includes(verb)) cases.push({ situation, state, verb, error: 'ECONNRESET', mode: 'lost' });
    }
  }
  for (const state of taskStates) {
    for (const error of platformErrors) {
      for (const mode of ['once', 'lost', 'always'] as const) {
        cases.push({ situation: situationOf(state), state, verb: null, error, mode });
      }
    }
  }
  return cases;
};

const cases = await listCases();
const outcomes: Outcome[] = await pMap(
  cases,
  async (one) => ({ ...one, ended: await drillWith(one, one.situation) }),
  { concurrency: 16 },
);

const isTeardown = (state: string) => state === 'TearDown' || state === 'CheckTeardown';
const isCounting = (state: string) => drillWorkflow.sqlPhases.includes(state);

/** The error's name in our words, and whether the state machine runs that state again because of it. */
const readError = ({ state, verb, error }: Case): { name: string; isRetried: boolean } => {
  if (verb === null) {
    const isTimeout = (timeoutErrors as readonly string[]).includes(error);
    return { name: error, isRetried: !(isTimeout && isCounting(state)) };
  }
  const { name } = translate(verb, error);
  const isRetried =
    (transientErrors as string[]).includes(name) || (isTeardown(state) && name === 'AwsFailure');
  return { name, isRetried };
};

/** Where an error of AWS is an answer to the question, or no obstacle: what the drill makes of it. */
const answers: Record<string, { once: string; always: string }> = {
  'PrepareDrill findCluster ClusterNotFound': {
    once: 'SourceNotFound in PrepareDrill',
    always: 'SourceNotFound in PrepareDrill',
  },
  'CheckRestorePoint findCluster ClusterNotFound': {
    once: 'SourceNotFound in CheckRestorePoint',
    always: 'SourceNotFound in CheckRestorePoint',
  },
  // What was asked for just now may not be visible yet.
  'CheckCluster findCluster ClusterNotFound': { once: 'passes', always: 'ClusterUnusable in CheckCluster' },
  'CheckSnapshot findSnapshot SnapshotNotFound': {
    once: 'passes',
    always: 'SnapshotUnusable in CheckSnapshot',
  },
  'TakeSnapshot takeSnapshot TargetNameTaken': {
    once: 'passes',
    always: 'AwsUnavailable in TakeSnapshot',
  },
  'RestoreCluster restoreSnapshot TargetNameTaken': {
    once: 'passes',
    always: 'AwsUnavailable in RestoreCluster',
  },
  // The name is taken, and what has it is not to be seen: it is looked for again.
  'RestoreCluster restoreCluster TargetNameTaken': {
    once: 'passes',
    always: 'AwsUnavailable in RestoreCluster',
  },
};

const filingVerbs = ['write', 'findVersion', 'read', 'replace'];

/** A teardown leaves these to its next pass. */
const isLater = (error: string): boolean =>
  ['ClusterNotFound', 'SnapshotNotFound', 'InvalidClusterState', 'RequestRefused'].includes(error);

const expectedEnd = (one: Case): string => {
  const { state, verb, mode } = one;
  const { name, isRetried } = readError(one);
  const answer = answers[`${state} ${verb} ${name}`];
  if (answer !== undefined) return mode === 'always' ? answer.always : answer.once;
  // The estimate then says what it lacks.
  if (verb === 'readMetrics')
    return one.situation === 'blocked' ? 'TeardownFailed in CheckTeardown' : 'passes';
  // There the teardown has failed already, and telling people a second time changes no verdict.
  if (one.situation === 'blocked') return 'TeardownFailed in CheckTeardown';
  if (isTeardown(state) && isLater(name)) {
    const isLastToTry = state === 'CheckTeardown' && !verb?.startsWith('find') && mode === 'always';
    return isLastToTry ? 'TeardownFailed in CheckTeardown' : 'passes';
  }
  // A report that is not filed before the teardown is filed after it.
  if (state === 'NotifyResult' && filingVerbs.includes(verb ?? '')) return 'passes';
  // So soon after the creation, a denial may only mean that tags are not known everywhere yet.
  const isForTags = name === 'AccessDenied' && changing.includes(verb ?? '');
  if (isTeardown(state) && isForTags && !(state === 'CheckTeardown' && mode === 'always')) return 'passes';
  // While it is asked again and again, what was asked for by TearDown comes about.
  if (state === 'CheckTeardown' && verb === 'listInstances' && isRetried) return 'passes';
  if (mode !== 'always' && isRetried) return 'passes';
  // It has no state after it that could tell; the status event of the execution does.
  if (state === 'ConcludeDrill' && verb === null) return 'no result';
  return `${name} in ${state}`;
};

const name = ({ state, verb, error, mode, situation }: Case): string =>
  `${verb ?? 'the function'} in ${state} (${situation}): ${error} ${mode}`;

describe('every call of a drill with every error of AWS', () => {
  test('the matrix has every verb that a drill or a teardown calls', () => {
    const verbs = new Set(cases.flatMap(({ verb }) => verb ?? []));
    expect([...verbs].sort()).toEqual(Object.keys(awsCalls).sort());
    expect(cases.length).toBeGreaterThan(400);
  });

  test('transient errors pass, others fail the drill with their name in their phase', () => {
    const seen = outcomes.map((one) => `${name(one)}: ${describeEnd(one.ended)}`);
    expect(seen).toEqual(outcomes.map((one) => `${name(one)}: ${expectedEnd(one)}`));
  });

  test('every failure has a known name, a cause and a hint', () => {
    for (const one of outcomes) {
      const failure = one.ended.result?.failure;
      if (!failure) continue;
      expect([name(one), isKnownError(failure.error)]).toEqual([name(one), true]);
      expect([failure.cause, failure.hint].every((text) => /\w{3}/.test(text))).toBe(true);
    }
  });

  test('nothing is left, but where the teardown itself failed, which the drill says; a sweep cures it, or it is protected', () => {
    for (const one of outcomes) {
      const { result, left, leftAfterSweeps, strange } = one.ended;
      // A teardown that could not take protection off leaves what no sweep may touch.
      const kept = one.situation === 'protected' ? left : [];
      expect([name(one), leftAfterSweeps, strange]).toEqual([name(one), kept, []]);
      if (left.length > 0) expect([name(one), result?.teardown.status]).toEqual([name(one), 'failed']);
    }
  });
});

const renderTable = (): string => {
  const find = (one: Case, mode: Injection['mode']) =>
    outcomes.find(
      (other) =>
        other.state === one.state &&
        other.verb === one.verb &&
        other.error === one.error &&
        other.mode === mode,
    )?.ended;
  return renderFaults(
    outcomes
      .filter(({ mode }) => mode === 'always')
      .map((one) => {
        const once = find(one, 'once');
        return {
          call: one.verb === null ? 'the function itself' : (awsCalls[one.verb]?.operation ?? ''),
          state: one.state,
          error: one.error,
          once: once === undefined ? '' : describeEnd(once),
          always: describeEnd(one.ended),
          left: describeLeft(one.ended),
        };
      }),
  );
};

const intro = `# What a drill does when AWS fails

Every call of a drill with the errors that its requests can meet, and one that nobody knows (SomethingNew), which stands for the rest:
what one such answer does, what the same answer each time does, and what of the drill stands at its end. Each row has been run through the state machine, on a model of Aurora
with its statuses and refusals; the test that does so writes this page. ECONNRESET and TimeoutError stand for a broken network.
Retries take minutes in AWS: six of them, or as many as fit into two hours in a teardown. ConcludeDrill tries each of its calls three
times itself, and then fails the drill, so that its result is not lost; without GetMetricData only its estimate lacks figures. Each teardown
here begins within ten minutes of a creation, so a denied deletion is asked for again until then: IAM may not know the tags yet.

"What a sweep removes": the teardown failed, the drill told people so where it could, and the next sweep removed what was left. "What
somebody has to delete": the cluster is protected against deletion, so a sweep reports it and pages.

A recovery meets the same errors, and tears nothing down: [what it does](recover-faults.md).

`;

test('docs/faults.md is what was seen here', async () => {
  const page = `${intro}${renderTable()}\n`;
  console.info(page);
  await expect(page).toMatchFileSnapshot('../../docs/faults.md');
});
