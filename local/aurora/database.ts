import { mysqlDatabase } from '../../shared/database/mysql/reader.ts';
import type { Database, DatabaseAddress } from '../../shared/database/port.ts';
import { postgresDatabase } from '../../shared/database/postgres/reader.ts';
import type { Plan } from '../../shared/plan/plans.ts';
import type { EngineName } from '../servers/engine-name.ts';

/** Where a server of this machine is read, as the plan's user. */
export const localAddress = (
  engine: EngineName,
  port: number,
  { name: database, user }: Plan['database'],
): DatabaseAddress => ({
  engine: engine === 'mysql' ? 'aurora-mysql' : 'aurora-postgresql',
  host: '127.0.0.1',
  port,
  database,
  user,
});

/** The product's own database port, with this machine's one password. */
export const localDatabase = (engine: EngineName, password: string): Database => {
  const signIn = async () => ({ password, ssl: false as const });
  return engine === 'postgres' ? postgresDatabase(signIn) : mysqlDatabase(signIn);
};
