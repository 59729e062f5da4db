import { type Connection, connectPostgres, nameWhere } from '../../database/postgres/connection.ts';
import { fromPostgresError } from '../../database/postgres/errors.ts';
import type { SignIn } from '../../database/sign-in.ts';
import { DrillError, describeError } from '../../errors.ts';
import type { Conflicts, ProbedServer, Probing, Target } from '../port.ts';
import { type Relation, readPostgresCatalog } from './catalog.ts';
import { changeOn } from './change.ts';
import { type LockRow, locksSql, logSql, toLocks } from './look.ts';
import { contendOn, hasProbe, probeOn } from './probes.ts';

/** Sessions that probe and watch wait as long as it takes, whatever the server sets for others. */
const watching = {
  lock_timeout: '0',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
};

/** PostgreSQL documentation, "Explicit Locking", tables of conflicting lock modes. */
const keepWritesOut = ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];
const conflicts: Conflicts = {
  read: ['AccessExclusiveLock'],
  write: keepWritesOut,
  // Whoever holds one of these two may hold locks of rows.
  row: ['RowShareLock', 'RowExclusiveLock'],
};

/** From 15 on, statistics are in shared memory and are told at once. */
const tellsScansFrom = 150_000;

export const postgresProbing = (signIn: SignIn): Probing => ({
  open: async (target) => {
    const connections: Connection[] = [];
    const connect = async (settings: Record<string, string>): Promise<Connection> => {
      const connection = await connectPostgres(target, signIn, settings);
      connections.push(connection);
      return connection;
    };
    const close = async (): Promise<void> => {
      await Promise.all(connections.map(({ client }) => client.end().catch(() => {})));
    };
    try {
      return await serverOn(target, connect, close);
    } catch (error) {
      await close();
      throw error;
    }
  },
});

type Connect = (settings: Record<string, string>) => Promise<Connection>;

const serverOn = async (
  target: Target,
  connect: Connect,
  close: () => Promise<void>,
): Promise<ProbedServer> => {
  const { client: watcher } = await connect(watching);
  const ask = async <Row extends object>(sql: string): Promise<Row[]> => {
    try {
      return (await watcher.query<Row>(sql)).rows;
    } catch (error) {
      throw fromPostgresError(`look at ${nameWhere(target)}`, error);
    }
  };
  const { version, number } = one(await ask<Version>(versionSql));
  const { catalog, relations } = await readPostgresCatalog(ask);
  const tables = new Map([...relations].map(([oid, relation]) => [relation.name, { oid, relation }]));
  const find = (table: string): { oid: string; relation: Relation } => {
    const found = tables.get(table);
    if (found === undefined) {
      throw new DrillError(
        'DatabaseFailure',
        `${table} is not in the catalog that was read before the change`,
      );
    }
    return found;
  };
  const refusal = await findRefusal(() => ask(logSql));
  const abilities = { tellsLog: refusal === null, tellsScans: number >= tellsScansFrom };
  // As any client's session: what the server sets for all holds for the change too.
  const changing = await connect({});
  const process = one(
    (await changing.client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows,
  ).pid;
  const terminate = async (): Promise<void> => {
    await ask(`select pg_terminate_backend(${process})`);
  };

  return {
    engine: target.engine,
    version,
    catalog,
    notMeasured: [
      ...(refusal === null ? [] : [`bytes of log are not known: ${refusal}`]),
      ...(abilities.tellsScans ? [] : ['rows scanned are not known before PostgreSQL 15']),
    ],
    conflicts,
    openChange: async (tables) =>
      changeOn(
        changing,
        tables.map((table) => find(table).oid),
        relations,
        abilities,
      ),
    openProbe: async (table, kind) => {
      const { relation } = find(table);
      return hasProbe(relation, kind) ? probeOn((await connect(watching)).client, relation, kind) : null;
    },
    openContender: async (tables) =>
      contendOn(
        (await connect(watching)).client,
        tables.map((table) => find(table).relation),
      ),
    cancel: async () => {
      await ask(`select pg_cancel_backend(${process})`);
    },
    terminate,
    readLocks: async () => toLocks(await ask<LockRow>(locksSql(String(process))), relations),
    close: async () => {
      // A backend that computes does not see that its client is gone.
      await terminate().catch(() => {});
      await close();
    },
  };
};

type Version = { version: string; number: number };
const versionSql = `
  select current_setting('server_version') as version, current_setting('server_version_num')::int as number`;

const one = <Row>([row]: readonly Row[]): Row => {
  if (row === undefined) throw new DrillError('DatabaseFailure', 'PostgreSQL answered without a row');
  return row;
};

/** @returns the words of the server that refuses, or null */
const findRefusal = async (act: () => Promise<unknown>): Promise<string | null> => {
  try {
    await act();
    return null;
  } catch (error) {
    return describeError(error);
  }
};
