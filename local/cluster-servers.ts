import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from './faults.ts';
import {
  findFreePort,
  makeServerFolder,
  type Postgres,
  type RunningServer,
  startServer,
} from './postgres-server.ts';
import { connectAsOwner, type Source } from './source.ts';
import { recoverTo } from './wal-archive.ts';

/** What runs behind one restored cluster. */
export type ClusterServers = {
  /** @returns the port that the cluster will answer on, once it is started */
  recover(restoreTo: string): Promise<number>;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Removes what recover made. */
  remove(): Promise<void>;
};

export type PostgresServersOptions = {
  postgres: Postgres;
  source: Source;
  database: string;
  password: string;
  fault: Fault | null;
};

/** A PostgreSQL of its own, in a folder of its own. @param identifier names the folder */
export const postgresServers = (identifier: string, options: PostgresServersOptions): ClusterServers => {
  const { postgres, source, database, password, fault } = options;
  const folder = join(postgres.keeper.folder, identifier);
  const data = join(folder, 'data');
  let port = 0;
  let server: RunningServer | null = null;

  const stop = async (): Promise<void> => {
    await server?.stop();
    server = null;
  };

  return {
    recover: async (restoreTo) => {
      await makeServerFolder(postgres, identifier);
      // Two clusters on one address cannot share the source's port, which is what Aurora would give.
      port = await findFreePort();
      const segments = fault?.hasEmptyArchive ? folder : source.archive.segments;
      await recoverTo(postgres, { ...source.archive, segments }, restoreTo, data);
      return port;
    },
    start: async () => {
      if (server !== null) return;
      server = await startServer(postgres, data, port);
      if (fault?.damage === undefined) return;
      const client = await connectAsOwner(port, database, password);
      await fault.damage(client);
      await client.end();
    },
    stop,
    remove: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
