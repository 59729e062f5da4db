import type { Aurora, Cluster } from './port.ts';

/** The 16th clone of a source is silently a full copy (Aurora User Guide, Aurora.Managing.Clone). */
export const mostClones = 15;

/** Clusters that share storage with this one, itself left out. Its point-in-time copies count too: RDS does not tell them apart. */
export const countClones = async (
  aurora: Pick<Aurora, 'listClusters'>,
  { identifier, cloneGroup }: Cluster,
): Promise<number> => {
  if (!cloneGroup) return 0;
  const { clusters } = await aurora.listClusters();
  return clusters.filter((one) => one.cloneGroup === cloneGroup && one.identifier !== identifier).length;
};
