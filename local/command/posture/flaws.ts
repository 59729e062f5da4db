import type { Cluster, Snapshot } from '../../../shared/aurora/port.ts';
import type { ClusterSettings } from '../../../shared/aurora/settings.ts';
import { addSeconds } from '../../../shared/instants.ts';
import type { ModelCluster } from '../../aurora/model-fleet.ts';
import { arnOf, daySeconds, homeRegion, keptSettings, otherRegion } from './well-set.ts';

/** What can be wrong, or only different, with a cluster of the model fleet. */

/** The same cluster with other settings. */
export const change = (
  member: ModelCluster,
  ofCluster: Partial<Cluster>,
  settings: Partial<ClusterSettings> = {},
): ModelCluster => ({
  ...member,
  cluster: {
    ...member.cluster,
    ...ofCluster,
    settings: { ...keptSettings, ...member.cluster.settings, ...settings },
  },
});

/** It has missed the snapshots of so many days. */
export const backedUpBefore = (member: ModelCluster, days: number): ModelCluster => ({
  ...member,
  snapshots: member.snapshots.map((one) => ({
    ...one,
    createdAt: one.createdAt && addSeconds(one.createdAt, -days * daySeconds),
  })),
});

export const unencrypted = (member: ModelCluster): ModelCluster => ({
  ...change(member, { encryption: 'none' }, { kmsKey: null }),
  snapshots: member.snapshots.map((one) => ({ ...one, encryption: 'none' })),
});

/** Anybody may restore the newest snapshot that somebody took by hand. */
export const sharedWithAll = (member: ModelCluster): ModelCluster => {
  const [newest] = member.snapshots;
  if (newest === undefined) return member;
  const identifier = `${member.cluster.identifier}-for-the-agency`;
  const byHand = {
    ...newest,
    identifier,
    type: 'manual',
    arn: arnOf(homeRegion, `cluster-snapshot:${identifier}`),
  };
  return { ...member, snapshots: [...member.snapshots, byHand], publicSnapshots: [identifier] };
};

/** AWS Backup takes snapshots of it too, and took the last so many days ago. */
export const alsoByAwsBackup = (member: ModelCluster, daysAgo: number): ModelCluster => {
  const [byRds] = member.snapshots;
  const [byAwsBackup] = backedUpBefore({ ...member, snapshots: byRds ? [byRds] : [] }, daysAgo).snapshots;
  if (byAwsBackup === undefined) return member;
  const identifier = `awsbackup:job-${member.cluster.identifier}`;
  return { ...member, snapshots: [...member.snapshots, { ...byAwsBackup, identifier, type: 'manual' }] };
};

/** Nobody has ever looked after it. */
export const neglected = (member: ModelCluster): ModelCluster => ({
  ...change(member, {}, { hasIamSignIn: false, copiesTagsToSnapshots: false }),
  instances: member.instances.slice(0, 1).map((one) => ({
    ...one,
    ...(one.settings && { settings: { ...one.settings, hasMinorUpgrades: false } }),
  })),
  parameters: [{ name: 'shared_preload_libraries', value: 'pg_stat_statements', isSet: false }],
});

export const oneInstance = (member: ModelCluster): ModelCluster => ({
  ...member,
  instances: member.instances.slice(0, 1),
});

export const serverless = (member: ModelCluster): ModelCluster => ({
  ...change(member, { capacity: { min: 0.5, max: 16 } }),
  instances: member.instances.map((one) => ({ ...one, instanceClass: 'db.serverless' })),
});

/** So that it cannot be rewound without its readers going astray. */
export const writingBinlog = (member: ModelCluster): ModelCluster => ({
  ...member,
  parameters: (member.parameters ?? []).map((one) =>
    one.name === 'binlog_format' ? { ...one, value: 'ROW' } : one,
  ),
});

/** The follower of a cluster in another Region. */
export const inGlobalDatabase = (member: ModelCluster): ModelCluster =>
  change(
    member,
    { replication: { from: arnOf(otherRegion, `cluster:${member.cluster.identifier}`), to: [] } },
    { globalCluster: `${member.cluster.identifier}-global` },
  );

/** Its snapshots have copies in the other Region, but for those of the last days. */
export const copiedAbroad = (
  member: ModelCluster,
  { daysLate = 0, status = 'available' } = {},
): ModelCluster => ({
  ...member,
  copies: member.snapshots
    .map((source): Snapshot => {
      const identifier = source.identifier.replace('rds:', 'copy-of-');
      return {
        ...source,
        identifier,
        type: 'manual',
        status,
        isCopy: true,
        createdAt: source.createdAt,
        arn: arnOf(otherRegion, `cluster-snapshot:${identifier}`),
        copiedFrom: source.arn ?? null,
      };
    })
    .slice(daysLate),
});
