import type { SignIn } from '../database/sign-in.ts';
import { DrillError } from '../errors.ts';
import { mysqlIdentities } from '../probing/mysql/identity.ts';
import type { Probing, Target } from '../probing/port.ts';
import { postgresIdentities } from '../probing/postgres/identity.ts';
import { postgresProbing } from '../probing/postgres/server.ts';
import type { ReachClone } from '../rehearsing/reach.ts';
import { rdsCertificates } from './certificates.ts';

/** A clone in Aurora of either engine: by password, and only inside TLS. The address says which engine it is. */
export const reachAuroraClone: ReachClone = (password) => {
  const signIn: SignIn = async () => ({ password, ...rdsCertificates });
  const byEngine = <Port>(postgres: Port, mysql: Port, { engine }: Target): Port =>
    engine === 'aurora-mysql' ? mysql : postgres;
  const identities = [postgresIdentities(signIn), mysqlIdentities(signIn)] as const;
  const probing = [postgresProbing(signIn), mysqlProbing] as const;
  return {
    identities: { open: (target) => byEngine(...identities, target).open(target) },
    probing: { open: (target) => byEngine(...probing, target).open(target) },
  };
};

const mysqlProbing: Probing = {
  open: async ({ engine }) => {
    throw new DrillError('NotSupported', `changes of ${engine} are not measured yet`);
  },
};
