import { mysqlIdentities } from '../../shared/probing/mysql/identity.ts';
import { postgresIdentities } from '../../shared/probing/postgres/identity.ts';
import { postgresProbing } from '../../shared/probing/postgres/server.ts';
import type { ReachClone } from '../../shared/rehearsing/reach.ts';

/** A copy here says the name of the instance that it was started for. Sources have none. */
const nameSql = {
  postgres: `select current_setting('cluster_name') as name`,
  mysql: 'select @@report_host as name',
};

/** Clones of this machine, by the product's own way in. */
export const reachLocalClone: ReachClone = (password) => {
  const signIn = async () => ({ password, ssl: false as const });
  const [postgres, mysql] = [
    postgresIdentities(signIn, nameSql.postgres),
    mysqlIdentities(signIn, nameSql.mysql),
  ];
  return {
    identities: {
      open: (target) => (target.engine === 'aurora-mysql' ? mysql : postgres).open(target),
    },
    probing: postgresProbing(signIn),
  };
};
