import type { Cluster, Instance } from '../aurora/port.ts';
import type { ClusterSettings, InstanceSettings } from '../aurora/settings.ts';

/** A cluster and its writer, as RDS describes them. */
export type Described = { cluster: Cluster; writer: Instance | undefined };

/** What is no setting, or belongs to one cluster alone. Every other member of Cluster is carried. */
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
  | 'settings';

export type ClusterSettingName = Exclude<keyof Cluster, OfOneCluster> | keyof ClusterSettings | OtherSetting;

/** What other services know of the cluster: nothing here reads it. */
type OtherSetting = 'autoscaling' | 'proxies';

/** Of the writer; the readers have a table of their own. */
export type InstanceSettingName = keyof InstanceSettings | 'instanceClass' | 'parameterGroup';

/** A setting that the source has, and that a restore loses or gives another value unless it is told. */
export type CarriedSetting = {
  label: string;
  /** As people read it. Null: RDS does not say. */
  show: (described: Described) => string | null;
  /** It is in the request that makes the cluster or its instance. */
  isPassed: boolean;
  /** Sets it afterwards. @param target the recovered cluster or its writer */
  command: (source: Described, target: string) => string;
  /** Does the recovered cluster have it, where equal texts do not tell? */
  isKept?: (source: Described, recovered: Described) => boolean;
};

export const showOn = (isOn: boolean | null | undefined): string | null =>
  isOn === null || isOn === undefined ? null : isOn ? 'on' : 'off';

export const showList = (list: readonly string[] | null | undefined): string | null =>
  list === null || list === undefined ? null : list.length === 0 ? 'none' : list.toSorted().join(', ');
