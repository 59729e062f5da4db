import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addSeconds } from '../../../shared/instants.ts';
import { postureRules } from '../../../shared/plan/posture.ts';
import type { PostureFacts } from '../../../shared/posture/facts.ts';
import { postureVerdicts } from '../../../shared/posture/finding.ts';
import { judge } from '../../../shared/posture/judge.ts';
import { questions } from '../../../shared/posture/questions.ts';
import { findOutcome, makeFacts, makeMysqlFacts, makeWanted, now, unplanned } from './facts-fixture.ts';

const unprotected = makeFacts({ cluster: { isProtected: false } });
const waive = (until: string, by?: string) =>
  makeWanted({ waive: { 'deletion-protection': { reason: 'torn down weekly', until, by } } });

test.each([
  ['today', '2026-11-16', 'waived'],
  ['yesterday', '2026-11-15', 'fail'],
  ['an instant to come', '2026-11-16T08:00:01Z', 'waived'],
  ['this very instant', '2026-11-16T08:00:00Z', 'fail'],
])('a waiver until %s, %s: %s', (_, until, verdict) => {
  expect(findOutcome('deletion-protection', unprotected, waive(until)).verdict).toBe(verdict);
});

test('a waiver: by whom, until when and why, and the mend all the same', () => {
  expect(findOutcome('deletion-protection', unprotected, waive('2026-12-31', 'Ines'))).toMatchObject({
    verdict: 'waived',
    seen: 'off',
    why: 'until 2026-12-31 by Ines in plan weekly: torn down weekly',
    mend: { command: expect.stringContaining('--deletion-protection') },
  });
});

test('a waiver that has ended: the failure says so', () => {
  expect(findOutcome('deletion-protection', unprotected, waive('2026-11-15'))).toMatchObject({
    verdict: 'fail',
    why: 'the waiver has ended, on 2026-11-15; it was given by plan weekly: torn down weekly',
  });
});

test('a waiver of a rule that holds, of one that is not applicable, and of one that cannot be read: as without it', () => {
  const waiver = { reason: 'x', until: '2027-01-01' };
  const wanted = makeWanted({ waive: { encryption: waiver, backtrack: waiver, 'two-zones': waiver } });
  const facts = makeFacts({ instances: { unknown: 'Throttled' } });
  const verdicts = (['encryption', 'backtrack', 'two-zones'] as const).map(
    (rule) => findOutcome(rule, facts, wanted).verdict,
  );
  expect(verdicts).toEqual(['pass', 'not-applicable', 'unreadable']);
});

test('one finding of each rule, in their order, and a question to each', () => {
  expect(judge(makeFacts(), makeWanted(), now).map(({ rule }) => rule)).toEqual([...postureRules]);
  expect(Object.keys(questions)).toEqual([...postureRules]);
});

/** Members that RDS may leave out, at any depth: each is kept or null, and an optional one may be gone. */
const thin = (value: unknown, draw: () => number, kept: ReadonlySet<string>, key = ''): unknown => {
  if (!kept.has(key) && draw() < 0.25) return null;
  if (Array.isArray(value)) return value.map((one) => thin(one, draw, kept, 'item'));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      optional.has(name) && draw() < 0.1 ? [] : [[name, thin(member, draw, kept, name)]],
    ),
  );
};

const optional = new Set(['arn', 'encryption', 'zone', 'settings', 'replication']);

/** What the port always tells, and what facts are made of. */
const always = new Set(
  [
    ['', 'item', 'value', 'cluster', 'identifier', 'engine', 'engineVersion', 'status', 'isProtected'],
    ['tags', 'owner', 'to', 'targetSeconds', 'capacity', 'instances', 'instanceClass'],
    ['parameters', 'name', 'isSet', 'shared_preload_libraries', 'pgaudit.log', 'server_audit_logging'],
    ['snapshots', 'newest', 'automated', 'aws-backup', 'public', 'unencrypted', 'region', 'snapshot'],
    ['proofs', 'plan', 'tables', 'table', 'seen', 'unknown', 'at'],
  ].flat(),
);

test('any facts with any members absent: one finding of each rule, the same twice, and complete ones', () => {
  const wanteds = [makeWanted(), unplanned, waive('2026-12-31'), waive('2026-01-01')];
  fc.assert(
    fc.property(
      fc.constantFrom(makeFacts(), makeMysqlFacts()),
      fc.constantFrom(...wanteds),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (whole, wanted, stream) => {
        const draws = stream[Symbol.iterator]();
        const facts = thin(whole, () => draws.next().value as number, always) as PostureFacts;
        const findings = judge(facts, wanted, now);
        expect(findings.map(({ rule }) => rule)).toEqual([...postureRules]);
        expect(judge(structuredClone(facts), wanted, now)).toEqual(findings);
        for (const { verdict, expected, seen, why, mend } of findings) {
          expect(postureVerdicts).toContain(verdict);
          const isJudged = verdict === 'pass' || verdict === 'fail' || verdict === 'waived';
          expect([expected !== null, seen !== null]).toEqual([isJudged, isJudged]);
          expect(mend !== null).toBe(verdict === 'fail' || verdict === 'waived');
          if (verdict !== 'pass' && verdict !== 'fail') expect(why).not.toBeNull();
          expect(JSON.stringify([expected, seen, why, mend])).not.toMatch(/undefined|NaN|\[object/);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('any waivers of a cluster that fails every rule: those that last hide a failure, and nothing else changes', () => {
  const hour = fc.integer({ min: -48, max: 48 });
  const until = fc.oneof(
    hour.map((hours) => addSeconds(now, hours * 3600)),
    hour.map((hours) => addSeconds(now, hours * 3600).slice(0, 10)),
  );
  const facts = makeMysqlFacts({
    cluster: { isProtected: false, encryption: 'none' },
    settings: { retentionDays: 1, copiesTagsToSnapshots: false },
    instances: { unknown: 'Throttled' },
  });
  const plain = judge(facts, makeWanted(), now);
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...postureRules), until), (ends) => {
      const waive = Object.fromEntries(
        Object.entries(ends).map(([rule, end]) => [rule, { reason: 'x', until: end }]),
      );
      for (const [index, { rule, verdict, ...rest }] of judge(facts, makeWanted({ waive }), now).entries()) {
        const before = plain[index];
        const end = ends[rule];
        // A day lasts until the next begins.
        const lasts = end !== undefined && (end.length === 10 ? end >= now.slice(0, 10) : end > now);
        expect(verdict).toBe(before?.verdict === 'fail' && lasts ? 'waived' : before?.verdict);
        expect({ ...rest, why: null }).toEqual({
          expected: before?.expected,
          seen: before?.seen,
          mend: before?.mend,
          why: null,
        });
      }
    }),
    { numRuns: 200 },
  );
});
