import type { AtRest } from './at-rest.ts';
import type { Cluster, CopyRequest, Inherited, WriterRequest } from './port.ts';
import type { ClusterSettings, Deferred, InstanceSettings, KeptSettings } from './settings.ts';

/** What is no setting, or belongs to one cluster alone. Every other member of Cluster is a setting. */
type OfOneCluster =
  | 'identifier'
  | 'resourceId'
  | 'engine'
  | 'engineVersion'
  | 'engineMode'
  | 'isLimitless'
  | 'isInVpc'
  | 'status'
  | 'createdAt'
  | 'endpoint'
  | 'readerEndpoint'
  | 'earliestRestorableTime'
  | 'latestRestorableTime'
  | 'writer'
  | 'cloneGroup'
  | 'masterUser'
  | 'isPasswordPending'
  | 'replication'
  | 'settings'
  | keyof AtRest
  | keyof Deferred;

/** What other services know of the cluster: nothing here reads it. */
type OtherSetting = 'autoscaling' | 'proxies';

/** The list has it as a setting of the instances. A new cluster has it on. */
type OfInstances = 'hasMinorUpgrades';

export type ClusterSettingName =
  | Exclude<keyof Cluster, OfOneCluster>
  | Exclude<keyof ClusterSettings, OfInstances>
  | OtherSetting;
export type InstanceSettingName = keyof InstanceSettings | 'instanceClass' | 'parameterGroup';

/** In the request, as the source has it, or the plan, where it may say so. */
type Carried = 'carried';
/** In the request at a value of ours, whatever the source has. */
type Ours = { is: boolean | number; why: string };
/** Not in the request, so it is as RDS makes it. */
type Left = { left: string };

export type Gets = Carried | Ours | Left;

/** What is in the request has to be carried by the list, and what is carried has to be in the request. */
type Decided<InRequest extends boolean> = InRequest extends true ? Carried : Ours | Left;

/** `tags` are in every request: ours and the plan's, and those of the source only where a cluster is kept. */
type InEveryCopy = keyof Inherited | Exclude<keyof CopyRequest, 'tags'>;
/** The window of Backtrack is asked for as `backtrackSeconds`. */
type InKeptAlone = keyof KeptSettings | 'backtrack' | 'tags';

type ClusterList = {
  [Name in ClusterSettingName]: {
    kept: Decided<Name extends InEveryCopy | InKeptAlone ? true : false>;
    tornDown: Decided<Name extends InEveryCopy ? true : false>;
  };
};

type InstanceList = {
  [Name in InstanceSettingName]: {
    kept: Decided<Name extends keyof WriterRequest ? true : false>;
    tornDown: Decided<Name extends 'instanceClass' | 'parameterGroup' ? true : false>;
  };
};

const everywhere = { kept: 'carried', tornDown: 'carried' } as const;
const shortLived = { left: 'the copy lives for about an hour' } as const;
const noRestore = { left: 'no restore takes it' } as const;
const noRole = { left: 'the recovery may pass no IAM role on' } as const;
const elsewhere = { left: 'another service has it, and nothing here reads it' } as const;
const mayBeRefused = { left: 'an instance must not be refused because of it' } as const;

/**
 * Every setting of a source, and what the clusters that are made from it get: one that is kept after an accident, and a
 * copy that is torn down. RDS gives what a request leaves out a default of its own, not the source's (aurora-pitr).
 */
export const carriedByClusters = {
  retentionDays: {
    kept: 'carried',
    tornDown: { is: 1, why: 'the least that RDS takes; it would be as long as that of the source' },
  },
  parameterGroup: everywhere,
  port: everywhere,
  securityGroups: everywhere,
  subnetGroup: everywhere,
  kmsKey: { kept: 'carried', tornDown: { left: 'a restore has the key of its source' } },
  storageType: everywhere,
  capacity: everywhere,
  logExports: { kept: 'carried', tornDown: { left: 'nobody reads the logs of a copy' } },
  hasIamSignIn: {
    kept: 'carried',
    tornDown: { is: true, why: 'the reader signs in with IAM, and two AWS pages disagree on the default' },
  },
  copiesTagsToSnapshots: { kept: 'carried', tornDown: { left: 'nobody takes snapshots of a copy' } },
  backtrack: { kept: 'carried', tornDown: { left: 'nobody rewinds a copy' } },
  networkType: everywhere,
  lifecycleSupport: everywhere,
  isProtected: {
    kept: { is: true, why: 'nobody may delete by mistake what an emergency has brought back' },
    tornDown: { is: false, why: 'it is deleted in the end' },
  },
  backupWindow: { kept: 'carried', tornDown: shortLived },
  tags: { kept: 'carried', tornDown: { left: 'it would look like production' } },
  maintenanceWindow: { kept: noRestore, tornDown: shortLived },
  roles: { kept: noRole, tornDown: { left: 'a copy must not reach out' } },
  customEndpoints: {
    kept: { left: 'they lead to instances, which come later' },
    tornDown: { left: 'nobody connects by them' },
  },
  masterSecret: { kept: noRestore, tornDown: { left: 'nobody signs in with it' } },
  globalCluster: { kept: noRestore, tornDown: { left: 'a copy is in one Region' } },
  hasHttpEndpoint: { kept: noRestore, tornDown: { left: 'nobody connects by it' } },
  hasLocalWriteForwarding: { kept: noRestore, tornDown: { left: 'a copy has no reader' } },
  activityStream: { kept: noRestore, tornDown: { left: 'nobody uses a copy' } },
  domain: { kept: noRole, tornDown: { left: 'the reader signs in with IAM' } },
  autoscaling: { kept: elsewhere, tornDown: { left: 'a copy has no reader' } },
  proxies: { kept: elsewhere, tornDown: { left: 'no application uses a copy' } },
} as const satisfies ClusterList;

/** The same of the instances: the writer, and the readers of a kept cluster. */
export const carriedByInstances = {
  instanceClass: everywhere,
  parameterGroup: everywhere,
  promotionTier: { kept: 'carried', tornDown: { left: 'it is the only instance' } },
  monitoring: { kept: noRole, tornDown: shortLived },
  insights: { kept: mayBeRefused, tornDown: shortLived },
  hasMinorUpgrades: { kept: mayBeRefused, tornDown: shortLived },
  isPublic: {
    kept: { is: false, why: 'an emergency opens nothing to the internet' },
    tornDown: { is: false, why: 'a copy has the rows of production' },
  },
  maintenanceWindow: { kept: mayBeRefused, tornDown: shortLived },
  certificateAuthority: { kept: mayBeRefused, tornDown: shortLived },
} as const satisfies InstanceList;
