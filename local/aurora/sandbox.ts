import type { Aurora, Cluster } from '../../shared/aurora/port.ts';
import { mysqlExtraction } from '../../shared/copying/mysql/extraction.ts';
import type { Extraction } from '../../shared/copying/port.ts';
import { postgresExtraction } from '../../shared/copying/postgres/extraction.ts';
import type { DatabaseAddress } from '../../shared/database/port.ts';
import type { SignIn } from '../../shared/database/sign-in.ts';
import type { Sandbox } from '../../shared/plan/sandboxes.ts';
import type { EngineName } from '../servers/engine-name.ts';
import { blankCluster, resourceIdOf } from './descriptions.ts';

/** Where extracted tables go on this machine. `version`: of its server; undefined: that of the source. */
export type LocalSandbox = { address: DatabaseAddress; signIn: SignIn; version: string | undefined };

/** The database of a sandbox that is started here, and its user. */
export const newSandbox = { database: 'sandbox', user: 'sandbox_writer' };

const cluster = 'local-sandbox';

/** As a plan names it. */
export const planSandbox = ({ database, user }: typeof newSandbox): Sandbox => ({
  cluster,
  resourceId: resourceIdOf(cluster),
  database,
  user,
});

/** The same Aurora, which knows the cluster of the sandbox too. */
export const knowSandbox = (
  aurora: Aurora,
  engine: EngineName,
  { address, version }: LocalSandbox,
): Aurora => {
  const blank = blankCluster(engine, cluster, address.port);
  const described: Cluster = {
    ...blank,
    engineVersion: version ?? blank.engineVersion,
    status: 'available',
    endpoint: address.host,
  };
  return {
    ...aurora,
    findCluster: async (identifier) => (identifier === cluster ? described : aurora.findCluster(identifier)),
  };
};

/** How tables are copied between servers of this engine. */
export const extractionOf = (engine: EngineName, signIns: Record<'copy' | 'sandbox', SignIn>): Extraction =>
  engine === 'postgres' ? postgresExtraction(signIns) : mysqlExtraction(signIns);
