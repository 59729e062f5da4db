import { clusterSettings } from './cluster-settings.ts';
import { laterSettings } from './later-settings.ts';
import type { CarriedSetting, ClusterSettingName, InstanceSettingName } from './setting.ts';
import { writerSettings } from './writer-settings.ts';

type Carried = {
  cluster: { [Name in ClusterSettingName]: CarriedSetting };
  writer: { [Name in InstanceSettingName]: CarriedSetting };
};

/** Every setting that a source has and a restore loses, or gives another value: in the order of the table. */
export const carriedSettings: Carried = {
  cluster: { ...clusterSettings, ...laterSettings },
  writer: writerSettings,
};
