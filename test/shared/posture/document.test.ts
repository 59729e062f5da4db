import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { postureRules } from '../../../shared/plan/posture.ts';
import { listChanges } from '../../../shared/posture/changes.ts';
import {
  countFindings,
  formatPosture,
  listFailing,
  type PostureDocument,
  parsePosture,
} from '../../../shared/posture/document.ts';
import { type PostureVerdict, postureVerdicts } from '../../../shared/posture/finding.ts';
import { checkedAt, makeCluster, makeFleet, makePosture } from './posture-fixture.ts';

const names = (document: PostureDocument) => document.clusters.map(({ cluster }) => cluster);

test('clusters: most failing rules first, then most unreadable ones, then by name', () => {
  const document = makePosture([
    makeCluster('b'),
    makeCluster('unreadable', { encryption: 'unreadable' }),
    makeCluster('a-10'),
    makeCluster('one', { encryption: 'fail' }),
    makeCluster('one-more', { encryption: 'fail', coverage: 'unreadable' }),
    makeCluster('two', { encryption: 'fail', coverage: 'fail' }),
    makeCluster('a-1'),
  ]);
  expect(names(document)).toEqual(['two', 'one-more', 'one', 'unreadable', 'a-1', 'a-10', 'b']);
});

const anyVerdict = fc.constantFrom(...postureVerdicts);
/** Three clusters, each of which may be listed, unreadable or absent. Most findings are of a few rules. */
const anyFleet = fc
  .array(
    fc.record({
      state: fc.constantFrom('listed', 'listed', 'listed', 'unreadable', 'absent'),
      verdicts: fc.record({ encryption: anyVerdict, coverage: anyVerdict, backtrack: anyVerdict }),
    }),
    { minLength: 3, maxLength: 3 },
  )
  .map((states) => states.map((one, index) => ({ ...one, cluster: `c${index}` })));
const anyOrder = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });
type Fleet = typeof anyFleet extends fc.Arbitrary<infer Value> ? Value : never;

const judge = (fleet: Fleet, before: PostureDocument | null = null, words = ''): PostureDocument =>
  makePosture(
    fleet
      .filter(({ state }) => state === 'listed')
      .map(({ cluster, verdicts }) => makeCluster(cluster, verdicts, words)),
    {
      before,
      unreadable: fleet
        .filter(({ state }) => state === 'unreadable')
        .map(({ cluster }) => ({ cluster, reason: `odd${words}` })),
    },
  );

describe('any fleet', () => {
  test('the same facts in any order: the same text, which is read as it was written', () => {
    fc.assert(
      fc.property(anyFleet, anyFleet, anyOrder, (first, fleet, order) => {
        const before = judge(first);
        const document = judge(fleet, before);
        const text = formatPosture(document);
        expect(
          formatPosture(
            judge(
              order.flatMap((index) => fleet[index] ?? []),
              before,
            ),
          ),
        ).toBe(text);
        expect(parsePosture(text)).toEqual(document);
        // Again, with this one as the last.
        expect(formatPosture(judge(fleet, document))).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  test('the same verdicts with other words: nothing has changed', () => {
    fc.assert(
      fc.property(anyFleet, anyFleet, (first, fleet) => {
        const document = judge(fleet, judge(first));
        expect(listChanges(document, judge(fleet, document, ' of another day'))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('days of it: a finding fails since the day that its last readable verdict was no failure, and once', () => {
    fc.assert(
      fc.property(fc.array(anyFleet, { maxLength: 6 }), (days) => {
        const lastKnown = new Map<string, PostureVerdict>();
        let before: PostureDocument | null = null;
        for (const fleet of days) {
          const now: PostureDocument = judge(fleet, before);
          const expected = { fails: [] as string[], mended: [] as string[] };
          for (const { cluster, state, verdicts } of fleet) {
            for (const rule of ['encryption', 'coverage', 'backtrack'] as const) {
              const key = `${cluster}/${rule}`;
              if (state === 'absent') lastKnown.delete(key);
              if (state !== 'listed' || verdicts[rule] === 'unreadable') continue;
              const had = lastKnown.get(key) === 'fail';
              if (had !== (verdicts[rule] === 'fail')) expected[had ? 'mended' : 'fails'].push(key);
              lastKnown.set(key, verdicts[rule]);
            }
          }
          const changes = listChanges(before, now);
          for (const kind of ['fails', 'mended'] as const)
            expect(
              changes.flatMap((one) => (one.kind === kind ? [`${one.cluster}/${one.rule}`] : [])).sort(),
            ).toEqual(expected[kind].sort());
          expect(
            listFailing(now)
              .map(({ cluster, rule }) => `${cluster}/${rule}`)
              .sort(),
          ).toEqual([...lastKnown].flatMap(([key, verdict]) => (verdict === 'fail' ? [key] : [])).sort());
          before = now;
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('what changed', () => {
  const kindsOf = (before: PostureDocument | null, now: PostureDocument) =>
    listChanges(before, now).map((change) =>
      'rule' in change
        ? `${change.kind} ${change.cluster} ${change.rule}`
        : `${change.kind} ${change.cluster}`,
    );
  const clean = makePosture([makeCluster('shop')]);
  const failing = makePosture([makeCluster('shop', { encryption: 'fail' })]);
  const odd = { unreadable: [{ cluster: 'shop', reason: 'it lacks a status' }] };

  test.each<[string, PostureDocument | null, PostureDocument, string[]]>([
    ['the first run of all: what fails', null, failing, ['fails shop encryption']],
    ['the first run, in which nothing fails: nothing', null, clean, []],
    ['a new cluster that fails something', makePosture([]), failing, ['fails shop encryption', 'new shop']],
    ['a cluster that is gone', failing, makePosture([]), ['gone shop']],
    ['a cluster that cannot be listed', failing, makePosture([], odd), ['unlisted shop']],
    ['the same once more', makePosture([], odd), makePosture([], odd), []],
    [
      'one that can be listed again, and not read in full: that was told',
      makePosture([], odd),
      makePosture([makeCluster('shop', { coverage: 'unreadable' })]),
      postureRules.filter((rule) => rule !== 'coverage').map((rule) => `other shop ${rule}`),
    ],
    [
      'one that fails when it can be listed again',
      makePosture([], odd),
      failing,
      postureRules.map((rule) => `${rule === 'encryption' ? 'fails' : 'other'} shop ${rule}`),
    ],
    [
      'a failure that is waived',
      failing,
      makePosture([makeCluster('shop', { encryption: 'waived' })]),
      ['mended shop encryption'],
    ],
    [
      'a pass that does not apply any more: nobody needs to hear',
      clean,
      makePosture([makeCluster('shop', { encryption: 'not-applicable' })]),
      ['other shop encryption'],
    ],
    [
      'a pass that cannot be read',
      clean,
      makePosture([makeCluster('shop', { encryption: 'unreadable' })]),
      ['unreadable shop encryption'],
    ],
  ])('%s', (_, before, now, expected) => expect(kindsOf(before, now)).toEqual(expected));

  test('a cluster that is gone says how much of it failed', () => {
    expect(listChanges(failing, makePosture([]))).toEqual([{ kind: 'gone', cluster: 'shop', failed: 1 }]);
  });
});

describe('reading a posture.json', () => {
  test('keys of a later version stay, and rules that are not known here are left out', () => {
    const document = makeFleet(2);
    const later = {
      ...document,
      more: 1,
      clusters: document.clusters.map((one) => ({
        ...one,
        findings: [...one.findings, { ...one.findings[0], rule: 'moon' }],
      })),
      failedBefore: [{ cluster: 'shop', rule: 'moon' }],
    };
    expect(parsePosture(JSON.stringify(later))).toEqual({ ...document, more: 1, failedBefore: [] });
  });

  test.each([
    ['no JSON', '{', 'JSON'],
    ['something else', '[]', 'expected object'],
    ['another file of ours', '{"schema":"aurora-drills/index/1","drills":[]}', 'schema'],
    [
      'an unknown verdict',
      JSON.stringify({
        ...makePosture([]),
        clusters: [{ ...makeCluster('shop'), findings: [{ rule: 'encryption', verdict: 'perhaps' }] }],
      }),
      'verdict',
    ],
    ['no time', JSON.stringify({ ...makePosture([]), checkedAt: 'today' }), 'checkedAt'],
  ])('%s: refused by name, with what is wrong', (_, text, wrong) => {
    expect(() => parsePosture(text, 's3://b/posture.json')).toThrow(
      expect.objectContaining({
        name: 'ReportNotFiled',
        summary: expect.stringMatching(
          new RegExp(`^s3://b/posture\\.json is not a posture of clusters: [^]*${wrong}`),
        ),
      }),
    );
  });
});

test('a fleet of the fixture shows each verdict, at the time that it is of', () => {
  const document = makeFleet(20);
  expect(document.checkedAt).toBe(checkedAt);
  for (const verdict of postureVerdicts)
    expect(document.clusters.some((cluster) => countFindings(cluster, verdict) > 0)).toBe(true);
  expect(document.clusters.every(({ findings }) => findings.length === postureRules.length)).toBe(true);
});
