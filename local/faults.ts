import pg from 'pg';

/** One way in which a restore goes wrong. Local Aurora makes it happen for real; the state machine knows nothing of it. */
export type Fault = {
  name: string;
  description: string;
  /** The log archive cannot be read, so that recovery never reaches its target. */
  hasEmptyArchive?: true;
  /** The restore never comes to an end. */
  isStuck?: true;
  /** Changes the restored copy before anybody can connect. */
  damage?: (client: pg.Client) => Promise<void>;
  /** Shortens the plan's own time-out, so that nobody waits 90 minutes for the deadline. */
  timeoutMinutes?: number;
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
