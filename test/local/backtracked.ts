import type mysql from 'mysql2/promise';
import type { BacktrackSettings } from '../../local/aurora/backtracks.ts';
import { createLocalAurora } from '../../local/aurora/clusters.ts';
import type { Backtracking } from '../../shared/aurora/backtracks.ts';
import type { Aurora } from '../../shared/aurora/port.ts';
import { systemClock } from '../../shared/clock.ts';
import { startMysqlTestWorld, until } from './world.ts';

/** The cluster of the test plan. */
export const cluster = 'prod-shop';

export const now = (): string => systemClock().toISOString();

const schema = `
  create table orders (id integer primary key auto_increment, item varchar(20) not null, at timestamp(6) default now(6));
  create table paid (id integer primary key);
  insert into orders (item) select concat('item ', seq) from seq_1_to_1000;
`;

/** One MariaDB for many tests. Each has a Backtrack of its own over it. */
export const startBacktracked = async () => {
  const world = await startMysqlTestWorld(async ({ connection }) => void (await connection.query(schema)));
  const { source } = world;
  const events: string[] = [];

  const startAurora = (changes: Partial<BacktrackSettings> = {}): Aurora =>
    createLocalAurora({
      engine: 'mysql',
      source,
      sourceIdentifier: cluster,
      makeServers: (identifier) => source.makeServers(identifier, null),
      fault: null,
      pendingMs: 0,
      onEvent: (text) => events.push(text),
      backtrack: { targetSeconds: 3600, ...changes },
      now: systemClock,
    });

  /** Each time on a connection of its own: a rewind ends them all. */
  const query = async <Row>(sql: string): Promise<(Row & mysql.RowDataPacket)[]> => {
    const connection = await source.connect();
    try {
      const [rows] = await connection.query<(Row & mysql.RowDataPacket)[]>(sql);
      return rows;
    } finally {
      await connection.end();
    }
  };
  const sumUp = async (): Promise<string> => JSON.stringify(await query('checksum table orders, paid'));

  /** Waits for the end of the last rewind. */
  const follow = async (aurora: Aurora): Promise<Backtracking> => {
    await until(
      async () => (await aurora.findCluster(cluster))?.status,
      (status) => status === 'available',
    );
    const last = (await aurora.listBacktracks(cluster)).at(-1);
    if (last === undefined) throw new Error('nobody has asked for a rewind');
    return last;
  };

  return {
    world,
    events,
    startAurora,
    query,
    sumUp,
    follow,
    rewind: async (aurora: Aurora, to: string): Promise<Backtracking> => {
      await aurora.backtrackCluster({ cluster, to });
      return follow(aurora);
    },
    /** Runs a statement. @returns an instant at which its rows are there, and nothing later */
    step: async (sql: string): Promise<{ at: string; sum: string }> => {
      await query(sql);
      await source.markPlace();
      const at = now();
      await source.markPlace();
      return { at, sum: await sumUp() };
    },
  };
};

export type Backtracked = Awaited<ReturnType<typeof startBacktracked>>;
