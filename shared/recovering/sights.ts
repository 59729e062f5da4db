import { countClones as countInGroup } from '../aurora/clones.ts';
import type { Aurora, Cluster } from '../aurora/port.ts';
import { isDrillError } from '../errors.ts';
import type { RestoreSettings } from '../job/state.ts';
import type { HourlyCost, Measured, RecoveryFacts } from '../recovery/facts.ts';
import { findOwner, recoveredNames } from '../recovery/names.ts';
import type { PlannedReader } from '../recovery/readers.ts';
import type { Prices } from '../result/prices.ts';
import { ratesOf } from '../result/rates.ts';
import type { SeenSource } from './source.ts';

type Verbs = Pick<Aurora, 'findCluster' | 'listClusters' | 'listInstances' | 'listSnapshots' | 'readQuotas'>;

export type Sights = {
  source: SeenSource;
  /** The time asked for; null for the latest. */
  restoreTo: string | null;
  restore: RestoreSettings;
  readers: readonly PlannedReader[];
  /** The ARN of this execution. */
  execution: string;
  measured: Measured;
  prices: Prices;
};

/** Everything that advice is made of, as it is now. Side effects are asked for later, inside the VPC. */
export const readFacts = async (aurora: Verbs, sights: Sights): Promise<RecoveryFacts> => {
  const { source, restoreTo, restore, readers, measured, prices } = sights;
  const { cluster, stands, window } = source;
  const { identifier, resourceId, engine, engineVersion, status } = cluster;
  const snapshots = [];
  for await (const page of aurora.listSnapshots([identifier])) snapshots.push(...page);
  const classes = [restore.instanceClass, ...readers.map(({ instanceClass }) => instanceClass)];
  return {
    source: { identifier, resourceId, engine, engineVersion, status: stands ? status : null },
    restoreTo,
    window,
    snapshots,
    backtrack: cluster.backtrack,
    left: await readLeft(aurora, sights),
    wantedInstances: classes.length,
    clones: await countClones(aurora, source),
    sideEffects: { refusal: null, doubt: '' },
    measured,
    hourly: priceHour(classes, restore.capacity, restore.inherited?.storageType ?? null, prices),
  };
};

/** What an earlier start of the same recovery has made is not wanted again. */
const readLeft = async (
  aurora: Verbs,
  { source, restoreTo, execution }: Sights,
): Promise<RecoveryFacts['left']> => {
  const left = await orUnknown(() => aurora.readQuotas(), { clusters: null, instances: null });
  if (restoreTo === null) return left;
  const { identifier } = source.cluster;
  const made = await aurora.findCluster(recoveredNames(identifier, restoreTo).cluster);
  if (made === undefined) return left;
  if (findOwner(made, { source: identifier, restoreTo, execution }).whose === 'foreign') return left;
  const instances = await aurora.listInstances(made.identifier);
  return {
    clusters: left.clusters === null ? null : left.clusters + 1,
    instances: left.instances === null ? null : left.instances + instances.length,
  };
};

const countClones = async (aurora: Verbs, { cluster, stands }: SeenSource): Promise<number | null> => {
  if (!stands || !cluster.cloneGroup) return null;
  return orUnknown(() => countInGroup(aurora, cluster), null);
};

/** No drill makes these calls, so their first failure may come in an emergency. They only warn, and must not end it. */
const orUnknown = async <Answer, Unknown>(
  ask: () => Promise<Answer>,
  unknown: Unknown,
): Promise<Answer | Unknown> => {
  try {
    return await ask();
  } catch (error) {
    if (!isDrillError(error)) throw error;
    return unknown;
  }
};

const hoursOfMonth = 730;

/** Null instances: a class has no price. The size is not known here, so it is the one that config/prices.json assumes. */
export const priceHour = (
  classes: readonly string[],
  capacity: Cluster['capacity'],
  storageType: string | null,
  prices: Prices,
): HourlyCost => {
  const rates = ratesOf(prices, storageType === 'aurora-iopt1');
  const priceOf = (name: string): { low: number; high: number } | null => {
    if (name === 'db.serverless')
      return capacity && { low: capacity.min * rates.acuHour, high: capacity.max * rates.acuHour };
    const hourly = rates.instanceHours[name];
    return hourly === undefined ? null : { low: hourly, high: hourly };
  };
  const priced = classes.map(priceOf);
  const known = priced.filter((price) => price !== null);
  const sum = (bound: 'low' | 'high') => known.reduce((total, price) => total + price[bound], 0);
  return {
    instances: known.length === priced.length ? { low: sum('low'), high: sum('high') } : null,
    storage: (prices.assumedStorageGiB * rates.storageGiBMonth) / hoursOfMonth,
    currency: prices.currency,
  };
};
