import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderReport } from '../../../shared/report/page.ts';
import { makeFindings, makeHostile, makePassed, nasty } from './report-fixture.ts';

const tagsOf = (page: string) => page.slice(page.indexOf('<body')).match(/<\/?[a-z][a-z0-9]*/gi);
const plant = (text: string) => {
  const { cost, resources } = makePassed();
  return renderReport(
    makePassed({
      plan: text,
      source: text,
      target: text,
      engine: text,
      trigger: { kind: 'manual', reason: text },
      verdict: 'failed',
      failure: { phase: 'VerifyRestore', error: 'ChecksFailed', cause: text, hint: text },
      checks: makeFindings(2).map((check) => ({
        ...check,
        name: text,
        expected: text,
        actual: text,
        tolerance: text,
        reason: text,
      })),
      resources: resources.map((resource) => ({ ...resource, name: text })),
      cost: { ...cost, assumptions: [text] },
    }),
  );
};

test('any text wherever texts are shown: the elements of the page are the same', () => {
  const harmless = tagsOf(plant('harmless'));
  const piece = fc.oneof(
    fc.constantFrom('<script>', '</td>', '"', "'", '<!--', '&lt;', '\0', '\u202e', '\ud800', ']]>'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 3 }), (pieces) => {
      expect(tagsOf(plant(pieces.join('')))).toEqual(harmless);
    }),
    { numRuns: 50 },
  );
});

test('hostile drill: no script, no picture from elsewhere, and every character of a long text is there', () => {
  const page = renderReport(makeHostile());
  expect(page).not.toMatch(/<(script|img|link|iframe)/);
  expect(page).toContain('&lt;script>alert(');
  expect(page).toContain('x'.repeat(10_000));
  expect(page).not.toContain('\u202e');
  expect(nasty).toContain('\u202e');
});

test('checks of every verdict: the failed come first, then the skipped, then the passed', () => {
  const checks = [...makeFindings(2), ...makeFindings(1, 'skipped'), ...makeFindings(2, 'failed')];
  const page = renderReport(makePassed({ checks }));
  const shown = [...page.matchAll(/<\/span>(passed|failed|skipped)<\/span>/g)].map(([, verdict]) => verdict);
  expect(shown).toEqual(['failed', 'failed', 'skipped', 'passed', 'passed']);
  expect(page).toContain('2 passed, 2 failed, 1 skipped');
});

test('more checks than paper holds: the rest is counted', () => {
  expect(renderReport(makePassed({ checks: makeFindings(1500) }))).toContain(
    'Not printed: 1,474 more checks, 1,474 passed',
  );
  expect(renderReport(makePassed())).not.toContain('Not printed');
});

test('dry run: says that nothing was restored, and to no time', () => {
  const page = renderReport(
    makePassed({ dryRun: true, phases: makePassed().phases.slice(0, 2), resources: [] }),
  );
  expect(page).toContain('Nothing was restored in this dry run');
  expect(page).toContain('<dt>Restored to</dt><dd>nothing: this was a dry run</dd>');
});

test('drill that failed before it restored: restored to nothing, though the time to restore to was known', () => {
  const page = renderReport(
    makePassed({
      verdict: 'failed',
      failure: { phase: 'CheckRestorePoint', error: 'SourceNotFound', cause: 'gone', hint: 'look' },
      phases: makePassed().phases.slice(0, 3),
      checks: [],
      resources: [],
      teardown: { status: 'not-needed', deleted: [] },
    }),
  );
  expect(page).not.toContain('restored to 2026');
  expect(page).toContain(
    '<dt>Restored to</dt><dd>nothing was restored (2026-11-16 08:00:04 UTC was asked for)</dd>',
  );
  expect(page).toContain('No check was done, because the drill failed before its checks.');
});

test('teardown that left something: names it, and says that nobody has seen it go', () => {
  const [cluster] = makePassed().resources;
  if (cluster === undefined) throw new Error('the fixture has no cluster');
  const page = renderReport(
    makePassed({
      resources: [{ ...cluster, deletedAt: null }],
      teardown: { status: 'failed', deleted: [] },
    }),
  );
  expect(page).toContain('Teardown failed: what still exists costs money.');
  expect(page).toContain('✕ may still exist');
  expect(page).toContain('<caption>1 resource</caption>');
});

test.each([
  [{ seconds: 30, objectiveSeconds: 60, met: true }, 'RTO: 30 s of 60 s', 'met</strong>'],
  [{ seconds: 90, objectiveSeconds: 60, met: false }, 'RTO: 90 s instead of 60 s', 'missed</strong>'],
  [{ seconds: 0, objectiveSeconds: 0, met: true }, 'RTO: 0 ms of 0 ms', 'met</strong>'],
])('objective %o: has a picture with words', (rto, label, word) => {
  const page = renderReport(makePassed({ rto }));
  expect(page).toContain(`aria-label="${label}"`);
  expect(page).toContain(word);
});

test.each([
  [{ seconds: null, objectiveSeconds: 60, met: null }, 'objective 60 s, neither met nor missed'],
  [{ seconds: 30, objectiveSeconds: null, met: null }, 'no objective set'],
])('objective %o: has words and no picture', (rto, words) => {
  const page = renderReport(makePassed({ rto }));
  expect(page).toContain(words);
  expect(page).not.toContain('aria-label="RTO');
});

test('cost: every assumption stands beside the figure', () => {
  const page = renderReport(makePassed());
  expect(page).toContain('0.05 to 0.31 USD');
  for (const assumption of makePassed().cost.assumptions) expect(page).toContain(assumption);
});

test('instants: for people in the text, exact in the attribute', () => {
  expect(renderReport(makePassed({ startedAt: '2026-11-16T08:00:00.125Z' }))).toContain(
    '<time datetime="2026-11-16T08:00:00.125Z" class="numeric">2026-11-16 08:00:00 UTC</time>',
  );
});

test('checks failed, message not sent, teardown failed: each phase is marked, and all that went wrong is told', () => {
  const hint = 'see its log';
  const page = renderReport(
    makePassed({
      verdict: 'failed',
      failure: { phase: 'VerifyRestore', error: 'ChecksFailed', cause: 'rows', hint },
      otherFailures: [
        { phase: 'NotifyResult', error: 'NotificationFailed', cause: 'no topic', hint: 'make the topic' },
        { phase: 'CheckTeardown', error: 'TeardownFailed', cause: 'still deleting', hint },
      ],
      teardown: { status: 'failed', deleted: [] },
    }),
  );
  const marked = [...page.matchAll(/>✕ ([A-Z]\w+)<\/text>/g)].map(([, name]) => name);
  expect(marked).toEqual(['VerifyRestore', 'NotifyResult', 'CheckTeardown']);
  expect(page.match(/✕ failed here/g)).toHaveLength(3);
  expect(page).not.toContain('tell people');
  const others = page.slice(page.indexOf('What else went wrong'));
  for (const words of ['NotificationFailed', 'no topic', 'Make the topic.', 'still deleting']) {
    expect(others).toContain(words);
  }
});

test('one failure: nothing stands under what else went wrong', () => {
  const failure = { phase: 'VerifyRestore', error: 'ChecksFailed', cause: 'rows', hint: 'look' } as const;
  expect(renderReport(makePassed({ verdict: 'failed', failure }))).not.toContain('What else went wrong');
});

test.each(['TearDown', 'CheckTeardown'] as const)(
  'teardown failed and no failure says so, %s the last phase: that phase is marked',
  (last) => {
    const all = makePassed().phases;
    const phases = all.slice(0, all.findIndex(({ name }) => name === last) + 1);
    const page = renderReport(makePassed({ phases, teardown: { status: 'failed', deleted: [] } }));
    expect([...page.matchAll(/>✕ ([A-Z]\w+)<\/text>/g)].map(([, name]) => name)).toEqual([last]);
  },
);

test.each([
  ['VerifyRestore', false, 'No check is listed, because the failure left none to list'],
  ['CaptureBaseline', true, 'No check is listed, because the dry run failed before it knew'],
] as const)('no checks after a failure in %s, dry run %s: says why', (phase, dryRun, words) => {
  const failure = { phase, error: 'NothingVerified', cause: 'none', hint: 'look' };
  const page = renderReport(makePassed({ verdict: 'failed', dryRun, failure, checks: [] }));
  expect(page).toContain(words);
  expect(page).toContain('<dt>Compared with</dt><dd>nothing</dd>');
});

test.each([
  ['same-instant', 'passed', 'production at that instant'],
  ['same-instant', 'skipped', 'nothing'],
  ['none', 'passed', 'nothing in production, which can no longer be read at that instant'],
] as const)('baseline %s, checks %s: compared with %s', (baseline, verdict, words) => {
  const restore = { ...makePassed().restore, baseline };
  const page = renderReport(makePassed({ restore, checks: makeFindings(2, verdict) }));
  expect(page).toContain(`<dt>Compared with</dt><dd>${words}</dd>`);
});

test('navigation: each of its links leads to a heading of the page', () => {
  const page = renderReport(makePassed());
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, name]) => name);
  expect(targets.length).toBeGreaterThan(5);
  for (const name of targets) expect(page).toContain(`<h2 id="${name}">`);
});
