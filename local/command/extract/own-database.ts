import type { ConnectionOptions } from 'node:tls';
import type { DatabaseAddress } from '../../../shared/database/port.ts';
import type { SignIn } from '../../../shared/database/sign-in.ts';
import { DrillError, isDrillError } from '../../../shared/errors.ts';
import { askOnce } from '../../accidents/happening.ts';
import { databaseOf, localAddress } from '../../aurora/database.ts';
import type { LocalSandbox } from '../../aurora/sandbox.ts';
import type { EngineName } from '../../servers/engine-name.ts';

/** A database of somebody's own, which tables may go to. `ssl`: false for a connection that is not encrypted. */
export type OwnDatabase = { address: DatabaseAddress; password: string; ssl: ConnectionOptions | false };

/** `variable`: has the password that the URL leaves out, as for the engine's own client. */
type Protocol = { engine: EngineName; port: number; variable: string };

const postgres: Protocol = { engine: 'postgres', port: 5432, variable: 'PGPASSWORD' };
const mysql: Protocol = { engine: 'mysql', port: 3306, variable: 'MYSQL_PWD' };
const protocols = new Map(Object.entries({ postgres, postgresql: postgres, mysql, mariadb: mysql }));

const sslModes = new Map<string, ConnectionOptions | false>([
  ['disable', false],
  ['require', { rejectUnauthorized: false }],
  ['verify-full', {}],
]);

/**
 * Reads postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=require, or mysql://... No error shows the password.
 * @param engine that the tables come from
 * @throws DrillError InvalidArguments
 */
export const readOwnDatabase = (
  text: string,
  engine: EngineName,
  environment: NodeJS.ProcessEnv,
): OwnDatabase => {
  const protocol = protocols.get(text.split('://')[0]?.toLowerCase() ?? '');
  if (protocol === undefined) throw wrong('expected a URL that begins with postgres:// or mysql://');
  const url = URL.parse(text);
  if (url === null) throw wrong('expected a host and a port in the URL that can be read');
  if (protocol.engine !== engine) {
    throw wrong(
      `it is a database of ${protocol.engine}, and the tables come from ${engine}`,
      `name one of ${engine}, or add --engine ${protocol.engine}`,
    );
  }
  const { hostname, username, pathname, searchParams } = url;
  const parts = { host: hostname, user: username, database: pathname.slice(1) };
  const missing = Object.entries(parts).flatMap(([name, part]) => (part === '' ? [name] : []));
  if (missing.length > 0) throw wrong(`expected a ${missing.join(', a ')} in the URL`);
  const { sslmode = 'disable', ...others } = Object.fromEntries(searchParams);
  const ssl = sslModes.get(sslmode);
  const unknown = Object.keys(others);
  if (unknown.length > 0) throw wrong(`expected no ${unknown.join(', ')} in the URL, and sslmode at most`);
  if (ssl === undefined) throw wrong(`sslmode is ${sslmode}, expected ${[...sslModes.keys()].join(', ')}`);
  return {
    address: {
      ...localAddress(engine, Number(url.port || protocol.port), {
        name: decode('database', parts.database),
        user: decode('user', username),
      }),
      // Of an IPv6 address, without its brackets.
      host: hostname.replace(/^\[|\]$/g, ''),
    },
    password: url.password === '' ? (environment[protocol.variable] ?? '') : decode('password', url.password),
    ssl,
  };
};

/** Signs in before anything is started. @throws DrillError InvalidArguments for a database that does not answer */
export const meetOwnDatabase = async (
  { address, password, ssl }: OwnDatabase,
  engine: EngineName,
): Promise<LocalSandbox> => {
  const signIn: SignIn = async () => ({ password, ssl });
  try {
    const [[version] = []] = await askOnce(databaseOf(engine, signIn), address, versionSql[engine]);
    return { address, signIn, version: version ?? undefined };
  } catch (error) {
    if (!isDrillError(error)) throw error;
    throw new DrillError('InvalidArguments', `--into: ${error.summary}`, {
      hint: 'name a database that runs and answers from here, with a user and a password that it takes',
      cause: error,
    });
  }
};

const versionSql: Record<EngineName, string> = {
  postgres: `select current_setting('server_version')`,
  mysql: 'select version()',
};

const decode = (name: string, text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong(`expected a ${name} in which each % is written as %25`);
  }
};

const wrong = (
  message: string,
  hint = 'write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %40 for an @ in a password',
): DrillError => new DrillError('InvalidArguments', `--into: ${message}`, { hint });
