import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { listMissingPrograms } from '../local/servers/mariadb.ts';
import { serverPath } from '../local/servers/user.ts';
import { mysqlExtraction } from '../shared/copying/mysql/extraction.ts';
import { copyTables } from '../shared/copying/run.ts';
import { measureAll, type Row, showSeconds, timeSeconds, watchMemory } from './measure.ts';
import { type BenchMariadb, signIn, startBenchMariadb } from './mysql-bench.ts';

const sessions = 2;
const schema = 'extract_bench';
const limits = { remainingMs: () => 3_600_000 };

/** Extracts a table into another database of the server, beside mysqldump piped into mysql. */
export const benchMysqlCopying = async (rows = 5_000_000, rounds = 3): Promise<Row[]> => {
  const missing = listMissingPrograms(serverPath());
  const name = `extracting ${rows / 1e6} million rows of MySQL, ${sessions} sessions`;
  if (missing.length > 0) {
    const note = `MariaDB is not installed: ${missing.join(', ')}`;
    return [{ name, ours: 'skipped', other: 'mysqldump | mysql', ratio: null, note }];
  }
  const server = await startBenchMariadb(rows);
  try {
    const after = (act: () => Promise<unknown>) => async (): Promise<number> => {
      await server.client.query(`drop database if exists ${schema}`);
      return timeSeconds(act);
    };
    const memory = watchMemory();
    const seen = await measureAll(rounds, {
      ours: after(() => memory.during(() => extractOrders(server))),
      dumped: after(() => dumpOrders(server)),
    });
    const perSecond = `${Math.round(rows / seen.ours).toLocaleString('en-US')} rows a second`;
    return [
      {
        name,
        ours: showSeconds(seen.ours),
        other: `${showSeconds(seen.dumped)} mysqldump | mysql`,
        ratio: seen.dumped / seen.ours,
        note: `${perSecond}, keys included, median of ${rounds}; at most ${memory.mostMegabytes()} MB more in this process`,
      },
    ];
  } finally {
    await server.stop();
  }
};

const extractOrders = async ({ address }: BenchMariadb): Promise<void> => {
  const extraction = mysqlExtraction({ copy: signIn, sandbox: signIn });
  const origin = { source: 'bench', restoreTo: '2026-11-19T02:13:00Z', id: '1a2b3c4d' };
  const sandbox = { address, schema, origin };
  const request = { tables: ['bench.orders'], where: {}, withParents: false, schema };
  const tables = await extraction.describeTables(address, request, limits);
  await extraction.makeSchema(sandbox, tables, limits);
  const copying = await extraction.openCopying(address, sandbox, { sessions, ...limits });
  try {
    await copyTables(copying, tables, { sessions, ...limits });
  } finally {
    await copying.close();
  }
  await extraction.finish(sandbox, tables, limits);
};

const dumpOrders = async ({ address: { host, port }, client, mariadb }: BenchMariadb): Promise<void> => {
  await client.query(`create database ${schema}`);
  const server = `--defaults-file=${mariadb.signInFile} --host=${host} --port=${port}`;
  const pipe = `mariadb-dump ${server} --single-transaction --quick bench orders | mariadb ${server} ${schema}`;
  await promisify(execFile)('bash', ['-o', 'pipefail', '-c', pipe], { env: { PATH: serverPath() } });
};
