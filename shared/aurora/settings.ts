/**
 * What a cluster and its instances have beyond what a copy needs, and what a recovered cluster should have too. In RDS's
 * own words. Null: RDS does not say.
 */
export type ClusterSettings = {
  retentionDays: number | null;
  /** UTC, as "02:10-02:40". */
  backupWindow: string | null;
  /** UTC, as "sun:03:00-sun:03:30". */
  maintenanceWindow: string | null;
  kmsKey: string | null;
  logExports: string[] | null;
  hasIamSignIn: boolean | null;
  copiesTagsToSnapshots: boolean | null;
  /** Its instances have to have it on, too. */
  hasMinorUpgrades?: boolean | null;
  /** The Data API. */
  hasHttpEndpoint: boolean | null;
  roles: ClusterRole[] | null;
  /** Addresses of custom endpoints. */
  customEndpoints: string[] | null;
  globalCluster: string | null;
  /** The ARN of the secret in which RDS keeps the master password. */
  masterSecret: string | null;
  hasLocalWriteForwarding: boolean | null;
  /** Null: off. */
  activityStream: { mode: string; kmsKey: string } | null;
  /** The directory that users sign in with. Null: none. */
  domain: { id: string; role: string } | null;
};

/** What has been set, and does not count yet. */
export type Deferred = {
  /** Settings that are to change in the next maintenance window, by RDS's names. */
  pending?: string[];
  /** Instances that have not been rebooted since the parameter group of their cluster changed. */
  unrebooted?: string[];
};

/** `feature`: what the role is for, such as s3Import; null in Aurora MySQL. */
export type ClusterRole = { arn: string; feature: string | null };

export type InstanceSettings = {
  /** 0 to 15: the lowest becomes the writer first. */
  promotionTier: number | null;
  hasMinorUpgrades: boolean | null;
  isPublic: boolean | null;
  maintenanceWindow: string | null;
  certificateAuthority: string | null;
  /** Enhanced Monitoring. Null: off. */
  monitoring: { seconds: number; role: string } | null;
  /** Performance Insights. Null: off. */
  insights: { mode: string | null; retentionDays: number | null; kmsKey: string | null } | null;
};

/** What a kept cluster gets at its creation beyond what every copy gets. It is protected against deletion. */
export type KeptSettings = Pick<
  ClusterSettings,
  'retentionDays' | 'backupWindow' | 'kmsKey' | 'logExports' | 'hasIamSignIn' | 'copiesTagsToSnapshots'
> & {
  /** Null: none, or not for this engine. */
  backtrackSeconds: number | null;
};
