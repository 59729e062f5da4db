import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { startKeeper } from '../../../../local/servers/keeper.ts';
import {
  findPostgres,
  initDatabase,
  type Postgres,
  startServer,
} from '../../../../local/servers/postgres.ts';
import { type RunningServer, startServerProcess } from '../../../../local/servers/process.ts';
import { runAsServer } from '../../../../local/servers/program.ts';
import { findFreePort, makeServerFolder } from '../../../../local/servers/user.ts';
import { takeBaseBackup } from '../../../../local/servers/wal-archive.ts';
import type { DatabaseAddress, Reader } from '../../../../shared/database/port.ts';
import { postgresDatabase } from '../../../../shared/database/postgres/reader.ts';
import { until } from '../../../local/world.ts';
import { password, remainingMs, signIn } from './fixture.ts';

type Ask = <Row extends object>(sql: string) => Promise<Row[]>;

/** A primary and a hot standby that replays its log at once, and stops whoever it would have to wait for. */
export type StandbyFixture = {
  onPrimary: Ask;
  onStandby: Ask;
  /** One more session of the superuser on the primary. */
  connectToPrimary(): Promise<pg.Client>;
  /** A reader on the standby, without a snapshot. */
  openReader(sessions: number): Promise<Reader>;
  /** Waits until the standby has replayed everything up to now. */
  catchUp(): Promise<void>;
  /** How often replay has stopped a question or a session. */
  countConflicts(): Promise<number>;
  /** From now on, replay waits this long for whoever is in its way. */
  setPatience(ms: number): Promise<void>;
  stopStandby(): Promise<void>;
  close(): Promise<void>;
};

/** A standby must allow at least as many connections as its primary. */
const settings = { max_connections: '60', max_wal_senders: '4', wal_keep_size: '512MB', autovacuum: 'off' };

const startStandby = (
  postgres: Postgres,
  data: string,
  port: number,
  standbySettings: Record<string, string>,
): Promise<RunningServer> => {
  const all = {
    ...settings,
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    fsync: 'off',
    ...standbySettings,
  };
  return startServerProcess(postgres, {
    name: 'PostgreSQL',
    program: postgres.postgres,
    parameters: ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    readyText: 'database system is ready to accept read-only connections',
    stopSignal: 'SIGINT',
    quitSignal: 'SIGQUIT',
  });
};

const connect = async (port: number): Promise<pg.Client> => {
  const client = new pg.Client({ host: '127.0.0.1', port, database: 'postgres', user: 'postgres', password });
  client.on('error', () => {});
  await client.connect();
  return client;
};

const asking =
  (client: pg.Client): Ask =>
  async <Row extends object>(sql: string) => {
    const answer = await client.query<Row>(sql);
    return (Array.isArray(answer) ? answer.at(-1) : answer).rows;
  };

/** @param tables SQL that the superuser runs before the standby is made */
export const startPrimaryAndStandby = async (tables: string): Promise<StandbyFixture> => {
  const keeper = await startKeeper();
  try {
    const postgres = await findPostgres(keeper);
    const folder = await makeServerFolder(postgres, 'servers');
    const data = join(folder, 'primary');
    const [base, copy] = [join(folder, 'base'), join(folder, 'standby')];
    await initDatabase(postgres, data, 'postgres', password);
    const port = await findFreePort();
    const primary = await startServer(postgres, data, port, settings);
    const owner = await connect(port);
    const onPrimary = asking(owner);
    await onPrimary(`create role drill_reader login bypassrls password '${password}';
      grant pg_read_all_data to drill_reader; ${tables}`);
    await takeBaseBackup(postgres, owner, data, { base, segments: '' });
    // The copy belongs to the server's user whole, its label too.
    await runAsServer(postgres, 'cp', ['-a', base, copy]);
    await writeFile(join(copy, 'standby.signal'), '');

    const standbyPort = await findFreePort();
    const standby = await startStandby(postgres, copy, standbyPort, {
      primary_conninfo: `host=127.0.0.1 port=${port} user=postgres password=${password}`,
      hot_standby_feedback: 'off',
    });
    const watcher = await connect(standbyPort);
    const onStandby = asking(watcher);
    const setPatience = async (ms: number) => {
      await watcher.query(`alter system set max_standby_streaming_delay = ${ms}`);
      await watcher.query('select pg_reload_conf()');
    };
    await setPatience(0);
    const address: DatabaseAddress = {
      engine: 'aurora-postgresql',
      host: '127.0.0.1',
      port: standbyPort,
      database: 'postgres',
      user: 'drill_reader',
    };
    let isStopped = false;
    const stopStandby = async () => {
      if (isStopped) return;
      isStopped = true;
      await watcher.end();
      await standby.stop();
    };
    return {
      onPrimary,
      onStandby,
      connectToPrimary: () => connect(port),
      openReader: (sessions) => postgresDatabase(signIn).open(address, { sessions, remainingMs }),
      catchUp: async () => {
        // Its commit writes the log of a vacuum too, which does not wait for that.
        const [end] = await onPrimary<{ lsn: string }>(
          'select pg_current_wal_insert_lsn()::text as lsn, pg_current_xact_id()',
        );
        const reached = `select pg_last_wal_replay_lsn() >= '${end?.lsn}' as reached`;
        await until(
          () => onStandby<{ reached: boolean }>(reached),
          ([row]) => row?.reached === true,
        );
      },
      countConflicts: async () => {
        const [row] = await onStandby<{ count: number }>(
          'select sum(confl_lock + confl_snapshot + confl_bufferpin)::int as count from pg_stat_database_conflicts',
        );
        return row?.count ?? 0;
      },
      setPatience,
      stopStandby,
      close: async () => {
        await owner.end();
        await stopStandby();
        await primary.stop();
        await keeper.close();
      },
    };
  } catch (error) {
    await keeper.close();
    throw error;
  }
};
