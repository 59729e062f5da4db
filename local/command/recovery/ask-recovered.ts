import { isDeepStrictEqual } from 'node:util';
import type { Answer, Database, DatabaseAddress } from '../../../shared/database/port.ts';
import { describeError, isDrillError } from '../../../shared/errors.ts';
import type { RecoveryDocument } from '../../../shared/recovery/document.ts';
import { askOnce } from '../../accidents/happening.ts';
import type { LocalWorld } from '../../aurora/world.ts';

/** What a server of the recovered cluster answers. `isAsBefore` is null if nobody knows what it should. */
export type Answering = {
  server: string;
  address: DatabaseAddress;
  isAsBefore: boolean | null;
  trouble: string | null;
};

/** `expected`: what production answered before the accident; null if it was not asked. */
type Question = { sql: string; expected: Answer | null };

/**
 * Asks every server of the recovered cluster: its writer, and its readers.
 * @param production its address: that of the others but for the port
 */
export const askRecovered = (
  { database, listReaders }: Pick<LocalWorld, 'database' | 'listReaders'>,
  recovery: RecoveryDocument,
  production: DatabaseAddress,
  question: Question,
): Promise<Answering[]> =>
  Promise.all(
    listServers(listReaders, recovery, production).map((server) => askServer(database, server, question)),
  );

type Server = { server: string; address: DatabaseAddress };

/** The servers of the recovered cluster that should answer now. */
const listServers = (
  listReaders: LocalWorld['listReaders'],
  { cluster }: RecoveryDocument,
  production: DatabaseAddress,
): Server[] => {
  if (cluster === null || !cluster.isUsable || cluster.endpoint === null) return [];
  const { identifier, writer, endpoint: host, port } = cluster;
  return [{ identifier: writer, port }, ...listReaders(identifier)].map((server) => ({
    server: server.identifier,
    address: { ...production, host, port: server.port },
  }));
};

const askServer = async (
  database: Database,
  { server, address }: Server,
  { sql, expected }: Question,
): Promise<Answering> => {
  try {
    const answer = await askOnce(database, address, sql);
    const isAsBefore = expected === null ? null : isDeepStrictEqual(answer, expected);
    return { server, address, isAsBefore, trouble: null };
  } catch (error) {
    if (!isDrillError(error)) throw error;
    return { server, address, isAsBefore: false, trouble: describeError(error) };
  }
};
