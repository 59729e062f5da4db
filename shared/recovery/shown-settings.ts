import type { ClusterSettingName } from '../aurora/carried.ts';
import { clusterSettings } from './cluster-settings.ts';
import { laterSettings } from './later-settings.ts';
import type { ShownSetting } from './setting.ts';

/** Every setting of the cluster, in the order of the table. `shared/aurora/carried.ts` says what a recovered cluster gets. */
export const shownSettings: { [Name in ClusterSettingName]: ShownSetting } = {
  ...clusterSettings,
  ...laterSettings,
};
