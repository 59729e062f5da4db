import type { Cluster, Instance } from '../aurora/port.ts';

/** A cluster and its writer, as RDS describes them. */
export type Described = { cluster: Cluster; writer: Instance | undefined };

/** A setting of the source, as the table of a recovery shows it. */
export type ShownSetting = {
  label: string;
  /** As people read it. Null: RDS does not say. */
  show: (described: Described) => string | null;
  /** Sets it afterwards. @param target the recovered cluster or its writer */
  command: (source: Described, target: string) => string;
  /** Does the recovered cluster have it, where equal texts do not tell? */
  isKept?: (source: Described, recovered: Described) => boolean;
};

export const showOn = (isOn: boolean | null | undefined): string | null =>
  isOn === null || isOn === undefined ? null : isOn ? 'on' : 'off';

export const showList = (list: readonly string[] | null | undefined): string | null =>
  list === null || list === undefined ? null : list.length === 0 ? 'none' : list.toSorted().join(', ');
