import type { AtRest, KeptSnapshot } from './at-rest.ts';
import type { Backtrack, BacktrackVerbs } from './backtracks.ts';
import type { ClusterSettings, Deferred, InstanceSettings, KeptSettings } from './settings.ts';

/**
 * The port to Amazon Aurora: the verbs that drills and monitors need, in our words.
 * Two implementations: `rds.ts` calls Amazon RDS, `local/aurora/clusters.ts` runs on this machine.
 * Every verb fails with a DrillError named in errors.ts.
 */
export type Aurora = {
  /** The cluster, or undefined when none has that identifier. */
  findCluster(identifier: string): Promise<Cluster | undefined>;
  /** All Aurora clusters of the Region, or only those with these identifiers. */
  listClusters(identifiers?: readonly string[]): Promise<ClusterList>;
  /** The identifier of an instance's cluster, or undefined when the instance is gone or in no cluster. */
  findClusterOf(instanceIdentifier: string): Promise<string | undefined>;
  /** This account's snapshots of these clusters, of any kind and status, page by page, in no order. */
  listSnapshots(clusterIdentifiers: readonly string[]): AsyncIterable<Snapshot[]>;
  /** The account's own snapshot of that identifier, or undefined when there is none. */
  findSnapshot(identifier: string): Promise<Snapshot | undefined>;
  /** All snapshots that somebody took by hand, page by page, in no order. */
  listManualSnapshots(): AsyncIterable<Snapshot[]>;
  /** All instances of a cluster, whoever made them. None when the cluster does not exist. */
  listInstances(clusterIdentifier: string): Promise<Instance[]>;
  /** The parameters of a cluster's group that have a value, defaults included. */
  listClusterParameters(group: string): Promise<Parameter[]>;
  /** The same of an instance's group. */
  listInstanceParameters(group: string): Promise<Parameter[]>;
  /** How many more clusters and instances the account may have in this Region. */
  readQuotas(): Promise<QuotasLeft>;
  /** What is kept of deleted clusters of that identifier: their automated backups, in no order. */
  listRetainedBackups(clusterIdentifier: string): Promise<RetainedBackup[]>;
  /** Starts a snapshot of an available cluster. TargetNameTaken when the identifier exists, InvalidClusterState when it cannot be taken now. */
  takeSnapshot(request: SnapshotRequest): Promise<void>;
  /** Starts a copy and returns. The new cluster has no instances. TargetNameTaken when the identifier exists. */
  restoreCluster(request: CopyRequest): Promise<void>;
  /** Starts the creation of an instance in an available cluster. TargetNameTaken when the identifier exists. */
  addWriter(request: WriterRequest): Promise<void>;
  /** Starts a stopped cluster. InvalidClusterState when it is not stopped. */
  startCluster(identifier: string): Promise<void>;
  /** Switches deletion protection off. InvalidClusterState when the cluster cannot be modified now. */
  liftProtection(identifier: string): Promise<void>;
  /** Starts to change the password of the master user. InvalidClusterState when the cluster cannot be modified now. */
  setMasterPassword(request: { identifier: string; password: string }): Promise<void>;
  /** Starts a deletion. ClusterNotFound when it is gone, InvalidClusterState when it cannot be deleted now. */
  deleteInstance(identifier: string): Promise<void>;
  /**
   * Starts a deletion without a final snapshot. InvalidClusterState while the cluster is stopped or has instances,
   * RequestRefused while it is protected.
   */
  deleteCluster(identifier: string): Promise<void>;
  /** Starts a deletion. SnapshotNotFound when it is gone, InvalidClusterState while it is being made. */
  deleteSnapshot(identifier: string): Promise<void>;
} & BacktrackVerbs;

/** Instants are ISO 8601 in UTC. `status` is RDS's own word, sorted by statuses.ts. */
export type Cluster = {
  identifier: string;
  /** Never given to another cluster, unlike the identifier. */
  resourceId: string | null;
  engine: string;
  engineVersion: string;
  /** RDS's own word: provisioned; serverless is Serverless v1. */
  engineMode: string | null;
  isLimitless: boolean;
  isInVpc: boolean;
  status: string;
  createdAt: string | null;
  endpoint: string | null;
  /** Leads to the writer when there is no reader. */
  readerEndpoint: string | null;
  port: number;
  /** Both null until the cluster's own restore completes, and when backups are off. */
  earliestRestorableTime: string | null;
  latestRestorableTime: string | null;
  subnetGroup: string | null;
  securityGroups: string[];
  parameterGroup: string | null;
  capacity: Capacity | null;
  /** The identifier of the writer instance. */
  writer: string | null;
  /** Aurora MySQL only. Null when Backtrack is off. */
  backtrack: Backtrack | null;
  /** Deletion protection is on. */
  isProtected: boolean;
  tags: Record<string, string>;
  /** Shared by a cluster, its clones and its point-in-time copies. */
  cloneGroup?: string | null;
  masterUser?: string | null;
  /** The password of the master user is yet to change. */
  isPasswordPending?: boolean;
  settings?: ClusterSettings;
  /** By the binary log: the ARN that it replicates from, and those that replicate from it. */
  replication?: { from: string | null; to: string[] };
} & Inherited &
  AtRest &
  Deferred;

/**
 * What a copy takes from its source, in RDS's own words. Null when RDS does not say, as for the storage type of Aurora
 * Standard.
 */
export type Inherited = {
  storageType: string | null;
  lifecycleSupport: string | null;
  networkType: string | null;
};

/** `unreadable` names the clusters whose description lacks a member that is needed, and says which. */
export type ClusterList = { clusters: Cluster[]; unreadable: Unreadable[] };

/** A cluster that could not be read or handled, and why. */
export type Unreadable = { cluster: string; reason: string };

/** `createdAt` is null while the snapshot is being made. `type` is RDS's own word: automated, manual, ... */
export type Snapshot = {
  identifier: string;
  cluster: string;
  clusterResourceId: string | null;
  type: string;
  status: string;
  createdAt: string | null;
  isCopy: boolean;
  engine: string;
  engineVersion: string;
  tags: Record<string, string>;
} & KeptSnapshot;

/** Null: RDS does not say. */
export type QuotasLeft = { clusters: number | null; instances: number | null };

/** The automated backups of a cluster that was deleted, and what they tell of it. */
export type RetainedBackup = {
  cluster: string;
  resourceId: string;
  engine: string;
  engineVersion: string;
  engineMode: string | null;
  port: number | null;
  window: { earliest: string; latest: string } | null;
  storageType: string | null;
  tags: Record<string, string>;
} & Pick<ClusterSettings, 'retentionDays' | 'backupWindow' | 'kmsKey' | 'hasIamSignIn'>;

export type SnapshotRequest = { cluster: string; identifier: string; tags: Record<string, string> };

export type Instance = {
  identifier: string;
  /** Null when RDS does not say. */
  cluster: string | null;
  status: string;
  instanceClass: string;
  parameterGroup: string | null;
  zone?: string | null;
  endpoint?: string | null;
  settings?: InstanceSettings;
};

/** `isSet`: somebody set it, so it is no default. */
export type Parameter = { name: string; value: string; isSet: boolean };

/** Aurora Serverless v2 capacity, in ACUs. `autoPauseSeconds`: idle for so long, it pauses; only with `min` 0. */
export type Capacity = { min: number; max: number; autoPauseSeconds?: number };

/** Where a copy's rows come from: the source's log, the source as it is now, or a snapshot of it. */
export type CopyKind = 'point-in-time' | 'clone' | 'snapshot';

/** What a copy is made of. `engineVersion` is the snapshot's: without it RDS takes the Region's default. */
export type CopyOrigin =
  /**
   * `restoreTo`: ISO 8601, whole seconds, inside the source's restorable window. `resourceId`: of a source that was deleted,
   * to be restored from its retained backups.
   */
  | { kind: 'point-in-time'; source: string; restoreTo: string; resourceId?: string | null }
  | { kind: 'clone'; source: string }
  | { kind: 'snapshot'; snapshot: string; engine: string; engineVersion: string };

export type CopyRequest<Kind extends CopyKind = CopyKind> = Extract<CopyOrigin, { kind: Kind }> & {
  target: string;
  port: number;
  subnetGroup: string | null;
  securityGroups: string[];
  parameterGroup: string | null;
  capacity: Capacity | null;
  inherited?: Inherited | undefined;
  /** For a cluster that stays. Left out: a copy that is torn down. */
  kept?: KeptSettings | undefined;
  tags: Record<string, string>;
};

export type WriterRequest = {
  cluster: string;
  identifier: string;
  engine: string;
  instanceClass: string;
  parameterGroup: string | null;
  /** 0 to 15: the lowest becomes the writer first. Left out: RDS's default, 1. */
  promotionTier?: number | null;
  tags: Record<string, string>;
};
