import { type PostureRule, postureRules } from '../../../shared/plan/posture.ts';
import { buildPosture, type ClusterPosture, type PostureDocument } from '../../../shared/posture/document.ts';
import type { Finding, PostureVerdict } from '../../../shared/posture/finding.ts';

export const checkedAt = '2026-11-20T06:20:00Z';

/** What a rule comes to, with all the words that such a finding may have. */
export const makeFinding = (rule: PostureRule, verdict: PostureVerdict, words = ''): Finding => ({
  rule,
  verdict,
  expected: `${rule} as the plan has it${words}`,
  seen: verdict === 'unreadable' ? null : `something else${words}`,
  why: verdict === 'pass' || verdict === 'fail' ? null : `it is ${verdict}${words}`,
  mend:
    verdict === 'fail'
      ? {
          command: `aws rds modify-db-cluster --db-cluster-identifier 'shop' --backup-retention-period 35${words}`,
          note: `without a restart${words}`,
        }
      : null,
});

/** A cluster in which every rule passes but these. */
export const makeCluster = (
  cluster: string,
  verdicts: Partial<Record<PostureRule, PostureVerdict>> = {},
  words = '',
): ClusterPosture => ({
  cluster,
  engine: 'aurora-postgresql',
  plans: [],
  findings: postureRules.map((rule) => makeFinding(rule, verdicts[rule] ?? 'pass', words)),
});

export const makePosture = (
  clusters: ClusterPosture[],
  run: Partial<Parameters<typeof buildPosture>[1]> = {},
): PostureDocument => buildPosture(clusters, { region: 'eu-west-1', checkedAt, unreadable: [], ...run });

/** A fleet in which each verdict shows, and of which one cluster failed something before it became unreadable. */
export const makeFleet = (size: number, words = ''): PostureDocument =>
  makePosture(
    Array.from({ length: size }, (_, index) => ({
      ...makeCluster(
        `prod-${String(index).padStart(4, '0')}${words}`,
        Object.fromEntries(postureRules.map((rule, place) => [rule, verdictAt(index * 7 + place * 5)])),
        words,
      ),
      plans: index % 3 === 0 ? [`plan-${index}${words}`] : [],
    })),
    {
      unreadable: [{ cluster: `odd${words}`, reason: `its description lacks DbClusterResourceId${words}` }],
      before: makePosture([makeCluster(`odd${words}`, { coverage: 'fail' })]),
    },
  );

const verdictAt = (place: number): PostureVerdict => {
  const kinds: PostureVerdict[] = [
    'fail',
    'waived',
    'not-applicable',
    'unreadable',
    'not-applicable',
    'fail',
  ];
  return kinds[place % 17] ?? 'pass';
};
