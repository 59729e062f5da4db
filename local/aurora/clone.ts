import type { SignIn } from '../../shared/database/sign-in.ts';
import { mysqlIdentities } from '../../shared/probing/mysql/identity.ts';
import { mysqlProbing } from '../../shared/probing/mysql/server.ts';
import { postgresIdentities } from '../../shared/probing/postgres/identity.ts';
import { postgresProbing } from '../../shared/probing/postgres/server.ts';
import { joinEngines, type ReachClone } from '../../shared/rehearsing/reach.ts';

/** A copy here says the name of the instance that it was started for. Sources have none. */
const nameSql = {
  postgres: `select current_setting('cluster_name') as name`,
  mysql: 'select @@report_host as name',
};

/** Clones of this machine, by the product's own way in. */
export const reachLocalClone: ReachClone = (password) => {
  const signIn: SignIn = async () => ({ password, ssl: false });
  return joinEngines({
    postgres: { identities: postgresIdentities(signIn, nameSql.postgres), probing: postgresProbing(signIn) },
    mysql: { identities: mysqlIdentities(signIn, nameSql.mysql), probing: mysqlProbing(signIn) },
  });
};
