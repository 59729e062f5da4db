import { setTimeout as sleep } from 'node:timers/promises';
import type mysql from 'mysql2/promise';
import { type BinlogPlace, backUp, prepareBackup } from './binlog-archive.ts';
import type { ServerPlace } from './cluster.ts';
import { type Mariadb, mariadbOwner, startMariadb } from './mariadb.ts';
import type { RunningServer } from './process.ts';

/** Signs in as the owner, who has one password everywhere on this machine. */
export type OwnerSignIn = { password: string; connect(port: number): Promise<mysql.Connection> };

/** Starts a reader that follows the writer's binary log. It answers before it follows; resolves once it does both. */
export const startReplica = async (
  mariadb: Mariadb,
  owner: OwnerSignIn,
  writer: ServerPlace,
  reader: ServerPlace,
): Promise<RunningServer> => {
  await backUp(mariadb, writer, reader.data);
  const start = await prepareBackup(mariadb, reader.data);
  const server = await startMariadb(mariadb, reader.data, reader.port, [
    '--skip-log-bin',
    '--read-only',
    // Each reader needs an id of its own. The writer's is 1.
    `--server-id=${reader.port}`,
  ]);
  try {
    const connection = await owner.connect(reader.port);
    try {
      await follow(connection, writer.port, owner.password, start);
    } finally {
      await connection.end();
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
};

/** It takes milliseconds: the writer is on this machine. */
const patienceMs = 60_000;

const follow = async (
  connection: mysql.Connection,
  port: number,
  password: string,
  { file, position }: BinlogPlace,
): Promise<void> => {
  await connection.query(
    `change master to master_host = '127.0.0.1', master_port = ?, master_user = ?, master_password = ?,
       master_log_file = ?, master_log_pos = ?`,
    [port, mariadbOwner, password, file, position],
  );
  await connection.query('start slave');
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const [[status]] = await connection.query<mysql.RowDataPacket[]>('show slave status');
    if (status?.Slave_IO_Running === 'Yes' && status.Slave_SQL_Running === 'Yes') break;
    const why = status?.Last_IO_Error || status?.Last_SQL_Error;
    if (why || Date.now() > deadline) {
      throw new Error(
        `the reader does not follow the writer on port ${port}: ${why || 'it does not connect'}`,
      );
    }
    await sleep(20);
  }
  // Those who have these may write in spite of --read-only. In Aurora, nobody may write on a reader.
  await connection.query(`revoke super, read only admin on *.* from ${mariadbOwner}@'127.0.0.1'`);
};
