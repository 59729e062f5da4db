import { postgresIdentities } from '../../shared/probing/postgres/identity.ts';
import { postgresProbing } from '../../shared/probing/postgres/server.ts';
import type { ReachClone } from '../../shared/rehearsing/reach.ts';

/** A copy here says the name that it was started with, as its cluster_name. Sources have none. */
const localName = `select current_setting('cluster_name') as name`;

/** Clones of this machine, by the product's own way in. */
export const reachLocalClone: ReachClone = (password) => {
  const signIn = async () => ({ password, ssl: false as const });
  return { identities: postgresIdentities(signIn, localName), probing: postgresProbing(signIn) };
};
