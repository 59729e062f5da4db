import { describe, expect, test } from 'vitest';
import { nameFailure } from '../../../shared/job/failure.ts';
import { explainRehearsal } from '../../../shared/rehearsal/words.ts';
import { makeChange } from './measured-fixture.ts';
import { makeRehearsal, nothingRun, safeRehearsal } from './rehearsal-fixture.ts';

test('the story: unsafe, the execution has failed, and what to do is the safer way with its source', () => {
  const rehearsal = makeRehearsal();
  expect(rehearsal).toMatchObject({
    verdict: 'unsafe',
    failure: {
      phase: 'RehearseChange',
      error: 'ChangeUnsafe',
      cause: expect.stringMatching(/^statement 1: every write to public\.users waits 87 s.*, and 3 more$/),
    },
  });
  const { sentence, steps } = explainRehearsal(rehearsal);
  expect(sentence).toMatch(
    /^The change of shop is unsafe: statement 1: every write to public\.users waits 87 s/,
  );
  expect(steps[0]).toEqual({
    words: expect.stringMatching(/^statement 1: add the column without its default/),
    source: expect.stringMatching(/^https:\/\/www\.postgresql\.org/),
  });
});

test('its safer form: safe, no failure, how long anybody waits, and what would undo it', () => {
  expect(safeRehearsal).toMatchObject({ verdict: 'safe', failure: null, advice: { safer: [] } });
  expect(safeRehearsal.advice.undo).toEqual([expect.objectContaining({ statement: 2, isLossy: false })]);
  expect(safeRehearsal.advice.wayBack).toContain('neither Backtrack nor a restore');
  const { sentence, steps } = explainRehearsal(safeRehearsal);
  expect(sentence).toBe(
    'The change of shop is safe: 2 statements in 2.2 s, the longest wait of a read is 201 ms, of a write 203 ms.',
  );
  expect(steps).toEqual([
    { words: expect.stringContaining('run it on production as it was rehearsed'), source: null },
  ]);
});

test('only the queue was too long: a lock timeout is advised, whatever the statement does', () => {
  const { measured } = makeRehearsal();
  const [statement] = measured?.statements ?? [];
  const [table] = statement?.tables ?? [];
  const wait = { longestMs: 2005, stretches: [{ fromMs: 0, toMs: 2005 }] };
  const rehearsal = makeRehearsal({
    measured: makeChange([
      {
        ...statement,
        toMs: 2010,
        tables:
          table === undefined
            ? []
            : [{ ...table, blockedRead: wait, blockedWrite: wait, queuedMs: 2000, isRewritten: false }],
      },
    ]),
  });
  expect(rehearsal.advice.safer.map(({ words }) => words)).toEqual([expect.stringContaining('lock_timeout')]);
});

describe('the failure of the execution', () => {
  test.each([
    [
      'ChangeFailed',
      [{ error: { message: 'no such table', code: '42P01', doneBefore: 'nothing was done' } }],
    ],
    ['ChangeNotMeasured', []],
  ])('%s', (error, statements) => {
    expect(makeRehearsal({ measured: makeChange(statements) }).failure?.error).toBe(error);
  });

  test('a teardown that failed after a safe change: safe, and failed all the same', () => {
    const left = nameFailure('CheckTeardown', 'TeardownFailed', 'it still deletes');
    const rehearsal = makeRehearsal({ measured: safeRehearsal.measured, failures: [left] });
    expect([rehearsal.verdict, rehearsal.failure?.error]).toEqual(['safe', 'TeardownFailed']);
  });

  test('the same after an unsafe one: the verdict comes first', () => {
    const left = nameFailure('CheckTeardown', 'TeardownFailed', 'it still deletes');
    const { failure, otherFailures } = makeRehearsal({ failures: [left] });
    expect([failure?.error, otherFailures[0]?.error]).toEqual(['ChangeUnsafe', 'TeardownFailed']);
  });

  test('nothing was run: the failure of its phase, and no verdict of the change', () => {
    const refused = nameFailure('PrepareRehearsal', 'ChangeRefused', 'line 1: users and grants');
    const rehearsal = makeRehearsal({ ...nothingRun, failures: [refused] });
    expect(rehearsal).toMatchObject({
      verdict: 'not measured',
      failure: refused,
      otherFailures: [],
      findings: [],
    });
    expect(explainRehearsal(rehearsal).sentence).toBe(
      'The change of shop was not rehearsed: none of it was run.',
    );
  });

  test('a dry run: none, and it says what to start', () => {
    const rehearsal = makeRehearsal({ ...nothingRun, dryRun: true });
    expect([rehearsal.verdict, rehearsal.failure]).toEqual(['not measured', null]);
    const { sentence, steps } = explainRehearsal(rehearsal);
    expect(sentence).toContain('Nothing was made');
    expect(steps).toEqual([{ words: expect.stringContaining('without dryRun'), source: null }]);
  });
});

test('what the script and the clone are told of comes with the findings', () => {
  const { meaning } = explainRehearsal(
    makeRehearsal({ scriptNotes: ['Line 3: a note.'], sideEffects: 'a job runs' }),
  );
  expect(meaning).toContain('Line 3: a note.');
  expect(meaning).toContain('In the clone: a job runs.');
  expect(meaning).toContainEqual(expect.stringContaining("production's a db.r8g.4xlarge"));
});

test('what was not measured: each reason once, with its statements unless it is of all', () => {
  const { meaning } = explainRehearsal(
    makeRehearsal({
      measured: makeChange([{ notMeasured: ['no log here', 'no size'] }, { notMeasured: ['no log here'] }]),
    }),
  );
  expect(meaning).toContain('Not measured: no log here');
  expect(meaning).toContain('Not measured of statement 1: no size');
  expect(meaning.filter((line) => line.includes('no log here'))).toHaveLength(1);
});
