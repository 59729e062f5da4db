import { mergeParameters } from '../aurora/parameters.ts';
import type { Aurora } from '../aurora/port.ts';
import type { RestoreSettings } from './state.ts';

/** What a copy with these settings will run with. */
export const readParameters = async (
  aurora: Pick<Aurora, 'listClusterParameters' | 'listInstanceParameters'>,
  { clusterParameterGroup: cluster, instanceParameterGroup: instance }: RestoreSettings,
): Promise<Record<string, string>> =>
  mergeParameters(
    cluster === null ? [] : await aurora.listClusterParameters(cluster),
    instance === null ? [] : await aurora.listInstanceParameters(instance),
  );
