import { join } from 'node:path';
import type mysql from 'mysql2/promise';
import { toIso } from '../../shared/instants.ts';
import {
  archiveSettings,
  archiveStopped,
  archiveUntilNow,
  type BinlogArchive,
  type BinlogPlace,
  hadWritten,
  hasWritten,
  type LogEnd,
  readPlace,
  recoverTo,
  takeBaseBackup,
} from '../servers/binlog-archive.ts';
import type { ServerPlace } from '../servers/cluster.ts';
import { type ConsistentPoint, keepHistory, type Located } from '../servers/history.ts';
import { type Mariadb, startMariadb } from '../servers/mariadb.ts';
import type { RunningServer } from '../servers/process.ts';
import { runAsServer } from '../servers/program.ts';
import { makeServerFolder } from '../servers/user.ts';
import type { Rate, Rewinding } from './source.ts';

/** The server of a source and its backups. The address stays; what it holds may go back in time. */
export type MysqlServer = Rewinding & {
  first: BinlogArchive;
  /** @returns the second up to which everything is archived */
  archiveNext(): Promise<string>;
  markPlace(): Promise<Located>;
  /** @param base a new folder */
  backUp(base: string): Promise<void>;
  /** The archive that a restore to an instant takes, and the point there. */
  locate(restoreTo: string): Located;
};

export type MysqlServerOptions = {
  mariadb: Mariadb;
  /** Holds the data folder. */
  folder: string;
  running: ServerPlace;
  server: RunningServer;
  connect: () => Promise<mysql.Connection>;
};

/** Where a server's first log begins, behind the file's magic number. */
const firstPlace: BinlogPlace = { file: 'binlog.000001', position: 4 };

/** From the first base backup on. */
export const keepMysqlServer = async (options: MysqlServerOptions): Promise<MysqlServer> => {
  const { mariadb, folder, running, connect } = options;
  const { data, port } = running;
  let { server } = options;
  let connection = await connect();
  const logs = await makeServerFolder(mariadb, 'archive');
  const first = await takeBaseBackup(mariadb, connection, running, { base: join(folder, 'base'), logs });
  const history = keepHistory(first);
  const rates: Rate[] = [];
  let lastEnd = Date.parse(first.earliestRestorableTime);
  let rewinds = 0;

  const add = (end: LogEnd): void => {
    history.add(end);
    const at = Date.parse(end.at);
    rates.push({ from: lastEnd, perMs: end.bytes / Math.max(1, at - lastEnd) });
    lastEnd = at;
  };

  // One at a time: whoever archives also purges logs.
  let work: Promise<unknown> = Promise.resolve();
  const inTurn = <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
    const next = work.then(act);
    work = next.catch(() => {});
    return next;
  };
  let backup: Promise<unknown> = Promise.resolve();

  const archive = async (): Promise<string> => {
    const { latest, end } = await archiveUntilNow(mariadb, connection, data, history.archive().logs);
    add(end);
    return latest;
  };

  /** Connections end, and what they had not committed is lost. */
  const stop = async (): Promise<string> => {
    await backup;
    await connection.end();
    await server.stop();
    const stoppedAt = toIso(new Date());
    add(await archiveStopped(mariadb, data, history.archive().logs, stoppedAt));
    return stoppedAt;
  };

  const start = async (): Promise<void> => {
    server = await startMariadb(mariadb, data, port, archiveSettings);
    connection = await connect();
  };

  /** Makes the data folder anew. It is also the base of what comes next, with an archive of its own. */
  const goBack = async (to: string, hasEmptyArchive: boolean): Promise<ConsistentPoint> => {
    const isWritten = await hadWritten(data);
    const found = history.findNearest(to, isWritten);
    if (found === null)
      throw new Error(`cannot go back to ${to}: what was written after a rewind replaced it`);
    rewinds++;
    const base = join(folder, `rewound-${rewinds}`);
    const from = hasEmptyArchive ? { ...found.archive, logs: folder } : found.archive;
    await recoverTo(mariadb, from, found.point, base);
    await runAsServer(mariadb, 'rm', ['-rf', data]);
    await runAsServer(mariadb, 'cp', ['-a', base, data]);
    const next = {
      base,
      logs: await makeServerFolder(mariadb, `archive-${rewinds}`),
      start: firstPlace,
      earliestRestorableTime: toIso(new Date()),
    };
    history.goBack(found, next, isWritten);
    return found;
  };

  return {
    first,
    archiveNext: () => inTurn(archive),
    markPlace: () =>
      inTurn(async () => {
        const place = await readPlace(connection);
        await archive();
        return { archive: history.archive(), point: { kind: 'clone', place } };
      }),
    locate: history.locate,
    backUp: async (base) => {
      const taken = connect().then(async (own) => {
        try {
          await takeBaseBackup(mariadb, own, running, { base, logs });
        } finally {
          await own.end();
        }
      });
      backup = taken.catch(() => {});
      await taken;
    },
    listRates: () => rates,
    isReachable: async (to) => history.findNearest(to, await inTurn(() => hasWritten(connection))) !== null,
    rewind: (to, hasEmptyArchive) =>
      inTurn(async () => {
        const from = await stop();
        try {
          const { at } = await goBack(to, hasEmptyArchive);
          return { from, to: at };
        } finally {
          await start();
        }
      }),
  };
};
