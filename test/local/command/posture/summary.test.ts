import { expect, test } from 'vitest';
import { type Paint, plainPaint } from '../../../../local/command/paint.ts';
import {
  summarizeDay,
  summarizePosture as summarizeLook,
} from '../../../../local/command/posture/summary.ts';
import type { ClusterPosture, PostureDocument } from '../../../../shared/posture/document.ts';
import type { Finding } from '../../../../shared/posture/finding.ts';
import { makeCluster, makeFleet, makePosture } from '../../../shared/posture/posture-fixture.ts';

const marked: Paint = { ...plainPaint, good: (text) => `good(${text})`, bad: (text) => `bad(${text})` };

const summarizePosture = (document: PostureDocument, paint: Paint): string =>
  summarizeLook({ document, day: null }, paint);

const withFinding = (cluster: ClusterPosture, changed: Partial<Finding>): ClusterPosture => ({
  ...cluster,
  findings: cluster.findings.map((one) => (one.rule === changed.rule ? { ...one, ...changed } : one)),
});

test('failures first, each with its mend; then what is not known, then what is waived', () => {
  const shop = makeCluster('shop', {
    'two-zones': 'waived',
    'log-exports': 'unreadable',
    encryption: 'fail',
  });
  const billing = withFinding(shop, {
    rule: 'encryption',
    seen: 'none',
    expected: 'encrypted',
    mend: { command: null, note: 'restore a copy of a snapshot' },
  });
  const crm = makeCluster('crm', { encryption: 'fail', 'backup-retention': 'fail' });
  const text = summarizePosture(makePosture([billing, crm, makeCluster('orders')]), marked);
  const command = "aws rds modify-db-cluster --db-cluster-identifier 'shop' --backup-retention-period 35";
  expect(text.split('\n')).toEqual([
    'Posture of eu-west-1 at 2026-11-20 06:20:00 UTC: 3 findings fail, in 2 of 3 clusters',
    '',
    '  by rule: encryption 2, backup-retention 1',
    '',
    '  crm (aurora-postgresql, no plan): fails 2 rules',
    '    bad(fail      )  backup-retention: something else; expected backup-retention as the plan has it',
    `                $ ${command}`,
    '                without a restart',
    '    bad(fail      )  encryption: something else; expected encryption as the plan has it',
    `                $ ${command}`,
    '                without a restart',
    '',
    '  shop (aurora-postgresql, no plan): fails 1 rule',
    '    bad(fail      )  encryption: none; expected encrypted',
    '                restore a copy of a snapshot',
    '    bad(unreadable)  log-exports: expected log-exports as the plan has it; it is unreadable',
    '    waived      two-zones: something else; expected two-zones as the plan has it; it is waived',
    '',
    '  good(nothing to mend:) orders',
    '',
    '  bad(Not known, because it could not be read: 1 finding of 1 cluster.)',
  ]);
});

test('what is waived: its mend is not shown', () => {
  const mend = { command: 'aws rds modify-db-cluster', note: 'without a restart' };
  const shop = withFinding(makeCluster('shop', { encryption: 'waived' }), { rule: 'encryption', mend });
  const text = summarizePosture(makePosture([shop]), plainPaint);
  expect(text).toContain('waived      encryption: ');
  expect(text).not.toMatch(/aws rds|restart/);
});

test('nothing fails: one sentence, and the clusters', () => {
  expect(summarizePosture(makePosture([makeCluster('orders')]), plainPaint)).toBe(
    'Posture of eu-west-1 at 2026-11-20 06:20:00 UTC: Nothing fails in 1 cluster\n\n  nothing to mend: orders',
  );
});

test('many clusters: the worst of them, and how many more there are', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `team-${String(index).padStart(4, '0')}`);
  const unreadable = names.map((cluster) => ({ cluster: `odd-${cluster}`, reason: 'no Engine' }));
  const fleet = makePosture(
    names.map((name) => makeCluster(name, { encryption: 'fail' })),
    { unreadable },
  );
  const text = summarizePosture(fleet, plainPaint);
  expect(text).toContain('1,000 findings fail, in 1,000 of 1,000 clusters');
  expect(text).toContain('\n  team-0019 (');
  expect(text).not.toContain('  team-0020');
  expect(text).toContain('\n  and 980 more clusters: see the page');
  expect(text).toContain('\n    odd-team-0009: no Engine\n    and 990 more clusters: see the page');
});

test('denied: which action, once, and what allows it', () => {
  const why =
    'describe cluster parameter group a: AccessDenied: User: arn:aws:iam::1:user/me is not authorized to perform: rds:DescribeDBClusterParameters on resource: arn:aws:rds:eu-west-1:1:cluster-pg:a';
  const shop = makeCluster('shop', { 'log-exports': 'unreadable', 'audit-logging': 'unreadable' });
  const denied = { ...shop, findings: shop.findings.map((one) => ({ ...one, why: one.why && why })) };
  const text = summarizePosture(makePosture([denied]), plainPaint);
  expect(text.split('  denied: ').slice(1)).toEqual([
    'rds:DescribeDBClusterParameters; npm run posture -- --policy prints the policy that allows it',
  ]);
});

test('hostile texts: none starts a line, moves the cursor or colours the screen', () => {
  const text = summarizePosture(makeFleet(30, '\u001b[2J\nb\u202e'), plainPaint);
  expect(text).toContain('prod-0000\\u{1b}[2J b\\u{202e} (');
  for (const part of ['\u001b', '\u202e', '\nb']) expect(text).not.toContain(part);
});

test('a day on which nobody is told anything, and the run fails: both are said', () => {
  const document = makePosture([makeCluster('orders')]);
  const quiet = { title: 'a quiet day', messages: [], failure: null };
  expect(summarizeDay({ document, day: quiet }, plainPaint)).toEqual([
    '2026-11-20 06:20:00 UTC: a quiet day\n  nobody is told anything',
  ]);
  const [failed] = summarizeDay({ document, day: { ...quiet, failure: 'shop: no Engine' } }, plainPaint);
  expect(failed).toContain('\n  the run ends as failed: shop: no Engine');
});
