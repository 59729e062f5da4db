import type { Aurora, Instance } from '../../shared/aurora.ts';
import type { Database, DatabaseAddress, Session } from '../../shared/database.ts';
import { DrillError, type ErrorName } from '../../shared/errors.ts';
import type { Clock } from '../../shared/instants.ts';
import { formatTableName, parseTableName, type Table } from '../../shared/tables.ts';
import { at, makePassedDrill } from '../shared/drill-state-fixture.ts';

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

/** An Aurora with these verbs; any other one fails the test. */
export const makeAurora = (verbs: Partial<Aurora> = {}): Aurora => ({
  findCluster: unexpected('findCluster'),
  listClusters: unexpected('listClusters'),
  findClusterOf: unexpected('findClusterOf'),
  listSnapshots: () => {
    throw new Error('nobody should call listSnapshots here');
  },
  listInstances: unexpected('listInstances'),
  restoreCluster: unexpected('restoreCluster'),
  addWriter: unexpected('addWriter'),
  startCluster: unexpected('startCluster'),
  liftProtection: unexpected('liftProtection'),
  deleteInstance: unexpected('deleteInstance'),
  deleteCluster: unexpected('deleteCluster'),
  ...verbs,
});

/** Of the cluster that the drill of the fixture has restored, unless another is named. */
export const makeInstance = (identifier: string, changes: Partial<Instance> = {}): Instance => ({
  identifier,
  cluster: makePassedDrill().PrepareDrill.target.cluster,
  status: 'available',
  instanceClass: 'db.serverless',
  parameterGroup: null,
  ...changes,
});

/** The columns of every table of a fake database. */
export const columns = ['id bigint not null'];

const makeTable = (name: string): Table => {
  const parsed = parseTableName(name);
  if (parsed === undefined) throw new Error(`${name} is no table name`);
  return { ...parsed, columns, isPartitioned: false };
};

/** A database that holds so many rows in each table. `seen` is what was asked of it. */
export const makeDatabase = (rows: Record<string, number>, changes: Partial<Session> = {}) => {
  const seen = {
    opened: [] as DatabaseAddress[],
    snapshots: [] as boolean[],
    counted: [] as string[],
    closed: 0,
  };
  const session: Session = {
    openSnapshot: async ({ atWholeSecond }) => {
      seen.snapshots.push(atWholeSecond);
      return { second: at('08:00:04'), delayMs: 7 };
    },
    listTables: async () => Object.keys(rows).map(makeTable),
    countRows: async (table) => {
      const name = formatTableName(table);
      seen.counted.push(name);
      return rows[name] ?? Number.NaN;
    },
    close: async () => {
      seen.closed++;
    },
    ...changes,
  };
  const database: Database = {
    open: async (address) => {
      seen.opened.push(address);
      return session;
    },
  };
  return { database, seen };
};
