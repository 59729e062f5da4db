import { restoredSettings } from '../../../local/aurora/descriptions.ts';
import type { Cluster, Instance, Parameter } from '../../../shared/aurora/port.ts';
import type { ClusterSettings, InstanceSettings } from '../../../shared/aurora/settings.ts';
import type { PostureRule } from '../../../shared/plan/posture.ts';
import type { PostureFacts, SnapshotFacts } from '../../../shared/posture/facts.ts';
import type { Finding } from '../../../shared/posture/finding.ts';
import { judge } from '../../../shared/posture/judge.ts';
import { type Wanted, wantedOf } from '../../../shared/posture/wanted.ts';
import { makeCluster } from '../aurora/cluster-fixture.ts';
import { makePlans } from '../plan/plan-fixture.ts';

export const now = '2026-11-16T08:00:00Z';

const settings: ClusterSettings = {
  ...restoredSettings(undefined),
  retentionDays: 35,
  kmsKey: 'arn:aws:kms:eu-west-1:123456789012:key/1a2b',
  logExports: ['postgresql'],
  hasIamSignIn: true,
  copiesTagsToSnapshots: true,
};

const instanceSettings: InstanceSettings = {
  promotionTier: 1,
  hasMinorUpgrades: true,
  isPublic: false,
  maintenanceWindow: 'mon:04:00-mon:04:30',
  certificateAuthority: null,
  monitoring: null,
  insights: null,
};

export const makeInstance = (
  identifier: string,
  zone: string | null,
  changes: Partial<InstanceSettings> = {},
): Instance => ({
  identifier,
  cluster: 'app',
  status: 'available',
  instanceClass: 'db.r8g.large',
  parameterGroup: 'app-instance',
  zone,
  settings: { ...instanceSettings, ...changes },
});

export const makeParameters = (values: Record<string, string>): { value: Parameter[] } => ({
  value: Object.entries(values).map(([name, value]) => ({ name, value, isSet: true })),
});

export type Changes = Partial<Omit<PostureFacts, 'cluster' | 'snapshots'>> & {
  cluster?: Partial<Cluster>;
  settings?: Partial<ClusterSettings>;
  snapshots?: Partial<SnapshotFacts> | { unknown: string };
};

const arn = 'arn:aws:rds:eu-west-1:123456789012:cluster:app';

/** A cluster with which every rule is content, but for these changes. */
export const makeFacts = ({ cluster, settings: own, snapshots, ...others }: Changes = {}): PostureFacts => ({
  cluster: makeCluster({
    identifier: 'app',
    arn,
    encryption: 'sse-kms',
    isProtected: true,
    writer: 'app-1',
    tags: { owner: 'payments' },
    settings: { ...settings, ...own },
    ...cluster,
  }),
  instances: { value: [makeInstance('app-1', 'eu-west-1a'), makeInstance('app-2', 'eu-west-1b')] },
  parameters: makeParameters({
    shared_preload_libraries: 'pg_stat_statements,pgaudit',
    'pgaudit.log': 'ddl',
  }),
  snapshots:
    snapshots !== undefined && 'unknown' in snapshots
      ? snapshots
      : {
          value: {
            newest: { automated: '2026-11-16T02:12:00Z', 'aws-backup': '2026-11-16T01:00:00Z' },
            public: [],
            unencrypted: [],
            ...snapshots,
          },
        },
  copies: {
    value: {
      region: 'eu-central-1',
      newest: { snapshot: 'app-copy', takenAt: '2026-11-15T02:12:00Z' },
    },
  },
  proofs: {
    value: [
      {
        plan: 'weekly',
        lastPassed: '2026-11-16T08:00:00Z',
        tables: [{ table: 'public.orders', rows: '2026-11-16T08:00:00Z', values: null }],
        sideEffects: { seen: [], unknown: [], at: '2026-11-16T08:00:00Z' },
      },
    ],
  },
  ...others,
});

/** The same of Aurora MySQL, with Backtrack. */
export const makeMysqlFacts = ({ cluster, settings: own, ...others }: Changes = {}): PostureFacts =>
  makeFacts({
    cluster: {
      engine: 'aurora-mysql',
      engineVersion: '8.0.mysql_aurora.3.10.1',
      capacity: null,
      backtrack: { targetSeconds: 86_400, earliestTime: '2026-11-15T08:00:00Z' },
      ...cluster,
    },
    settings: { logExports: ['audit', 'error'], ...own },
    parameters: makeParameters({
      server_audit_logging: '1',
      server_audit_events: 'CONNECT,QUERY_DCL',
      binlog_format: 'OFF',
    }),
    ...others,
  });

/** What one plan of it asks, drilled every week. */
export const makeWanted = (posture: object = {}, keys: object = {}): Wanted =>
  wantedOf(
    makePlans({
      weekly: {
        schedule: 'rate(7 days)',
        posture: { copyRegion: 'eu-central-1', requiredTags: ['owner'], ...posture },
        ...keys,
      },
    }),
  )('app');

export const unplanned = wantedOf(makePlans({ other: { source: 'other' } }))('app');

/** Reading a plan takes longer than judging by it. */
const usuallyWanted = makeWanted();

export const findOutcome = (rule: PostureRule, facts: PostureFacts, wanted = usuallyWanted): Finding => {
  const found = judge(facts, wanted, now).find((one) => one.rule === rule);
  if (found === undefined) throw new Error(`no finding of ${rule}`);
  return found;
};
