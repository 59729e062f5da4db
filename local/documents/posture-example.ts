import { postureRules } from '../../shared/plan/posture.ts';
import { buildPosture, type ClusterPosture, type PostureDocument } from '../../shared/posture/document.ts';
import type { Finding } from '../../shared/posture/finding.ts';

/** Two days of a small fleet, as docs/monitors.md and the tests tell of them. */

const passing = (cluster: string, engine: string, plans: string[]): ClusterPosture => ({
  cluster,
  engine,
  plans,
  findings: postureRules.map((rule) => ({
    rule,
    verdict: 'pass',
    expected: null,
    seen: null,
    why: null,
    mend: null,
  })),
});

/** The cluster, with these findings in the place of others. */
const withFindings = (posture: ClusterPosture, changed: readonly Finding[]): ClusterPosture => ({
  ...posture,
  findings: posture.findings.map((finding) => changed.find(({ rule }) => rule === finding.rule) ?? finding),
});

const retention: Finding = {
  rule: 'backup-retention',
  verdict: 'fail',
  expected: 'at least 35 days',
  seen: '7 days',
  why: null,
  mend: {
    command:
      'aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier prod-shop --backup-retention-period 35 --apply-immediately',
    note: null,
  },
};
const encryption: Finding = {
  rule: 'encryption',
  verdict: 'fail',
  expected: 'a key of AWS KMS',
  seen: 'not encrypted',
  why: null,
  mend: {
    command: null,
    note: 'an existing cluster cannot be encrypted in place: copy a snapshot of it with a key, and restore that',
  },
};
const coverage: Finding = {
  rule: 'coverage',
  verdict: 'unreadable',
  expected: 'every table of the plan within 90 days',
  seen: null,
  why: 's3:GetObject s3://reports/index.json: AccessDenied',
  mend: null,
};

const shop = passing('prod-shop', 'aurora-postgresql', ['shop']);
const legacy = passing('legacy', 'aurora-mysql', []);
const orders = passing('prod-orders', 'aurora-mysql', ['orders']);

const run = (
  checkedAt: string,
  clusters: ClusterPosture[],
  before: PostureDocument | null,
): PostureDocument => buildPosture(clusters, { region: 'eu-west-1', checkedAt, unreadable: [], before });

/** The encryption of one cluster fails. */
export const firstPosture = run(
  '2026-11-19T06:20:00Z',
  [shop, withFindings(legacy, [encryption]), orders],
  null,
);

/** Somebody cut the retention of another, the first is gone, and the history cannot be read. */
export const secondPosture = run(
  '2026-11-20T06:20:00Z',
  [withFindings(shop, [retention]), withFindings(orders, [coverage])],
  firstPosture,
);

export const cleanPosture = run('2026-11-21T06:20:00Z', [shop, orders], secondPosture);
