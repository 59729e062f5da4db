import type { SignIn } from '../database/sign-in.ts';
import { mysqlIdentities } from '../probing/mysql/identity.ts';
import { mysqlProbing } from '../probing/mysql/server.ts';
import { postgresIdentities } from '../probing/postgres/identity.ts';
import { postgresProbing } from '../probing/postgres/server.ts';
import { joinEngines, type ReachClone } from '../rehearsing/reach.ts';
import { rdsCertificates } from './certificates.ts';

/** A clone in Aurora of either engine: by password, and only inside TLS. */
export const reachAuroraClone: ReachClone = (password) => {
  const signIn: SignIn = async () => ({ password, ...rdsCertificates });
  return joinEngines({
    postgres: { identities: postgresIdentities(signIn), probing: postgresProbing(signIn) },
    mysql: { identities: mysqlIdentities(signIn), probing: mysqlProbing(signIn) },
  });
};
