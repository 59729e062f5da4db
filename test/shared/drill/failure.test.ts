import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findFailure, listFailures } from '../../../shared/drill/failure.ts';
import { type DrillState, type Phase, phases } from '../../../shared/drill/state.ts';
import { DrillError, type ErrorName, errorCatalog } from '../../../shared/errors.ts';
import { readCaughtError } from '../../../shared/job/failure.ts';
import type { Wait } from '../../../shared/job/state.ts';
import {
  at,
  dropPhases,
  makeCheck,
  makeDrillStoppedIn,
  makeDrillUpTo,
  makeDrillWithChecks,
  makeDryRun,
  makePassedDrill,
} from './state-fixture.ts';

/** The passed drill with one phase's piece changed. */
const change = <P extends Phase>(phase: P, changes: Partial<DrillState[P]>): DrillState => {
  const state = makePassedDrill();
  return { ...state, [phase]: { ...state[phase], ...changes } };
};

const withObjectives = (rtoSeconds: number | null, rpoSeconds: number | null): DrillState =>
  change('PrepareDrill', { objectives: { rtoSeconds, rpoSeconds } });

test('everything went well: no failure, at the end and already when people are told', () => {
  expect(findFailure(makePassedDrill())).toBeNull();
  expect(findFailure(makeDrillUpTo('VerifyRestore'))).toBeNull();
});

test('a dry run: no failure without a restore', () => {
  expect(findFailure(makeDryRun())).toBeNull();
});

test.each(phases)('an error caught in %s: the drill has failed there', (phase) => {
  const failure = findFailure(makeDrillStoppedIn(phase, { Error: 'AccessDenied', Cause: 'not authorized' }));
  expect(failure).toMatchObject({ phase, error: 'AccessDenied', cause: 'not authorized' });
});

test('errors in several phases: the first in the order of the phases is the failure', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...phases], { minLength: 1 }), (failed) => {
      const failures = Object.fromEntries(failed.map((phase) => [phase, { Error: 'AwsFailure' }]));
      const first = phases.find((phase) => failed.includes(phase));
      expect(findFailure({ ...makePassedDrill(), failures })?.phase).toBe(first);
    }),
  );
});

test('an error in a dry run: the dry run has failed', () => {
  const state = { ...makeDryRun(), failures: { CaptureBaseline: { Error: 'DatabaseDenied' } } };
  expect(findFailure(state)).toMatchObject({ phase: 'CaptureBaseline', error: 'DatabaseDenied' });
});

test.each(['PrepareDrill', 'RestoreCluster', 'VerifyRestore'] as const)(
  'no %s and no failure recorded, whatever else is missing: the drill has failed',
  (needed) => {
    fc.assert(
      fc.property(fc.subarray([...phases]), (missing) => {
        expect(findFailure(dropPhases(makePassedDrill(), ...missing, needed))).not.toBeNull();
      }),
    );
  },
);

test('nothing but the execution in the state data: failed with UnreadableAnswer', () => {
  const { execution } = makePassedDrill();
  expect(findFailure({ execution })).toMatchObject({ phase: 'VerifyRestore', error: 'UnreadableAnswer' });
});

test.each([
  ['CheckRestorePoint', 'SourceNotFound'],
  ['CheckCluster', 'ClusterUnusable'],
  ['CheckWriter', 'DeadlineExceeded'],
] as const)('%s fails with %s: that is the failure, with the hint of the error', (phase, error) => {
  const state = change(phase, { status: 'failed', error, reason: 'as it was seen' });
  const { hint } = errorCatalog[error];
  expect(findFailure(state)).toEqual({ phase, error, cause: 'as it was seen', hint });
});

test.each([
  ['failed without an error', { status: 'failed' }],
  ['of a status on no list', { status: 'resting' as Wait['status'] }],
])('a wait %s: UnreadableAnswer', (_, wait) => {
  const { error, ...rest } = { ...makePassedDrill().CheckCluster, error: undefined, ...wait };
  const state = { ...makePassedDrill(), CheckCluster: rest } as DrillState;
  expect(findFailure(state)).toMatchObject({ phase: 'CheckCluster', error: 'UnreadableAnswer' });
});

test('one check failed: ChecksFailed with its name and reason', () => {
  const failed = makeCheck({ verdict: 'failed', reason: '7 rows missing, 1 allowed' });
  expect(findFailure(makeDrillWithChecks(makeCheck(), failed))).toMatchObject({
    phase: 'VerifyRestore',
    error: 'ChecksFailed',
    cause: 'rows public.users: 7 rows missing, 1 allowed',
  });
});

test('several checks failed: the first is named, and how many more', () => {
  const failed = makeCheck({ verdict: 'failed', reason: 'off' });
  const two = findFailure(makeDrillWithChecks(failed, makeCheck(), failed));
  expect(two?.cause).toBe('rows public.users: off, and 1 more');
  const three = findFailure(makeDrillWithChecks(failed, makeCheck(), failed, failed));
  expect(three?.cause).toBe('rows public.users: off, and 2 more');
});

test.each([
  ['no check at all', []],
  ['skipped checks only', [makeCheck({ verdict: 'skipped' }), makeCheck({ verdict: 'skipped' })]],
])('%s: NothingVerified', (_, checks) => {
  expect(findFailure(makeDrillWithChecks(...checks))).toMatchObject({ error: 'NothingVerified' });
});

test('any checks: no failure if and only if none failed and at least one passed', () => {
  const check = fc.constantFrom('passed', 'failed', 'skipped').map((verdict) => makeCheck({ verdict }));
  fc.assert(
    fc.property(fc.array(check, { maxLength: 6 }), (checks) => {
      const verdicts = checks.map(({ verdict }) => verdict);
      const isProven = verdicts.includes('passed') && !verdicts.includes('failed');
      expect(findFailure(makeDrillWithChecks(...checks)) === null).toBe(isProven);
    }),
  );
});

test('verified after the deadline: DeadlineExceeded, although all checks passed', () => {
  const state = change('PrepareDrill', { deadline: at('08:25:09') });
  expect(findFailure(state)).toMatchObject({ phase: 'VerifyRestore', error: 'DeadlineExceeded' });
});

test.each([
  ['RTO as long as its objective', withObjectives(1212, null), undefined],
  ['RTO a second longer', withObjectives(1211, null), 'RTO 20 min 12 s, objective 20 min 11 s'],
  ['RPO as long as its objective', withObjectives(null, 180), undefined],
  ['RPO a second longer', withObjectives(null, 179), 'RPO 3 min, objective 2 min 59 s'],
  ['no objectives', withObjectives(null, null), undefined],
])('%s: ObjectiveMissed only when it is longer', (_, state, cause) => {
  const missed = { error: 'ObjectiveMissed', cause };
  expect(findFailure(state)).toEqual(cause === undefined ? null : expect.objectContaining(missed));
});

test.each([
  ['still pending at the end', change('CheckTeardown', { status: 'pending', reason: 'being deleted: x' })],
  ['past its deadline', change('CheckTeardown', { status: 'failed', reason: 'being deleted: x' })],
  [
    'begun and never looked after',
    dropPhases(change('TearDown', { reason: 'being deleted: x' }), 'CheckTeardown'),
  ],
])('teardown %s: TeardownFailed with what is left', (_, state) => {
  const failed = { phase: 'CheckTeardown', error: 'TeardownFailed', cause: 'being deleted: x' };
  expect(findFailure(state)).toMatchObject(failed);
});

test.each(Object.keys(errorCatalog) as ErrorName[])(
  '%s thrown in a Lambda function: cause and hint are read from the JSON of the Cause',
  (name) => {
    const { message } = new DrillError(name, 'cluster app: expected available, seen "failed"');
    const Cause = JSON.stringify({ errorType: name, errorMessage: message, trace: ['at handler'] });
    expect(readCaughtError({ Error: name, Cause })).toEqual({
      error: name,
      cause: 'cluster app: expected available, seen "failed"',
      hint: errorCatalog[name].hint,
    });
  },
);

test.each([
  ['plain words', 'the function ran out of memory', 'the function ran out of memory'],
  ['JSON without errorMessage', '{"a":1}', '{"a":1}'],
  ['JSON null', 'null', 'null'],
  ['an empty Cause', '', 'Lambda.Unknown, without further words'],
])('Cause of %s: shown as it is, with a hint from the name of the error', (_, Cause, cause) => {
  const { hint, ...failure } = readCaughtError({ Error: 'Lambda.Unknown', Cause });
  expect(failure).toEqual({ error: 'Lambda.Unknown', cause });
  expect(hint).toContain('see its log');
});

test.each(['States.Timeout', 'States.DataLimitExceeded', 'Sandbox.Timedout', 'TypeError'])(
  '%s without a Cause: a cause and a hint all the same',
  (name) => {
    const { cause, hint } = readCaughtError({ Error: name });
    expect(cause).toContain(name);
    expect(hint).not.toBe('');
  },
);

test('a dry run without a baseline: nothing was validated, so it has failed', () => {
  expect(findFailure(dropPhases(makeDryRun(), 'CaptureBaseline'))).toMatchObject({
    error: 'UnreadableAnswer',
  });
});

test('a first answer whose time cannot be read: its objective is missed, not met', () => {
  const { VerifyRestore } = withObjectives(3600, null);
  const state = {
    ...withObjectives(3600, null),
    VerifyRestore: VerifyRestore && { ...VerifyRestore, firstAnswerAt: 'soon' },
  };
  expect(findFailure(state as DrillState)).toMatchObject({ error: 'ObjectiveMissed' });
});

test('several things went wrong: each of them, in the order of the phases, and not what they kept from being done', () => {
  const failures = {
    AddWriter: { Error: 'CapacityUnavailable' },
    NotifyResult: { Error: 'NotificationFailed' },
    TearDown: { Error: 'AccessDenied' },
  };
  const state = { ...dropPhases(makePassedDrill(), 'AddWriter', 'CheckWriter', 'VerifyRestore'), failures };
  expect(listFailures(state).map(({ phase, error }) => [phase, error])).toEqual([
    ['AddWriter', 'CapacityUnavailable'],
    ['NotifyResult', 'NotificationFailed'],
    ['TearDown', 'AccessDenied'],
  ]);
});

test('checks failed, and so did the teardown: both', () => {
  const state = makeDrillWithChecks(makeCheck({ verdict: 'failed' }));
  const { CheckTeardown } = makePassedDrill();
  const left = { ...state, CheckTeardown: { ...CheckTeardown, status: 'failed' as const } };
  expect(listFailures(left).map(({ error }) => error)).toEqual(['ChecksFailed', 'TeardownFailed']);
});
