import pg from 'pg';
import { toCertificateError } from '../certificates.ts';
import type { DatabaseAddress } from '../port.ts';
import type { SignIn } from '../sign-in.ts';
import { fromPostgresError } from './errors.ts';

/** `loss`: why nothing more can be asked, or null. */
export type Connection = { client: pg.Client; loss: string | null };
/** `ip` is one server, the name may mean several. */
export type Place = DatabaseAddress & { ip: string };

export const nameWhere = ({ host, port, database, user }: Place): string =>
  `database ${database} on ${host}:${port} as ${user}`;

/** The first reason is the best: others follow from it. */
export const lose = (connection: Connection, { message }: Error): void => {
  connection.loss ??= message;
};

/** @param settings of the session, by name */
export const connectPostgres = async (
  address: Place,
  signIn: SignIn,
  settings: Record<string, string>,
): Promise<Connection> => {
  const { host, ip, port, database, user } = address;
  const { password, ssl, bundle } = await signIn(address);
  const client = new pg.Client({
    host: ip,
    port,
    database,
    user,
    password,
    // TLS verifies the name, not the IP address.
    ssl: ssl === false ? false : { ...ssl, servername: host },
    connectionTimeoutMillis: 10_000,
    // Notices a network that breaks silently.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'aurora-drills',
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  const connection: Connection = { client, loss: null };
  // A connection may break between two queries.
  client.on('error', (error) => lose(connection, error));
  client.on('end', () => lose(connection, new Error('the connection ended')));
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => {});
    const what = `connect to ${nameWhere(address)}`;
    throw toCertificateError(what, error, bundle) ?? fromPostgresError(what, error);
  }
  return connection;
};
