import type mysql from 'mysql2/promise';
import { connectMysql, describeAddress } from '../../database/mysql/connection.ts';
import { fromMysqlError } from '../../database/mysql/errors.ts';
import type { SignIn } from '../../database/sign-in.ts';
import { DrillError } from '../../errors.ts';
import type { LockNow, ProbedServer, Probing, Target } from '../port.ts';
import { algorithmsOn } from './algorithms.ts';
import { type Ask, type MysqlTable, readMysqlCatalog } from './catalog.ts';
import { changeOn, changesRows } from './change.ts';
import { conflicts, type Process, processesSql, type Touched, toLocks } from './locks.ts';
import { readLogPosition, startLooks } from './looks.ts';
import { contendOn, type OpenProbe, probeOn } from './probes.ts';

/** Probes and the contender wait as long as it takes, and lock no gaps between rows. */
const patient = ['lock_wait_timeout = 31536000', 'transaction isolation level read committed'];
/** Whoever looks must not wait for the change, least of all to cancel it. */
const hasty = ['lock_wait_timeout = 1'];

export const mysqlProbing = (signIn: SignIn): Probing => ({
  open: async (target) => {
    const connections: mysql.Connection[] = [];
    const connect = async (settings: readonly string[]): Promise<mysql.Connection> => {
      const connection = await connectMysql(target, signIn);
      connections.push(connection);
      // A connection may break between two queries. The next query fails with the error.
      connection.on('error', () => {});
      for (const setting of settings) await connection.query(`set session ${setting}`);
      return connection;
    };
    const close = async (): Promise<void> => {
      await Promise.all(connections.map((one) => one.end().catch(() => one.destroy())));
    };
    try {
      return await serverOn(target, connect, close);
    } catch (error) {
      await close();
      const what = `look at ${describeAddress(target)}`;
      throw error instanceof DrillError ? error : fromMysqlError(what, error);
    }
  },
});

type Connect = (settings: readonly string[]) => Promise<mysql.Connection>;

const serverOn = async (
  { engine, database }: Target,
  connect: Connect,
  close: () => Promise<void>,
): Promise<ProbedServer> => {
  const watcher = await connect(hasty);
  const ask: Ask = async <Row extends object>(sql: string): Promise<Row[]> =>
    (await watcher.query<mysql.RowDataPacket[]>(sql))[0] as unknown as Row[];
  const version = (await ask<{ version: string }>('select version() as version'))[0]?.version ?? '';
  const isMariadb = version.includes('MariaDB');
  const tellsVersions = (await ask(versionsSql)).length > 0;
  const { catalog, tables } = await readMysqlCatalog(ask, database);
  const find = (name: string): MysqlTable => {
    const table = tables.get(name);
    if (table === undefined) {
      throw new DrillError('TableNotFound', `there is no table ${name} in the catalog that was read`);
    }
    return table;
  };
  const tellsLog = (await readLogPosition(ask)) !== null;
  // As any client's session: what the server sets for all holds for the change too.
  const changing = await connect([]);
  const changeId = String(changing.threadId);
  const probes = new Map<string, OpenProbe>();
  let touched: Touched = { tables: [], rowsOf: new Set() };
  const readLocks = async (): Promise<LockNow[]> =>
    toLocks(await ask<Process>(processesSql), changeId, probes, touched);

  /** A session that waits for a lock would not hear of its end from its own client. */
  const kill = async ({ threadId }: mysql.Connection): Promise<void> => {
    await ask(`kill ${threadId}`).catch(() => {});
  };

  return {
    engine,
    version,
    catalog,
    notMeasured: [
      'rows scanned are not known: the server does not count what it reads inside of InnoDB',
      ...(tellsLog ? [] : ['bytes of log are not known: the server does not count them']),
    ],
    conflicts,
    openChange: async (names) => {
      const looks = startLooks(ask, readLocks, names.map(find), { isMariadb, tellsVersions });
      const session = changeOn(changing, looks, algorithmsOn(ask, looks, tables, database));
      return {
        ...session,
        prepare: (statement) => {
          const rowsOf = new Set(session.isInTransaction() ? touched.rowsOf : []);
          if (changesRows(statement.sql)) for (const table of statement.tables) rowsOf.add(table);
          touched = { tables: statement.tables, rowsOf };
          return session.prepare(statement);
        },
      };
    },
    openProbe: async (name, kind) => {
      const table = find(name);
      const client = await connect(patient);
      probes.set(String(client.threadId), { table: name, kind });
      return { attempt: await probeOn(client, table, kind), close: () => kill(client) };
    },
    openContender: async (names) => contendOn(await connect(patient), names.map(find)),
    cancel: async () => {
      await ask(`kill query ${changeId}`);
    },
    terminate: async () => {
      await ask(`kill ${changeId}`);
    },
    readLocks,
    close,
  };
};

const versionsSql = `
  select 1 from information_schema.columns
   where table_schema = 'information_schema' and table_name = 'INNODB_TABLES' and column_name = 'TOTAL_ROW_VERSIONS'`;
