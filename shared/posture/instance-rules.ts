import type { Cluster, Instance } from '../aurora/port.ts';
import { modifyCluster, onOff, rds } from '../recovery/setting-commands.ts';
import { countOf, listSome } from '../words.ts';
import type { Mend } from './finding.ts';
import { byHand, describeHaste, inRegionOf, joinNotes, paste, regionOf } from './mend.ts';
import { hold, judgeKnown, mostNames, notApplicable, type Rule, unreadable } from './rule.ts';

/** What only instances have. A cluster of Serverless v2 has instances like any other. */

export const judgeZones: Rule = ({ cluster, instances }) => {
  if (cluster.isLimitless)
    return notApplicable('it is of Aurora Limitless: its shard group says how many zones it is in');
  if (cluster.engineMode === 'serverless')
    return notApplicable('it is of Serverless v1, which has no instances');
  return judgeKnown(instances, (all) => {
    const standing = listStanding(all);
    const globalCluster = cluster.settings?.globalCluster ?? null;
    if (standing.length === 0 && globalCluster !== null)
      return notApplicable(`it has no instance, as a cluster of the Global Database ${globalCluster} may`);
    const zones = [...new Set(standing.flatMap(({ zone }) => zone ?? []))].toSorted();
    const untold = standing.filter(({ zone }) => (zone ?? null) === null);
    if (zones.length < 2 && untold.length > 0)
      return unreadable(`RDS does not say in which zone ${listNames(untold)} is`);
    return hold(zones.length >= 2, {
      expected: 'instances in two zones or more',
      seen:
        standing.length === 0
          ? 'no instance'
          : `${countOf(standing.length, 'instance')} in ${zones.join(', ')}`,
      mend: () => addReader(cluster, standing, zones[0]),
    });
  });
};

const listStanding = (instances: readonly Instance[]): Instance[] =>
  instances.filter(({ status }) => status !== 'deleting');

const addReader = (cluster: Cluster, instances: readonly Instance[], zone: string | undefined): Mend => {
  const model = instances.find(({ identifier }) => identifier === cluster.writer) ?? instances[0];
  if (model === undefined || zone === undefined)
    return byHand('create instances for it, in two zones: nothing can be read from a cluster without any');
  const region = inRegionOf(cluster);
  // The cluster's storage is in three zones, and an instance may be in any of them.
  const otherZone = rds(
    'describe-db-clusters',
    '--db-cluster-identifier',
    cluster.identifier,
    '--query',
    `DBClusters[0].AvailabilityZones[?@ != \`${JSON.stringify(zone)}\`] | [0]`,
    '--output',
    'text',
    ...region,
  );
  const create = rds(
    'create-db-instance',
    '--db-cluster-identifier',
    cluster.identifier,
    '--db-instance-identifier',
    nameReader(cluster.identifier, instances),
    '--engine',
    cluster.engine,
    '--db-instance-class',
    model.instanceClass,
    ...(model.parameterGroup === null ? [] : ['--db-parameter-group-name', model.parameterGroup]),
    // Without it, RDS makes an instance public where the default network leads to the internet (API, CreateDBInstance).
    onOff('publicly-accessible', model.settings?.isPublic === true),
    ...region,
  );
  return paste(
    [`${create} --availability-zone "$(${otherZone})"`],
    `a second instance costs as much as ${model.identifier}; where the cluster has no subnet in that zone, name another`,
  );
};

/** RDS: 63 characters at most, and no two hyphens in a row. */
const maxNameLength = 63;

const nameReader = (cluster: string, instances: readonly Instance[]): string => {
  const taken = new Set(instances.map(({ identifier }) => identifier));
  for (let number = 2; ; number += 1) {
    const ending = `-${number}`;
    const name = cluster.slice(0, maxNameLength - ending.length).replace(/-+$/, '') + ending;
    if (!taken.has(name)) return name;
  }
};

/**
 * Security Hub User Guide, RDS.13: the cluster and each of its instances have to have it on. Where RDS does not tell that of
 * the cluster, the instances decide.
 */
export const judgeMinorUpgrades: Rule = ({ cluster, instances }) => {
  const spread = findSpread(cluster);
  if (spread !== null) return notApplicable(`it ${spread}, and gets no minor version by itself`);
  return judgeKnown(instances, (known) => {
    const all = listStanding(known);
    if (all.length === 0) return notApplicable('it has no instance');
    const isOff = cluster.settings?.hasMinorUpgrades === false;
    const off = all.filter(({ settings }) => settings?.hasMinorUpgrades === false);
    const untold = all.filter(({ settings }) => (settings?.hasMinorUpgrades ?? null) === null);
    const isHeld = !isOff && off.length === 0;
    if (isHeld && untold.length > 0)
      return unreadable(`RDS does not say whether ${listNames(untold)} gets minor versions`);
    const places = [...(isOff ? ['the cluster'] : []), ...(off.length === 0 ? [] : [listNames(off)])];
    return hold(isHeld, {
      expected: 'on for the cluster and every instance',
      seen: isHeld ? 'on' : `off for ${places.join(' and ')}`,
      mend: () => switchUpgradesOn(cluster, isOff, off),
    });
  });
};

/** How it reaches into other Regions, in words: RDS upgrades neither of the two kinds (the same page). Null: it does not. */
const findSpread = (cluster: Cluster): string | null => {
  const globalCluster = cluster.settings?.globalCluster ?? null;
  if (globalCluster !== null) return `is in the Global Database ${globalCluster}`;
  const isAbroad = (arn: string) => regionOf({ arn }) !== null && regionOf({ arn }) !== regionOf(cluster);
  return cluster.replication?.to.some(isAbroad) ? 'has a replica in another Region' : null;
};

/** RDS switches it on for an instance at once, so that nothing else which waits for the maintenance window is applied along. */
const switchUpgradesOn = (cluster: Cluster, isOff: boolean, off: readonly Instance[]): Mend => {
  const options = ['--auto-minor-version-upgrade', ...inRegionOf(cluster)];
  const names = off.map(({ identifier }) => identifier).toSorted();
  return paste(
    [
      ...(isOff ? [modifyCluster(cluster.identifier, ...options)] : []),
      ...names.map((name) => rds('modify-db-instance', '--db-instance-identifier', name, ...options)),
    ],
    joinNotes([
      'new minor versions will restart it, in a maintenance window',
      isOff ? describeHaste(cluster) : null,
    ]),
  );
};

const listNames = (instances: readonly Instance[]): string =>
  listSome(instances.map(({ identifier }) => identifier).toSorted(), mostNames);
