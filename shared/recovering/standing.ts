import type { Aurora, Cluster } from '../aurora/port.ts';
import { toTagValue } from '../job/tag-values.ts';
import { recoveredTags } from '../recovery/names.ts';
import type { Standing } from '../recovery/standing.ts';
import { sumHour } from '../recovery/ways.ts';
import type { Prices } from '../result/prices.ts';
import { priceHour } from './sights.ts';

/** `execution`: its ARN. `source` and `restoreTo` (ISO 8601) as far as its input tells. */
export type Sought = { execution: string; source: string | null; restoreTo: string | null };

/** Finds by its tags what an execution made, or another start of the same recovery. Null: nothing, so far. */
export const findStanding = async (
  aurora: Pick<Aurora, 'listClusters' | 'listInstances'>,
  sought: Sought,
  prices: Prices,
): Promise<Standing | null> => {
  const { clusters } = await aurora.listClusters();
  const cluster =
    clusters.find((one) => isMadeBy(one, sought)) ?? clusters.find((one) => isSame(one, sought));
  return cluster === undefined ? null : describeCluster(aurora, cluster, prices);
};

/** What stands of a kept cluster, with its instances and what they cost. */
export const describeCluster = async (
  aurora: Pick<Aurora, 'listInstances'>,
  cluster: Cluster,
  prices: Prices,
): Promise<Standing> => {
  const { identifier, capacity, storageType, tags } = cluster;
  const instances = await aurora.listInstances(identifier);
  const classes = instances.map(({ instanceClass }) => instanceClass);
  return {
    cluster: identifier,
    instances: instances.map((instance) => instance.identifier),
    restoreTo: tags[recoveredTags.restoreTo] ?? null,
    costAnHour: sumHour(priceHour(classes, capacity, storageType, prices), true),
  };
};

export const isMadeBy = ({ tags }: Cluster, { execution }: Pick<Sought, 'execution'>): boolean =>
  tags[recoveredTags.execution] === toTagValue(execution);

const isSame = ({ tags }: Cluster, { source, restoreTo }: Sought): boolean =>
  source !== null &&
  restoreTo !== null &&
  tags[recoveredTags.source] === source &&
  tags[recoveredTags.restoreTo] === restoreTo;
