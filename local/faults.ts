import pg from 'pg';
import {
  addInstanceByHand,
  blockTeardown,
  exhaustQuota,
  loseSource,
  type Ports,
  slowTeardown,
  throttleTwice,
} from './broken-ports.ts';

/** One way in which a drill goes wrong, made to happen around it: the state machine and its functions know nothing of it. */
export type Fault = {
  name: string;
  description: string;
  /** The log archive cannot be read, so that recovery never reaches its target. */
  hasEmptyArchive?: true;
  /** The restore never comes to an end. */
  isStuck?: true;
  /** What the restored writer ends as, instead of available. */
  writerStatus?: string;
  /** Changes the restored copy before anybody can connect. */
  damage?: (client: pg.Client) => Promise<void>;
  /** What AWS answers the drill. A sweep that follows gets true answers again. */
  breakPorts?: (ports: Ports) => Ports;
  /** The process of the drill is killed after some state. */
  isCrash?: true;
  /** Leaves something behind, for a sweep to remove. */
  isSwept?: true;
  /** Shorten the plan's own time-out and the teardown's, so that nobody waits an hour for a deadline. */
  timeoutMinutes?: number;
  teardownMinutes?: number;
};

export const faults: readonly Fault[] = [
  {
    name: 'lost-rows',
    description: 'the restored copy lacks rows of its largest table; the row count catches it',
    damage: (client) => loseRows(client),
  },
  {
    name: 'restore-failed',
    description: 'the log archive is empty, so the cluster ends as incompatible-restore',
    hasEmptyArchive: true,
  },
  {
    name: 'restore-stuck',
    description: 'the restore never ends; the deadline fires after 15 seconds',
    isStuck: true,
    timeoutMinutes: 0.25,
  },
  {
    name: 'writer-failed',
    description: 'the writer ends as insufficient-capacity; its cluster is removed',
    writerStatus: 'insufficient-capacity',
  },
  {
    name: 'throttled',
    description: 'AWS throttles every call twice before it answers; the drill passes all the same',
    breakPorts: throttleTwice,
  },
  {
    name: 'source-gone',
    description: 'somebody deletes the source while the drill waits for its restore point',
    breakPorts: loseSource,
  },
  {
    name: 'quota',
    description: 'the account may have no more clusters: DBClusterQuotaExceededFault',
    breakPorts: exhaustQuota,
  },
  {
    name: 'teardown-slow',
    description:
      'RDS refuses to delete the cluster for a while; the teardown outlasts it, and the drill passes',
    breakPorts: slowTeardown,
  },
  {
    name: 'teardown-blocked',
    description:
      'RDS never lets the cluster go: the drill fails and says what is left; a sweep removes it later',
    breakPorts: blockTeardown,
    isSwept: true,
    teardownMinutes: 0.05,
  },
  {
    name: 'extra-instance',
    description: "somebody adds an instance to the drill's cluster; it is removed with the others",
    breakPorts: addInstanceByHand,
  },
  {
    name: 'crash',
    description:
      'the process of the drill is killed after a state chosen at random; a sweep removes what it left',
    isCrash: true,
    isSwept: true,
  },
];

/** One row in twenty, and at least one. */
const lostShare = 20;

const loseRows = async (client: pg.Client): Promise<void> => {
  await client.query('analyze');
  const { rows } = await client.query<{ schema: string; table: string }>(
    `select n.nspname as schema, c.relname as table
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and c.relpersistence = 'p'
        and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      order by c.reltuples desc, n.nspname, c.relname limit 1`,
  );
  const [largest] = rows;
  if (largest === undefined) throw new Error('there is no table to lose rows of');
  const table = `${pg.escapeIdentifier(largest.schema)}.${pg.escapeIdentifier(largest.table)}`;
  // Rows that a bad backup loses take no foreign keys or triggers along.
  await client.query('set session_replication_role = replica');
  const { rowCount } = await client.query(
    `delete from ${table} where ctid in (
       select ctid from ${table} limit greatest(1, (select count(*) from ${table}) / ${lostShare}))`,
  );
  if (rowCount === 0) throw new Error(`there was no row to lose in ${table}`);
};
