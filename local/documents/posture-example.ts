import { type PostureRule, postureRules } from '../../shared/plan/posture.ts';
import { buildPosture, type ClusterPosture, type PostureDocument } from '../../shared/posture/document.ts';
import type { Finding } from '../../shared/posture/finding.ts';
import { rules } from '../../shared/posture/rules.ts';
import { wantedOf } from '../../shared/posture/wanted.ts';
import type { ModelCluster } from '../aurora/model-fleet.ts';
import { change } from '../command/posture/flaws.ts';
import { wellSet } from '../command/posture/well-set.ts';

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

/** What a rule comes to for a cluster that is as it should be, but for this. */
const judgeExample = (rule: PostureRule, member: ModelCluster): Finding => ({
  rule,
  ...rules[rule]({ ...member, ...unread }, wantedOf({})(member.cluster.identifier), judgedAt),
});

const judgedAt = '2026-11-20T06:20:00Z';
const denied = { unknown: 's3:GetObject s3://aurora-drills-prod-reports/index.json: AccessDenied' };
const unread = { instances: denied, parameters: denied, snapshots: denied, copies: null, proofs: denied };

const retention = judgeExample(
  'backup-retention',
  change(wellSet('prod-shop', 'postgres', judgedAt), {}, { retentionDays: 7 }),
);
const encryption = judgeExample(
  'encryption',
  change(wellSet('legacy', 'mysql', judgedAt), { encryption: 'none' }),
);
const coverage = judgeExample('coverage', wellSet('prod-orders', 'mysql', judgedAt));

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
  judgedAt,
  [withFindings(shop, [retention]), withFindings(orders, [coverage])],
  firstPosture,
);

export const cleanPosture = run('2026-11-21T06:20:00Z', [shop, orders], secondPosture);
