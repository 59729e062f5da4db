import { connect } from 'node:net';
import mysql from 'mysql2/promise';
import { toCertificateError } from '../certificates.ts';
import type { DatabaseAddress } from '../port.ts';
import type { SignIn } from '../sign-in.ts';
import { fromMysqlError } from './errors.ts';

/** `ip` is one server, the name may mean several. */
export type MysqlAddress = DatabaseAddress & { ip: string };

export const describeAddress = ({ host, port, database, user }: MysqlAddress): string =>
  `database ${database} on ${host}:${port} as ${user}`;

export const connectMysql = async (address: MysqlAddress, signIn: SignIn): Promise<mysql.Connection> => {
  const { host, ip, port, database, user } = address;
  const { password, ssl, bundle } = await signIn(address);
  try {
    return await mysql.createConnection({
      // TLS verifies the name, not the IP address.
      host,
      stream: () => connect({ host: ip, port, noDelay: true, keepAlive: true }),
      database,
      user,
      password,
      // An IAM token is sent in clear text (Aurora User Guide, "Connecting using IAM authentication"), so only inside TLS.
      ...(ssl === false
        ? {}
        : { ssl: { ...ssl, verifyIdentity: true } as mysql.SslOptions, enableCleartextPlugin: true }),
      charset: 'utf8mb4',
      connectTimeout: 10_000,
      connectAttributes: { program_name: 'aurora-drills' },
      multipleStatements: false,
      typeCast: asText,
    });
  } catch (error) {
    const what = `connect to ${describeAddress(address)}`;
    throw toCertificateError(what, error, bundle) ?? fromMysqlError(what, error);
  }
};

/** Every value as the server writes it, and bytes that are no text in hexadecimal digits. */
const asText: mysql.TypeCast = (field, next) => {
  switch (field.type) {
    case 'JSON':
      return field.string('utf8');
    case 'BIT':
    case 'GEOMETRY':
    case 'VECTOR':
      return field.buffer()?.toString('hex') ?? null;
    case 'STRING':
    case 'VAR_STRING':
    case 'VARCHAR':
    case 'TINY_BLOB':
    case 'BLOB':
    case 'MEDIUM_BLOB':
    case 'LONG_BLOB': {
      // mysql2 would parse MariaDB's JSON, which is a text.
      if (field.extendedFormat === 'json') return field.string();
      const value = next();
      return Buffer.isBuffer(value) ? value.toString('hex') : value;
    }
    default:
      return field.string();
  }
};
