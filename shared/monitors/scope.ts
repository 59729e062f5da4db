import type { Cluster } from '../aurora/port.ts';
import { DrillError } from '../errors.ts';
import { isOfDrill } from '../job/names.ts';
import { countOf } from '../words.ts';

/** Which clusters are watched: all, or those with a tag, or with a tag of one value. */
export type Scope = { kind: 'all' } | { kind: 'tag'; key: string; value: string | null };

/**
 * Reads a scope: "all", "tag:KEY" or "tag:KEY=VALUE".
 * @throws DrillError InvalidSetting
 */
export const parseScope = (text: string): Scope => {
  if (text === 'all') return { kind: 'all' };
  const [, key, value] = /^tag:([^=]+)(?:=(.*))?$/.exec(text) ?? [];
  if (key !== undefined) return { kind: 'tag', key, value: value ?? null };
  throw new DrillError(
    'InvalidSetting',
    `MONITORED_CLUSTERS: expected all, tag:KEY or tag:KEY=VALUE, seen "${text}"`,
  );
};

/** Why a cluster is not watched, in words; null when it is. */
export const findSkipReason = (cluster: Cluster, scope: Scope): string | null => {
  if (isOfDrill(cluster)) return 'it belongs to a restore drill';
  if (cluster.status === 'deleting') return 'it is being deleted';
  if (scope.kind === 'all') return null;
  const value = Object.hasOwn(cluster.tags, scope.key) ? cluster.tags[scope.key] : undefined;
  if (value === undefined) return `it has no tag ${scope.key}`;
  if (scope.value === null || value === scope.value) return null;
  return `its tag ${scope.key} is ${value}, not ${scope.value}`;
};

/**
 * The clusters to watch. A tag that no cluster has would silence the monitor for good, so that is an error.
 * @throws DrillError NothingMonitored
 */
export const chooseMonitored = (clusters: readonly Cluster[], scope: Scope): Cluster[] => {
  const chosen = clusters.filter((cluster) => findSkipReason(cluster, scope) === null);
  const others = clusters.filter((cluster) => findSkipReason(cluster, { kind: 'all' }) === null);
  if (chosen.length === 0 && others.length > 0 && scope.kind === 'tag') {
    const tag = scope.value === null ? scope.key : `${scope.key}=${scope.value}`;
    throw new DrillError(
      'NothingMonitored',
      `0 of ${countOf(others.length, 'Aurora cluster')} have the tag ${tag}`,
    );
  }
  return chosen;
};
