import { type Connection, connectPostgres } from '../../database/postgres/connection.ts';
import type { SignIn } from '../../database/sign-in.ts';
import { DrillError } from '../../errors.ts';
import type { Conflicts, ProbedServer, Probing } from '../port.ts';
import { type Relation, readPostgresCatalog } from './catalog.ts';
import { changeOn } from './change.ts';
import { type LockRow, locksSql, logSql, toLocks } from './look.ts';
import { contendOn, hasProbe, probeOn } from './probes.ts';

/** Sessions that watch wait as long as it takes, and find tables by their full names alone. */
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
      return await serverOn(target.engine, connect, close);
    } catch (error) {
      await close();
      throw error;
    }
  },
});

type Connect = (settings: Record<string, string>) => Promise<Connection>;

const serverOn = async (
  engine: string,
  connect: Connect,
  close: () => Promise<void>,
): Promise<ProbedServer> => {
  const { client: watcher } = await connect(watching);
  const ask = async <Row extends object>(sql: string): Promise<Row[]> => (await watcher.query<Row>(sql)).rows;
  const { version, number } = one(await ask<Version>(versionSql));
  const { catalog, relations } = await readPostgresCatalog(ask);
  const oidByName = new Map([...relations].map(([oid, { name }]) => [name, oid]));
  const find = (table: string): { oid: string; relation: Relation } => {
    const oid = oidByName.get(table);
    const relation = relations.get(oid ?? '');
    if (oid === undefined || relation === undefined) {
      throw new DrillError('TableNotFound', `there is no table ${table} in the catalog that was read`);
    }
    return { oid, relation };
  };
  const refusal = await findRefusal(() => ask(logSql));
  const abilities = { tellsLog: refusal === null, tellsScans: number >= tellsScansFrom };
  // As any client's session: what the server sets for all holds for the change too.
  const changing = await connect({});
  const process = one(
    (await changing.client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows,
  ).pid;

  return {
    engine,
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
    terminate: async () => {
      await ask(`select pg_terminate_backend(${process})`);
    },
    readLocks: async () => toLocks(await ask<LockRow>(locksSql(String(process))), relations),
    close,
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
    return (error as Error).message;
  }
};
