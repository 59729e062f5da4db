import type { Aurora, Instance } from '../../shared/aurora/port.ts';
import type { Database, DatabaseAddress, Reader } from '../../shared/database/port.ts';
import { formatTableName, parseTableName, type Table } from '../../shared/database/tables.ts';
import { DrillError, type ErrorName } from '../../shared/errors.ts';
import type { Clock } from '../../shared/instants.ts';
import { at, makePassedDrill } from '../shared/drill/state-fixture.ts';

/** A clock that stands still, at "08:25" or "08:25:13" of the fixture's morning. */
export const clockAt =
  (time: string): Clock =>
  () =>
    new Date(at(time));

/** A verb that fails with this error. */
export const failWith = (name: ErrorName) => (): Promise<never> =>
  Promise.reject(new DrillError(name, `injected ${name}`));

const unexpected = (verb: string) => (): Promise<never> =>
  Promise.reject(new Error(`nobody should call ${verb} here`));

/** An Aurora with these verbs. Any other one fails the test. */
export const makeAurora = (verbs: Partial<Aurora> = {}): Aurora => ({
  findCluster: unexpected('findCluster'),
  listClusters: unexpected('listClusters'),
  findClusterOf: unexpected('findClusterOf'),
  listSnapshots: () => {
    throw new Error('nobody should call listSnapshots here');
  },
  listManualSnapshots: () => {
    throw new Error('nobody should call listManualSnapshots here');
  },
  findSnapshot: unexpected('findSnapshot'),
  listInstances: unexpected('listInstances'),
  listClusterParameters: unexpected('listClusterParameters'),
  listInstanceParameters: unexpected('listInstanceParameters'),
  readQuotas: unexpected('readQuotas'),
  listRetainedBackups: unexpected('listRetainedBackups'),
  listBacktracks: unexpected('listBacktracks'),
  listClusterEvents: unexpected('listClusterEvents'),
  listBlueGreens: unexpected('listBlueGreens'),
  backtrackCluster: unexpected('backtrackCluster'),
  takeSnapshot: unexpected('takeSnapshot'),
  restoreCluster: unexpected('restoreCluster'),
  addWriter: unexpected('addWriter'),
  startCluster: unexpected('startCluster'),
  liftProtection: unexpected('liftProtection'),
  setMasterPassword: unexpected('setMasterPassword'),
  deleteInstance: unexpected('deleteInstance'),
  deleteCluster: unexpected('deleteCluster'),
  deleteSnapshot: unexpected('deleteSnapshot'),
  ...verbs,
});

/** By default of the cluster that the fixture's drill restored. */
export const makeInstance = (identifier: string, changes: Partial<Instance> = {}): Instance => ({
  identifier,
  cluster: makePassedDrill().PrepareDrill.target.cluster,
  status: 'available',
  instanceClass: 'db.serverless',
  parameterGroup: null,
  ...changes,
});

/** What every table of a fake database has. */
export const columns = ['id bigint not null', 'name text'];
export const objects = ['primary key (id)'];

export const makeTable = (name: string, estimatedRows: number): Table => {
  const parsed = parseTableName(name);
  if (parsed === undefined) throw new Error(`${name} is no table name`);
  return { ...parsed, columns, objects, key: ['id'], estimatedRows };
};

/**
 * A database with this many rows in each table. They never change, and hash to their number. Its clock reads 08:00:03.5,
 * and every snapshot takes 4 ms. `seen` is what all readers together asked of it.
 */
export const makeDatabase = (rows: Record<string, number>, changes: Partial<Reader> = {}) => {
  const seen = {
    opened: [] as DatabaseAddress[],
    sessions: [] as number[],
    /** The times that snapshots waited for, in milliseconds since 1970. */
    snapshots: [] as number[],
    /** "keys public.users": what was read of which table. */
    read: [] as string[],
    closed: 0,
  };
  const reader: Reader = {
    readClock: async () => Date.parse(at('08:00:03')) + 500,
    readLag: async () => 0,
    readMark: async () => null,
    readProgress: async () => ({ atMs: await reader.readClock(), counts: {} }),
    countChanges: async () => ({ all: 0, renames: 0, trace: '' }),
    openSnapshot: async (notBeforeMs) => {
      seen.snapshots.push(notBeforeMs);
      return Math.max(notBeforeMs, await reader.readClock()) + 4;
    },
    listTables: async () => Object.entries(rows).map(([name, count]) => makeTable(name, count)),
    listObjects: async () => ['plpgsql 1.0'],
    listDefinitions: async () => [{ kind: 'views', name: 'public.recent', text: 'select 1' }],
    listLateCounters: async () => [],
    listCounters: async () => [],
    readLoad: async () => ({
      atMs: await reader.readClock(),
      rowsWritten: 0,
      connections: 0,
      binlog: { isOn: false, consumers: [] },
    }),
    listSideEffects: async () => ({ found: [], unseen: [] }),
    cutsTables: () => false,
    readDigest: async (table, { content }) => {
      const name = formatTableName(table);
      seen.read.push(`${content} ${name}`);
      const count = rows[name] ?? Number.NaN;
      return count === 0
        ? []
        : [{ range: 0, bucket: 0, rows: count, hash: content === 'rows' ? 0n : BigInt(count) }];
    },
    readRows: async function* () {},
    readByKey: async () => new Map(),
    chooseBounds: async () => [],
    chooseSamples: async () => [],
    timeColumn: (_, name) => ({ name, isZoned: true, unitMs: 1 }),
    countByTime: async (_, __, bounds) => ({ rows: [0, ...bounds].map(() => 0), without: 0 }),
    readNewest: async () => null,
    runQuery: async () => [['1']],
    checkIntegrity: async () => [],
    close: async () => {
      seen.closed++;
    },
    ...changes,
  };
  const database: Database = {
    open: async (address, { sessions }) => {
      seen.opened.push(address);
      seen.sessions.push(sessions);
      return reader;
    },
  };
  return { database, seen };
};
