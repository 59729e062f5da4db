import { mysqlDatabase } from '../../shared/database/mysql/reader.ts';
import type { Database, DatabaseAddress } from '../../shared/database/port.ts';
import { postgresDatabase } from '../../shared/database/postgres/reader.ts';
import type { SignIn } from '../../shared/database/sign-in.ts';
import type { Plan } from '../../shared/plan/plans.ts';
import type { EngineName } from '../servers/engine-name.ts';
import type { BacktrackSettings } from './backtracks.ts';

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

/** One password for every user, and no encryption. */
export const signInWith =
  (password: string): SignIn =>
  async () => ({ password, ssl: false });

/** The product's own database port. */
export const databaseOf = (engine: EngineName, signIn: SignIn): Database =>
  engine === 'postgres' ? postgresDatabase(signIn) : mysqlDatabase(signIn);

/** The same with this machine's one password. */
export const localDatabase = (engine: EngineName, password: string): Database =>
  databaseOf(engine, signInWith(password));

/** The server here always writes a binary log, since it is recovered from it: Aurora's is on where its settings say so. */
export const playBinlog = (
  database: Database,
  { hasBinlogConsumers = false }: BacktrackSettings,
): Database => ({
  open: async (address, options) => {
    const reader = await database.open(address, options);
    const binlog = { isOn: hasBinlogConsumers, consumers: hasBinlogConsumers ? ['10.0.3.7'] : [] };
    return { ...reader, readLoad: async () => ({ ...(await reader.readLoad()), binlog }) };
  },
});
