import { mysqlDatabase } from '../../shared/database/mysql/reader.ts';
import type { Database } from '../../shared/database/port.ts';
import { postgresDatabase } from '../../shared/database/postgres/reader.ts';
import type { EngineName } from '../servers/engine-name.ts';

/** The product's own database port, with this machine's one password. */
export const localDatabase = (engine: EngineName, password: string): Database => {
  const signIn = async () => ({ password, ssl: false as const });
  return engine === 'postgres' ? postgresDatabase(signIn) : mysqlDatabase(signIn);
};
