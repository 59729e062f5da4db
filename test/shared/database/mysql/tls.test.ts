import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mysqlDatabase } from '../../../../shared/database/mysql/reader.ts';
import { hasMariadb } from '../../../local/mariadb.ts';
import { startTestMariadb, type TestMariadb, testPassword } from './fixture.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

let folder: string;
type TlsServer = TestMariadb & { ca: string };

let server: TlsServer;
let other: TlsServer;

/** With its own certificate for this host, which the server's user can read. */
const startServerAs = async (host: string): Promise<TlsServer> => {
  const [key, certificate] = [join(folder, `${host}-key.pem`), join(folder, `${host}-cert.pem`)];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`, '-keyout', key, '-out', certificate],
  ]);
  expect(made.status).toBe(0);
  await chmod(folder, 0o755);
  await chmod(key, 0o644);
  const running = await startTestMariadb([`--ssl-key=${key}`, `--ssl-cert=${certificate}`]);
  return { ...running, ca: await readFile(certificate, 'utf8') };
};

const openAt = ({ address }: TlsServer, ssl: { ca?: string }) =>
  mysqlDatabase(async () => ({
    password: testPassword,
    ssl: { ...ssl, rejectUnauthorized: true },
    bundle: 'the bundle of this test',
  })).open({ ...address, host: 'localhost' }, { sessions: 2, remainingMs: () => 10_000 });

describe.skipIf(!hasMariadb || !hasOpenssl)('MariaDB with TLS', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certificate-'));
    [server, other] = await Promise.all([startServerAs('localhost'), startServerAs('elsewhere')]);
  });
  afterAll(async () => {
    await server?.close();
    await other?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('certificate of the host and of an authority we know: every session is encrypted', async () => {
    const reader = await openAt(server, { ca: server.ca });
    await reader.openSnapshot(0);
    const cipher = `select variable_value from information_schema.session_status where variable_name = 'Ssl_cipher'`;
    const ciphers = await Promise.all([reader.runQuery(cipher), reader.runQuery(cipher)]);
    for (const [row] of ciphers) expect(row?.[0]).toMatch(/TLS/);
    await reader.close();
  });

  test('certificate of an authority we do not know: CertificateUntrusted, with the CA bundle', async () => {
    await expect(openAt(server, {})).rejects.toMatchObject({
      name: 'CertificateUntrusted',
      summary: expect.stringMatching(/self-signed certificate.*; checked against the bundle of this test$/),
    });
  });

  test('certificate of another host: CertificateUntrusted, though we connect by number', async () => {
    await expect(openAt(other, { ca: other.ca })).rejects.toMatchObject({
      name: 'CertificateUntrusted',
      summary: expect.stringContaining('localhost. is not in the cert'),
    });
  });
});
